// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/BytePairMerger.h"

#include <algorithm>

namespace hayloft {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr int kGone = -1; // the right symbol of a merge

std::uint64_t keyOf(int left, int right)
{
    return std::uint64_t { static_cast<std::uint32_t>(left) } << 32 | static_cast<std::uint32_t>(right);
}

} // namespace

BytePairMerger::BytePairMerger(std::vector<BytePairMerge> merges)
    : m_merges(std::move(merges))
{
    m_ranks.reserve(m_merges.size());
    for (std::size_t rank = 0; rank < m_merges.size(); ++rank)
        m_ranks.emplace(keyOf(m_merges[rank].left, m_merges[rank].right), rank);
}

void BytePairMerger::merge(std::vector<int>& symbols)
{
    startWith(symbols);
    while (!m_heap.empty()) {
        // Pairs that a merge brings about wait until it was done everywhere, even if their own merge is an earlier one.
        const std::size_t rank = m_heap.front().rank;
        m_fresh.clear();
        while (!m_heap.empty() && m_heap.front().rank == rank) {
            std::pop_heap(m_heap.begin(), m_heap.end(), later);
            const Candidate candidate = m_heap.back();
            m_heap.pop_back();
            if (stillStands(candidate, symbols))
                apply(candidate, symbols);
        }
        for (const auto& candidate : m_fresh) {
            m_heap.push_back(candidate);
            std::push_heap(m_heap.begin(), m_heap.end(), later);
        }
    }
    std::erase(symbols, kGone);
    m_symbols = nullptr;
}

void BytePairMerger::startWith(const std::vector<int>& symbols)
{
    const std::size_t count = symbols.size();
    m_symbols = &symbols;
    m_next.resize(count);
    m_previous.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        m_next[i] = i + 1 < count ? i + 1 : kNone;
        m_previous[i] = i > 0 ? i - 1 : kNone;
    }
    m_heap.clear();
    for (std::size_t i = 0; i + 1 < count; ++i)
        propose(i, m_heap);
    std::make_heap(m_heap.begin(), m_heap.end(), later);
}

void BytePairMerger::propose(std::size_t left, std::vector<Candidate>& into) const
{
    const auto found = m_ranks.find(keyOf((*m_symbols)[left], (*m_symbols)[m_next[left]]));
    if (found != m_ranks.end())
        into.push_back({ found->second, left });
}

bool BytePairMerger::stillStands(const Candidate& candidate, const std::vector<int>& symbols) const
{
    const BytePairMerge& merge = m_merges[candidate.rank];
    const std::size_t right = m_next[candidate.at];
    return symbols[candidate.at] == merge.left && right != kNone && symbols[right] == merge.right;
}

void BytePairMerger::apply(const Candidate& candidate, std::vector<int>& symbols)
{
    const std::size_t left = candidate.at, right = m_next[left];
    symbols[left] = m_merges[candidate.rank].result;
    symbols[right] = kGone;
    m_next[left] = m_next[right];
    if (m_next[left] != kNone) {
        m_previous[m_next[left]] = left;
        propose(left, m_fresh);
    }
    if (m_previous[left] != kNone)
        propose(m_previous[left], m_fresh);
}

} // namespace hayloft
