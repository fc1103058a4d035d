// SPDX-License-Identifier: GPL-3.0-or-later
// What BM25 finds first in many contexts of one haystack.
#pragma once

#include "core/memory/Bm25.h"
#include "core/recall/SearchedContext.h"
#include "core/recall/TrialSolver.h"

namespace hayloft {

/// Gives what a Bm25 of each context's own segments gives: how rare a word is and how long segments are is counted over
/// that context alone. The words of the haystack are counted once. A segment's words are those of its decoded tokens,
/// as content keys have them.
class WordBaseline {
public:
    explicit WordBaseline(const SweepSetup& setup) : m_haystack(setup.haystack), m_scores(static_cast<std::size_t>(setup.haystack.size()), 0.0f) {}
    /// Counts the words of these pieces of the haystack. @throws Cancelled
    void prepare(const std::vector<Index>& pieces, const Task& task);
    /// The context that is asked next. `standing` must live as long.
    void load(const StandingPieces& standing, const SearchedContext& context);
    /// Whether a sought part has a higher score than all other segments. A tie is no find, and so is a score of 0.
    bool isFirst(const std::string& query);

private:
    struct Posting {
        Index piece;
        int count;
    };
    /// Words of one segment and how often each comes.
    using Counts = std::unordered_map<std::string, int>;
    Counts count(const TokenIds& tokens, int& words) const;
    void add(const std::string& word);
    float lengthOf(int words) const { return static_cast<float>(words) * m_perWord; }

    const Haystack& m_haystack;
    WordCutter m_cutter;
    std::unordered_map<std::string, std::vector<Posting>> m_postings; ///< pieces ascending
    std::vector<int> m_pieceWords;     ///< N
    // Of the context that was loaded last:
    const StandingPieces* m_standing = nullptr;
    std::vector<Counts> m_parts;
    std::vector<int> m_partWords;
    std::vector<char> m_sought;
    double m_segments = 0;
    float m_perWord = 0;               ///< 1 / mean number of words
    // Of the query that is being asked:
    std::vector<float> m_scores;       ///< N, 0 between queries
    std::vector<float> m_partScores;
};

} // namespace hayloft
