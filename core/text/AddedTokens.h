// SPDX-License-Identifier: GPL-3.0-or-later
// Tokens that are found in a text before anything else: "<BOS>", "[SEP]".
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

struct AddedToken {
    std::string text;
    int id = 0;
};

/// All begin with one character, and none can overlap another: then the order of the search does not matter.
class AddedTokens {
public:
    struct Match {
        std::size_t begin = 0, end = 0; ///< bytes
        int id = 0;
    };

    AddedTokens() = default;
    explicit AddedTokens(std::vector<AddedToken> tokens);
    /// The first one at or after byte `from`.
    std::optional<Match> next(std::string_view text, std::size_t from) const;
    const std::vector<AddedToken>& all() const { return m_tokens; }

private:
    std::vector<AddedToken> m_tokens;
};

/// Calls `piece(begin, end)` for each stretch of text between added tokens, empty ones too, and `token(match)` for
/// each added token, in the order of the text.
template <class Piece, class Token>
void splitAtAddedTokens(const AddedTokens& tokens, std::string_view text, const Piece& piece, const Token& token)
{
    std::size_t at = 0;
    while (const auto match = tokens.next(text, at)) {
        piece(at, match->begin);
        token(*match);
        at = match->end;
    }
    piece(at, text.size());
}

} // namespace hayloft
