// SPDX-License-Identifier: GPL-3.0-or-later
// BERT's cut of a text into words: white space, punctuation, CJK ideographs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// A word of the cleaned text: a stretch of the text, without the characters that are dropped.
class BertWord {
public:
    explicit BertWord(std::string_view text)
        : m_text(text)
    {
    }
    bool isEmpty() const { return m_characters == 0; }
    /// Unicode characters, not counting dropped ones.
    std::size_t characters() const { return m_characters; }
    /// Valid until the word changes.
    std::string_view letters() const
    {
        return m_stretches.empty() ? m_text.substr(m_begin, m_end - m_begin) : std::string_view(m_joined);
    }
    std::size_t end() const { return m_end; } ///< byte of the text
    /// The byte of the text at which the first `count` > 0 bytes of letters() end.
    std::size_t endOf(std::size_t count) const;

    void clear();
    /// The next character, at byte `at` of the text.
    void append(std::size_t at, std::size_t size);

private:
    struct Stretch {
        std::size_t letters = 0, text = 0; ///< where it begins, in letters() and in the text
    };
    std::string_view m_text;
    std::size_t m_begin = 0, m_end = 0, m_characters = 0;
    std::string m_joined; ///< the letters where something was dropped within the word
    std::vector<Stretch> m_stretches; ///< of m_joined; none where the word is one stretch
};

/// Goes through text[begin, end) word by word. Control characters, U+0000 and U+FFFD (so invalid bytes too) are dropped
/// and their neighbours join; white space parts words; punctuation, all other ASCII but letters and digits, and CJK
/// ideographs (no kana, no Hangul) are words of one character. Accents and case stay, nothing is normalised.
class BertWords {
public:
    BertWords(std::string_view text, std::size_t begin, std::size_t end)
        : m_text(text)
        , m_at(begin)
        , m_end(end)
        , m_word(text)
    {
    }
    /// Moves to the next word, or returns null at the end. Valid until the next call.
    const BertWord* next();

private:
    std::string_view m_text;
    std::size_t m_at, m_end;
    BertWord m_word;
};

} // namespace hayloft
