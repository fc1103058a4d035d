// SPDX-License-Identifier: GPL-3.0-or-later
// One pass over the text that finds the ends of sentences and paragraphs.
#include "core/text/TextBoundaries.h"

#include "core/text/Abbreviations.h"
#include "core/text/Utf8.h"

#include <algorithm>
#include <array>

namespace hayloft {
namespace {

template <std::size_t N> bool contains(const std::array<char32_t, N>& set, char32_t c)
{
    return std::find(set.begin(), set.end(), c) != set.end();
}

/// End marks after which no white space is needed.
bool isCjkTerminator(char32_t c)
{
    return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF61 || c == 0xFF0E;
}

bool isOpener(char32_t c)
{
    constexpr std::array<char32_t, 24> kOpeners = { '"', '\'', '(', '[', '{', 0xAB, 0xBF, 0xA1, 0x2018, 0x201A, 0x201C,
        0x201E, 0x2039, 0x3008, 0x300A, 0x300C, 0x300E, 0x3010, 0xFF08, '*', '_', '-', 0x2014, 0x2013 };
    return contains(kOpeners, c);
}

bool isUpperCase(char32_t c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9)
        || (c >= 0x400 && c <= 0x42F) || (c >= 0x100 && c <= 0x17F && !isLowerCase(c));
}

bool isDigit(char32_t c)
{
    return c >= '0' && c <= '9';
}

/// White space from a place on, and what it means.
struct Gap {
    std::size_t end = 0;
    int newlines = 0;
};

class Scanner {
public:
    Scanner(std::string_view text, LineBreaks lineBreaks)
        : m_text(text)
        , m_lineBreaks(lineBreaks)
    {
    }

    std::vector<TextBoundary> run(const Task& task)
    {
        constexpr std::size_t kReportBytes = std::size_t { 4 } << 20;
        std::size_t at = skipSpaces(m_text, 0), reported = 0;
        m_sentence = m_line = at;
        while (at < m_text.size()) {
            if (at - reported > kReportBytes) {
                task.check();
                reported = at;
            }
            const auto byte = static_cast<unsigned char>(m_text[at]);
            if (byte < 0x80 && byte != '.' && byte != '!' && byte != '?' && byte != '\n' && byte != '\r') {
                ++at;
                continue;
            }
            const auto c = utf8::codePointAt(m_text, at);
            if (newlinesOf(c.value) > 0)
                at = newline(at);
            else if (isTerminator(c.value))
                at = terminator(at);
            else
                at += c.size;
        }
        return std::move(m_found);
    }

private:
    static int newlinesOf(char32_t c)
    {
        return c == '\n' || c == '\r' || c == 0x2028 || c == 0x85 ? 1 : c == 0x2029 ? 2 : 0;
    }

    Gap gapFrom(std::size_t at) const
    {
        Gap gap { at, 0 };
        while (gap.end < m_text.size()) {
            const auto c = utf8::codePointAt(m_text, gap.end);
            if (!utf8::isSpace(c.value))
                break;
            const bool secondHalf = c.value == '\n' && gap.end > 0 && m_text[gap.end - 1] == '\r' && gap.end > at;
            gap.newlines += secondHalf ? 0 : newlinesOf(c.value);
            gap.end += c.size;
        }
        return gap;
    }

    /// A boundary only where something follows: white space at the end belongs to the last sentence.
    std::size_t cut(std::size_t at, bool paragraph)
    {
        if (at < m_text.size()) {
            m_found.push_back({ at, paragraph });
            m_sentence = m_line = at;
        }
        return at;
    }

    std::size_t newline(std::size_t at)
    {
        const Gap gap = gapFrom(at);
        if (gap.end >= m_text.size())
            return gap.end;
        if (endsParagraph(gap, at - m_line))
            return cut(gap.end, true);
        m_line = gap.end;
        return gap.end;
    }

    /// @param lineBytes how long the line is, or the part of it since the sentence started
    bool endsParagraph(const Gap& gap, std::size_t lineBytes) const
    {
        if (gap.newlines != 1)
            return gap.newlines > 1;
        if (startsItem(gap.end))
            return true;
        if (m_lineBreaks == LineBreaks::Wrap)
            return false;
        // A long line that goes on with a small letter was wrapped after all.
        return lineBytes < 40 || !isLowerCase(utf8::codePointAt(m_text, gap.end).value);
    }

    /// List items, headings and table rows start a paragraph of their own.
    bool startsItem(std::size_t at) const
    {
        const std::string_view rest = m_text.substr(at, 6);
        const auto spaceAt = [&](std::size_t i) { return i < rest.size() && (rest[i] == ' ' || rest[i] == '\t'); };
        if (rest[0] == '#' || rest[0] == '|')
            return true;
        if (rest[0] == '-' || rest[0] == '*' || rest[0] == '+')
            return spaceAt(1);
        if (rest.starts_with("\xE2\x80\xA2")) // U+2022 bullet
            return true;
        std::size_t digits = 0;
        while (digits < 3 && digits < rest.size() && isDigit(static_cast<unsigned char>(rest[digits])))
            ++digits;
        return digits > 0 && digits < rest.size() && (rest[digits] == '.' || rest[digits] == ')')
            && spaceAt(digits + 1);
    }

