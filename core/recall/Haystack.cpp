// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/Haystack.h"

#include <algorithm>

namespace hayloft {

Haystack::Haystack(const Document& document, const Tokenizer& tokenizer, const SegmenterOptions& options, const Task& task)
    : m_document(document), m_tokenizer(tokenizer), m_options(options)
{
    const auto segments = segmentText(document.text, tokenizer, options, task);
    m_pieces.reserve(segments.size());
    for (std::size_t i = 0; i < segments.size(); ++i) {
        refine(segments[i].begin, segments[i].end);
        if (i % 512 == 511)
            task.report({"segment", static_cast<double>(i), static_cast<double>(segments.size()), "segments", ""});
    }
    if (m_pieces.empty())
        throw Error("the haystack is empty", document.name, "choose a document with text");
    m_tokensBefore.push_back(0);
    for (const auto& piece : m_pieces)
        m_tokensBefore.push_back(m_tokensBefore.back() + static_cast<std::int64_t>(piece.tokens.size()));
}

// Ends: a piece that is cut again is cut into shorter ones.
void Haystack::refine(std::size_t begin, std::size_t end)
{
    auto segments = segmentText(std::string_view(m_document.text).substr(begin, end - begin), m_tokenizer, m_options);
    if (segments.size() > 1) {
        for (const auto& segment : segments)
            refine(begin + segment.begin, begin + segment.end);
        return;
    }
    if (segments.empty() || segments.front().tokens.empty())
        return;
    Segment& only = segments.front();
    m_pieces.push_back({begin, end, std::move(only.tokens), only.contentBegin == 0, only.contentEnd == end - begin});
}

std::string_view Haystack::text(Index i) const
{
    const Piece& p = piece(i);
    return std::string_view(m_document.text).substr(p.begin, p.end - p.begin);
}

std::int64_t Haystack::windowTokens(Index offset, Index pieces) const
{
    const auto before = [this](Index i) { return m_tokensBefore[static_cast<std::size_t>(i)]; };
    const Index cycles = pieces / size(), last = offset + pieces % size();
    const std::int64_t partial = last <= size() ? before(last) - before(offset)
                                                : before(size()) - before(offset) + before(last - size());
    return cycles * tokens() + partial;
}

Index Haystack::piecesWithin(Index offset, std::int64_t budget) const
{
    if (budget <= 0)
        return 0;
    const Index cycles = budget / tokens();
    Index low = 0, high = size() - 1; // greatest n < N whose tokens fit into the rest
    while (low < high) {
        const Index middle = (low + high + 1) / 2;
        if (windowTokens(offset, middle) <= budget - cycles * tokens())
            low = middle;
        else
            high = middle - 1;
    }
    return cycles * size() + low;
}

} // namespace hayloft
