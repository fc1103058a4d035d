// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/BertWords.h"

#include "core/text/UnicodeClasses.h"
#include "core/text/Utf8.h"

#include <algorithm>
#include <array>

namespace hayloft {
namespace {

enum class Kind : unsigned char { Letter, Single, Space, Dropped };

struct Range {
    char32_t first, last;
};
/// What BERT takes for Chinese: ideographs, as far as Unicode had them in 2018.
constexpr Range kIdeographs[] = { { 0x3400, 0x4DBF }, { 0x4E00, 0x9FFF }, { 0xF900, 0xFAFF }, { 0x20000, 0x2A6DF },
    { 0x2A700, 0x2B73F }, { 0x2B740, 0x2B81F }, { 0x2B820, 0x2CEAF }, { 0x2F800, 0x2FA1F } };

bool isIdeograph(char32_t c)
{
    return c >= kIdeographs[0].first
        && std::any_of(std::begin(kIdeographs), std::end(kIdeographs),
            [c](const Range& range) { return c >= range.first && c <= range.last; });
}

Kind kindOf(char32_t c)
{
    if (c == 0xFFFD)
        return Kind::Dropped;
    switch (unicode::kindOf(c)) {
    case unicode::Kind::Control:
        return c == '\t' || c == '\n' || c == '\r' ? Kind::Space : Kind::Dropped;
    case unicode::Kind::SpaceSeparator:
        return Kind::Space;
    case unicode::Kind::Punctuation:
        return Kind::Single;
    case unicode::Kind::Letter:
        return isIdeograph(c) ? Kind::Single : Kind::Letter;
    case unicode::Kind::Other:
        // ASCII's symbols count as punctuation; others are letters.
        return c < 0x80 ? Kind::Single : c == 0x2028 || c == 0x2029 ? Kind::Space : Kind::Letter;
    case unicode::Kind::Number:
        break;
    }
    return Kind::Letter;
}

struct Character {
    Kind kind = Kind::Letter;
    std::size_t size = 1;
};

Character characterAt(std::string_view text, std::size_t at)
{
    const auto c = utf8::codePointAt(text, at);
    return { kindOf(c.value), c.size };
}

} // namespace

void BertWord::clear()
{
    m_characters = 0;
    m_stretches.clear();
}

void BertWord::append(std::size_t at, std::size_t size)
{
    if (m_characters++ == 0) {
        m_begin = at;
    } else if (at != m_end) {
        if (m_stretches.empty()) {
            m_joined.assign(m_text.substr(m_begin, m_end - m_begin));
            m_stretches.push_back({ 0, m_begin });
        }
        m_stretches.push_back({ m_joined.size(), at });
    }
    if (!m_stretches.empty())
        m_joined += m_text.substr(at, size);
    m_end = at + size;
}

std::size_t BertWord::endOf(std::size_t count) const
{
    if (m_stretches.empty())
        return m_begin + count;
    const auto behind = std::partition_point(
        m_stretches.begin(), m_stretches.end(), [count](const Stretch& stretch) { return stretch.letters < count; });
    const Stretch& stretch = *std::prev(behind); // the first one starts at 0 < count
    return stretch.text + (count - stretch.letters);
}

const BertWord* BertWords::next()
{
    m_word.clear();
    while (m_at < m_end) {
        const auto c = characterAt(m_text, m_at);
        if (c.kind != Kind::Letter && c.kind != Kind::Dropped && !m_word.isEmpty())
            return &m_word; // and the character waits for the next call
        if (c.kind == Kind::Letter || c.kind == Kind::Single)
            m_word.append(m_at, c.size);
        m_at += c.size;
        if (c.kind == Kind::Single)
            return &m_word;
    }
    return m_word.isEmpty() ? nullptr : &m_word;
}

} // namespace hayloft
