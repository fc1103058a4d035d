// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/AddedTokens.h"

#include <cassert>

namespace hayloft {

AddedTokens::AddedTokens(std::vector<AddedToken> tokens)
    : m_tokens(std::move(tokens))
{
    for ([[maybe_unused]] const auto& token : m_tokens)
        assert(!token.text.empty() && token.text[0] == m_tokens[0].text[0]);
}

std::optional<AddedTokens::Match> AddedTokens::next(std::string_view text, std::size_t from) const
{
    if (m_tokens.empty())
        return std::nullopt;
    const char first = m_tokens[0].text[0];
    for (std::size_t at = from; (at = text.find(first, at)) != std::string_view::npos; ++at)
        for (const auto& token : m_tokens)
            if (text.substr(at).starts_with(token.text))
                return Match { at, at + token.text.size(), token.id };
    return std::nullopt;
}

} // namespace hayloft
