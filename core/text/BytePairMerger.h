// SPDX-License-Identifier: GPL-3.0-or-later
// Byte-pair encoding of one word.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace hayloft {

/// Two neighbouring symbols and what they become.
struct BytePairMerge {
    int left = 0, right = 0, result = 0;
};

/// Thread rule: any one thread at a time (it keeps its working memory).
class BytePairMerger {
public:
    /// @param merges the earlier ones go first; no pair twice
    explicit BytePairMerger(std::vector<BytePairMerge> merges);
    /// Of all pairs that have a merge the earliest is merged wherever it stands, from the left, and so on until none is
    /// left. O(n log n) for n symbols.
    void merge(std::vector<int>& symbols);

private:
    struct Candidate {
        std::size_t rank = 0, at = 0; ///< which merge, and the place of its left symbol
    };
    void startWith(const std::vector<int>& symbols);
    void propose(std::size_t left, std::vector<Candidate>& into) const;
    bool stillStands(const Candidate& candidate, const std::vector<int>& symbols) const;
    void apply(const Candidate& candidate, std::vector<int>& symbols);
    static bool later(const Candidate& a, const Candidate& b)
    {
        return a.rank != b.rank ? a.rank > b.rank : a.at > b.at;
    }

    std::vector<BytePairMerge> m_merges;
    std::unordered_map<std::uint64_t, std::size_t> m_ranks;
    // Of the word in work: its symbols as a list, and the pairs that can be merged as a heap.
    const std::vector<int>* m_symbols = nullptr;
    std::vector<std::size_t> m_next, m_previous;
    std::vector<Candidate> m_heap, m_fresh;
};

} // namespace hayloft
