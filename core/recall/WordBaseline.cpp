// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/WordBaseline.h"

#include <algorithm>
#include <set>

namespace hayloft {

namespace {

std::size_t at(Index i)
{
    return static_cast<std::size_t>(i);
}

} // namespace

WordBaseline::Counts WordBaseline::count(const TokenIds& tokens, int& words) const
{
    Counts counts;
    const auto cut = m_cutter.cut(m_haystack.tokenizer().decode(tokens));
    for (const Word& word : cut)
        ++counts[word.stem];
    words = static_cast<int>(cut.size());
    return counts;
}

void WordBaseline::prepare(const std::vector<Index>& pieces, const Task& task)
{
    m_pieceWords.assign(at(m_haystack.size()), 0);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        for (const auto& [word, times] : count(m_haystack.piece(pieces[i]).tokens, m_pieceWords[at(pieces[i])]))
            m_postings[word].push_back({pieces[i], times});
        if (i % 1024 == 1023)
            task.report({"words", static_cast<double>(i), static_cast<double>(pieces.size()), "segments", ""});
    }
}

void WordBaseline::load(const StandingPieces& standing, const SearchedContext& context)
{
    m_standing = &standing;
    m_sought = context.sought;
    m_parts.clear();
    m_partWords.clear();
    double words = 0;
    m_segments = static_cast<double>(context.parts.size());
    for (const auto& part : context.parts) {
        int own = 0;
        m_parts.push_back(count(part, own));
        m_partWords.push_back(own);
        words += own;
    }
    for (const Index piece : standing.pieces) {
        const int times = standing.times[at(piece)];
        m_segments += times;
        words += static_cast<double>(times) * m_pieceWords[at(piece)];
    }
    m_perWord = words > 0 ? static_cast<float>(m_segments / words) : 0.0f;
}

/// Adds one word of the query to the scores of all segments.
void WordBaseline::add(const std::string& word)
{
    const auto found = m_postings.find(word);
    const auto postings = found == m_postings.end() ? std::span<const Posting>() : std::span<const Posting>(found->second);
    const auto& times = m_standing->times;
    double in = 0;
    for (const Posting& posting : postings)
        in += times[at(posting.piece)];
    for (const Counts& part : m_parts)
        in += part.contains(word) ? 1 : 0;
    if (in == 0)
        return;
    const double rarity = bm25Rarity(in, m_segments);
    for (const Posting& posting : postings) {
        if (times[at(posting.piece)] > 0)
            m_scores[at(posting.piece)] += bm25Part(rarity, posting.count, lengthOf(m_pieceWords[at(posting.piece)]));
    }
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        if (const auto own = m_parts[i].find(word); own != m_parts[i].end())
            m_partScores[i] += bm25Part(rarity, own->second, lengthOf(m_partWords[i]));
    }
}

bool WordBaseline::isFirst(const std::string& query)
{
    m_partScores.assign(m_parts.size(), 0.0f);
    std::set<std::string> asked;
    for (const Word& word : m_cutter.cut(query)) {
        if (asked.insert(word.stem).second)
            add(word.stem);
    }
    float sought = 0, other = 0;
    for (std::size_t i = 0; i < m_parts.size(); ++i) {
        float& best = m_sought[i] ? sought : other;
        best = std::max(best, m_partScores[i]);
    }
    for (const Index piece : m_standing->pieces) {
        other = std::max(other, m_scores[at(piece)]);
        m_scores[at(piece)] = 0;
    }
    return sought > other;
}

} // namespace hayloft