    std::size_t terminator(std::size_t at)
    {
        bool cjk = false;
        std::size_t end = at;
        int marks = 0;
        for (; end < m_text.size(); ++marks) {
            const auto c = utf8::codePointAt(m_text, end);
            if (!isTerminator(c.value))
                break;
            cjk = cjk || isCjkTerminator(c.value);
            end += c.size;
        }
        const std::size_t marksEnd = end;
        end = skipClosers(end);
        const Gap gap = gapFrom(end);
        if (gap.end >= m_text.size() || (!cjk && gap.end == end))
            return end;
        const bool plainStop = m_text[at] == '.' && marks == 1;
        if (cjk) {
            if (marks == 1 && betweenDigits(at, marksEnd))
                return end;
        } else if (goesOn(at, plainStop, plainStop && end == marksEnd, gap)) {
            return end;
        }
        return cut(gap.end, gap.newlines > 0 && endsParagraph(gap, 0));
    }

    std::size_t skipClosers(std::size_t at) const
    {
        while (at < m_text.size()) {
            const auto c = utf8::codePointAt(m_text, at);
            if (isCloser(c.value)) {
                at += c.size;
                continue;
            }
            if (c.value != '[') // a reference such as [12]
                break;
            std::size_t digits = at + 1;
            while (digits < m_text.size() && digits < at + 5 && isDigit(static_cast<unsigned char>(m_text[digits])))
                ++digits;
            if (digits == at + 1 || digits >= m_text.size() || m_text[digits] != ']')
                break;
            at = digits + 1;
        }
        return at;
    }

    bool betweenDigits(std::size_t begin, std::size_t end) const
    {
        const auto wide = [](char32_t c) { return isDigit(c) || (c >= 0xFF10 && c <= 0xFF19); };
        return begin > 0 && end < m_text.size() && wide(utf8::codePointBefore(m_text, begin).value)
            && wide(utf8::codePointAt(m_text, end).value);
    }

    /// True when the mark at `at`, with white space after it, is inside a sentence.
    bool goesOn(std::size_t at, bool plainStop, bool bareStop, const Gap& gap) const
    {
        std::size_t word = gap.end;
        for (auto c = utf8::codePointAt(m_text, word); isOpener(c.value) && word + c.size < m_text.size();) {
            word += c.size;
            c = utf8::codePointAt(m_text, word);
        }
        const char32_t first = utf8::codePointAt(m_text, word).value;
        const NextWord next = isLowerCase(first) ? NextWord::LowerCase
            : isUpperCase(first)                 ? NextWord::UpperCase
            : isDigit(first)                     ? NextWord::Digit
                                                 : NextWord::Other;
        // "What?" he said; well... perhaps.  After a full stop a small letter may start a sentence.
        if (next == NextWord::LowerCase && (!plainStop || !bareStop))
            return true;
        if (!bareStop)
            return false;
        const std::string_view before = wordBefore(at);
        if (before.data() == m_text.data() + m_sentence && before.size() <= 3 && !before.empty()
            && std::all_of(before.begin(), before.end(), [](unsigned char c) { return isDigit(c); }))
            return true; // the number of a list item
        return stopBelongsToWord(before, next, m_text.substr(word, 12));
    }

    std::string_view wordBefore(std::size_t end) const
    {
        std::size_t begin = end;
        while (begin > m_sentence && end - begin < 16) {
            const auto byte = static_cast<unsigned char>(m_text[begin - 1]);
            if (byte <= ' ' || byte == '(' || byte == '[' || byte == '"' || byte == '\'' || byte == '-' || byte >= 0x80)
                break;
            --begin;
        }
        return m_text.substr(begin, end - begin);
    }

    std::string_view m_text;
    LineBreaks m_lineBreaks;
    std::size_t m_sentence = 0; ///< where the current sentence starts
    std::size_t m_line = 0; ///< where the current line, or the sentence in it, starts
    std::vector<TextBoundary> m_found;
};

} // namespace

bool isTerminator(char32_t c)
{
    constexpr std::array<char32_t, 17> kMarks = { '.', '!', '?', 0x2026, 0x203C, 0x203D, 0x2047, 0x2048, 0x2049, 0x3002,
        0xFF01, 0xFF1F, 0xFF61, 0xFF0E, 0x061F, 0x06D4, 0x0964 };
    return contains(kMarks, c);
}

bool isCloser(char32_t c)
{
    constexpr std::array<char32_t, 17> kClosers = { '"', '\'', ')', ']', '}', 0xBB, 0x2019, 0x201D, 0x203A, 0x3009,
        0x300B, 0x300D, 0x300F, 0x3011, 0xFF09, 0xFF02, 0xFF3D };
    return contains(kClosers, c);
}

bool isLowerCase(char32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z';
    if (c >= 0x100 && c <= 0x17F)
        return (c % 2 == 1) != ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E));
    return (c >= 0xDF && c <= 0xFF && c != 0xF7) || (c >= 0x3AC && c <= 0x3CE) || (c >= 0x430 && c <= 0x45F);
}

std::size_t skipSpaces(std::string_view text, std::size_t at)
{
    while (at < text.size()) {
        const auto c = utf8::codePointAt(text, at);
        if (!utf8::isSpace(c.value))
            break;
        at += c.size;
    }
    return at;
}

std::size_t trimmedEnd(std::string_view text, std::size_t begin, std::size_t end)
{
    while (end > begin) {
        const auto c = utf8::codePointBefore(text, end);
        if (!utf8::isSpace(c.value))
            break;
        end -= c.size;
    }
    return end;
}

std::vector<TextBoundary> findTextBoundaries(std::string_view text, LineBreaks lineBreaks, const Task& task)
{
    return Scanner(text, lineBreaks == LineBreaks::Auto ? detectLineBreaks(text) : lineBreaks).run(task);
}

} // namespace hayloft
