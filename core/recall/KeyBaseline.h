// SPDX-License-Identifier: GPL-3.0-or-later
// What keys find first in many contexts of one haystack.
#pragma once

#include "core/recall/LatentStore.h"
#include "core/recall/SearchedContext.h"
#include "core/recall/TrialSolver.h"

namespace hayloft {

/// Keys alone, of one kind: no memory is written. Those of the haystack are made once, and all queries of a load() are
/// compared with them in one matrix product.
class KeyBaseline {
public:
    /// @throws Error when the model has no keys of this kind
    KeyBaseline(const SweepSetup& setup, KeyKind kind);
    KeyBaseline(const KeyBaseline&) = delete;
    KeyBaseline& operator=(const KeyBaseline&) = delete;
    /// Makes the keys of these pieces of the haystack. @throws Cancelled
    void prepare(const std::vector<Index>& pieces, const Task& task);
    /// The contexts that are asked next. @throws Error for a query without a word
    void load(const std::vector<SearchedContext>& contexts);
    /// Whether a sought part is nearer to the query than all other segments; nearer by more than kTieDistance, for the
    /// memory reads whatever stands first of tied rows. @param context, query numbers in what was loaded
    bool isFirst(const StandingPieces& standing, std::size_t context, std::size_t query) const;

private:
    struct Loaded {
        Index firstPart;
        std::vector<char> sought;
        std::vector<Index> queries; ///< rows of m_queries
    };
    void loadQueries(const std::vector<SearchedContext>& contexts);

    const Haystack& m_haystack;
    KeyEncoder m_encoder;
    LatentStore m_keys;             ///< distinct ones of the haystack
    std::vector<Index> m_pieceKey;  ///< N rows in m_keys; -1: not prepared
    std::vector<float> m_norms;     ///< squared
    float m_greatestNorm = 0;
    std::vector<Loaded> m_contexts;
    Matrix m_partKeys;              ///< of all contexts' parts
    Matrix m_queries;               ///< Q x C, distinct ones
    Matrix m_squared;               ///< Q x H, approximate squared distances
};

} // namespace hayloft
