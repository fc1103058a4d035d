// SPDX-License-Identifier: GPL-3.0-or-later
// The vocabulary of a cased WordPiece tokenizer, read from its file and checked; longest pieces first.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hayloft {

class WordPieceVocabulary {
public:
    static constexpr std::size_t kMaxCharacters = 100; ///< of a word; longer ones are [UNK]

    /// @throws Error when missing, cut, not UTF-8, with empty or repeated pieces, without BERT's five special tokens,
    /// or uncased
    explicit WordPieceVocabulary(const std::filesystem::path& vocabTxt);
    WordPieceVocabulary(const WordPieceVocabulary&) = delete;
    WordPieceVocabulary& operator=(const WordPieceVocabulary&) = delete;

    /// The pieces of one word without white space and punctuation: from the left the longest that fits, all but the
    /// first from the "##" pieces. [UNK] alone when one part of the word has none. Appends to `out`.
    void appendPieces(std::string_view word, std::vector<int>& out) const;

    const std::vector<std::string>& pieces() const { return m_pieces; } ///< by id, as written: "##ing"
    int unknownId() const { return m_unknown; }
    /// @throws Error when the vocabulary has no such piece
    int idOf(std::string_view piece) const;

private:
    struct Lookup {
        std::unordered_map<std::string_view, int> ids; ///< views of m_pieces
        std::size_t longest = 0; ///< bytes
        void add(std::string_view piece, int id);
        /// The end of the longest piece that the word has at `begin`, and its id; {begin, -1} without one.
        std::pair<std::size_t, int> longestAt(std::string_view word, std::size_t begin) const;
    };
    void readPieces(const std::string& file);
    [[noreturn]] void refuse(const std::string& what) const;

    std::string m_path;
    std::vector<std::string> m_pieces;
    Lookup m_first, m_further; ///< pieces that begin a word; pieces that go on, without their "##"
    int m_unknown = 0;
};

} // namespace hayloft
