// SPDX-License-Identifier: GPL-3.0-or-later
// Tokenises a window once, cuts at the token counts it shows, and encodes each part on its own to be sure.
#include "core/text/SegmentSplitter.h"

#include "core/text/Utf8.h"

#include <algorithm>

namespace hayloft {

/// A part of the stretch with its tokens; offsets are those of the whole text.
struct SegmentSplitter::Window {
    std::size_t begin = 0, end = 0;
    std::size_t stretchEnd = 0;
    std::vector<std::size_t> starts; ///< first byte of each token, then `end`

    std::size_t tokens() const { return starts.size() - 1; }
    bool isLast() const { return end == stretchEnd; }
};

namespace {

bool isClauseMark(char32_t c)
{
    return c == ';' || c == ':' || c == ',' || c == 0x2014 || c == 0x2013 || c == 0x3001 || c == 0xFF0C || c == 0xFF1B
        || c == 0xFF1A || c == 0x060C || c == 0x061B;
}

bool isCjkMark(char32_t c)
{
    return c >= 0x3000;
}

} // namespace

SegmentSplitter::SegmentSplitter(std::string_view text, const Tokenizer& tokenizer, int maxTokens, CutAt cutAt,
    std::span<const TextBoundary> boundaries)
    : m_text(text)
    , m_tokenizer(tokenizer)
    , m_maxTokens(static_cast<std::size_t>(maxTokens))
    , m_cutAt(cutAt)
    , m_boundaries(boundaries)
{
}

void SegmentSplitter::split(std::size_t begin, std::size_t end, const Task& task, const Emit& emit)
{
    // Bounds the memory of one tokenisation; large enough that a window always holds several parts.
    const std::size_t windowBytes = std::max<std::size_t>(std::size_t { 32 } << 10, m_maxTokens * 64);
    while (begin < end) {
        Window window;
        window.begin = begin;
        window.end = std::min(end, begin + windowBytes);
        while (window.end < end && !utf8::isBoundary(m_text, window.end))
            --window.end;
        window.stretchEnd = end;
        for (const auto& span : m_tokenizer.encodeSpans(m_text.substr(begin, window.end - begin)))
            window.starts.push_back(begin + span.begin);
        window.starts.push_back(window.end);
        std::size_t first = 0;
        bool cutOne = false;
        while (begin < window.end) {
            // The last tokens before the window's edge may be wrong: they wait for the next window.
            if (!window.isLast() && cutOne && window.tokens() - first < 2 * m_maxTokens)
                break;
            Segment part = cutOff(window, first, begin);
            begin = part.end;
            cutOne = true;
            emit(std::move(part));
        }
        task.check();
    }
}

Segment SegmentSplitter::cutOff(const Window& window, std::size_t& first, std::size_t begin) const
{
    const std::size_t left = window.tokens() - first;
    if (window.isLast() && left <= m_maxTokens + 2) { // the estimate may be off by the token at the cut
        Segment rest = segmentOf(begin, window.end);
        if (rest.tokens.size() <= m_maxTokens) {
            first = window.tokens();
            return rest;
        }
    }
    const std::size_t parts = std::max<std::size_t>(2, (left + m_maxTokens - 1) / m_maxTokens);
    std::size_t wanted = m_cutAt == CutAt::Tokens ? m_maxTokens : (left + parts - 1) / parts;
    for (std::size_t most = std::min(m_maxTokens, left); most > 0;) {
        const Cut cut = chooseCut(window, begin, first, std::min(wanted, most), most);
        Segment part = segmentOf(begin, cut.at);
        if (part.tokens.size() <= m_maxTokens) {
            first = cut.tokens;
            return part;
        }
        const std::size_t excess = part.tokens.size() - m_maxTokens;
        most = std::min(most - 1, most > excess ? most - excess : 1);
    }
    // Fewer tokens than the first character has: try that character alone.
    std::size_t end = begin + utf8::codePointAt(m_text, begin).size;
    Segment part = segmentOf(begin, std::max(end, std::min(skipSpaces(m_text, end), window.stretchEnd)));
    if (part.tokens.size() > m_maxTokens)
        throw Error("one character takes " + std::to_string(part.tokens.size()) + " tokens, more than a segment's "
                + std::to_string(m_maxTokens),
            "byte " + std::to_string(begin), "allow longer segments");
    while (first < window.tokens() && window.starts[first + 1] <= part.end)
        ++first;
    return part;
}

/// The best place after at least half of `wanted` and at most `most` tokens, nearest to `wanted`.
SegmentSplitter::Cut SegmentSplitter::chooseCut(
    const Window& window, std::size_t begin, std::size_t first, std::size_t wanted, std::size_t most) const
{
    const std::size_t least = m_cutAt == CutAt::Tokens ? wanted : std::max<std::size_t>(1, wanted / 2);
    Cut best;
    std::size_t bestRank = 0, bestDistance = 0;
    for (std::size_t n = least; n <= most && first + n <= window.tokens(); ++n) {
        const std::size_t at = window.starts[first + n];
        if (at <= begin
            || !utf8::isBoundary(m_text, at)) // a token may stand for no bytes, or for a part of a character
            continue;
        const std::size_t place = rank(window, at);
        const std::size_t distance = n > wanted ? n - wanted : wanted - n;
        if (best.at == 0 || place > bestRank || (place == bestRank && distance < bestDistance))
            best = { at, first + n }, bestRank = place, bestDistance = distance;
    }
    if (best.at == 0) { // only pieces of characters: the last whole character, or the first however long
        const auto fits = [&](std::size_t n) {
            return window.starts[first + n] > begin && utf8::isBoundary(m_text, window.starts[first + n]);
        };
        std::size_t n = std::min(most, window.tokens() - first);
        while (n > 1 && !fits(n))
            --n;
        while (first + n < window.tokens() && !fits(n))
            ++n;
        best = { window.starts[first + n], first + n };
    }
    // White space goes with the part before it; a token that starts with it then counts for the part after it.
    best.at = std::min(skipSpaces(m_text, best.at), window.stretchEnd);
    while (best.tokens < window.tokens() && window.starts[best.tokens + 1] <= best.at)
        ++best.tokens;
    return best;
}

/// 3 a sentence's start, 2 after a clause mark, 1 between words, 0 anywhere.
std::size_t SegmentSplitter::rank(const Window& window, std::size_t at) const
{
    if (m_cutAt == CutAt::Tokens || at <= window.begin || at >= window.end)
        return 0;
    const auto before = utf8::codePointBefore(m_text, at);
    const auto after = utf8::codePointAt(m_text, at);
    const bool spaceBefore = utf8::isSpace(before.value), space = spaceBefore || utf8::isSpace(after.value);
    if (m_cutAt == CutAt::Sentences && isSentenceStart(skipSpaces(m_text, at)))
        return 3;
    const std::size_t end = spaceBefore ? trimmedEnd(m_text, window.begin, at) : at;
    if (end > window.begin) {
        const char32_t mark = utf8::codePointBefore(m_text, end).value;
        const bool dashes = mark == '-' && end > window.begin + 1 && m_text[end - 2] == '-';
        if ((isClauseMark(mark) || dashes) && (space || isCjkMark(mark) || mark == 0x2014 || dashes))
            return 2;
    }
    return space ? 1 : 0;
}

bool SegmentSplitter::isSentenceStart(std::size_t at) const
{
    const auto found = std::lower_bound(m_boundaries.begin(), m_boundaries.end(), at,
        [](const TextBoundary& b, std::size_t where) { return b.at < where; });
    return found != m_boundaries.end() && found->at == at;
}

Segment SegmentSplitter::segmentOf(std::size_t begin, std::size_t end) const
{
    Segment segment;
    segment.begin = segment.contentBegin = begin;
    segment.end = end;
    segment.contentEnd = trimmedEnd(m_text, begin, end);
    segment.tokens = m_tokenizer.encode(m_text.substr(begin, segment.contentEnd - begin));
    return segment;
}

} // namespace hayloft
