// SPDX-License-Identifier: GPL-3.0-or-later
// Latents of segments of which only those that are read get encoded.
#pragma once

#include "core/recall/LatentStore.h"

namespace hayloft {

/// Numbers distinct token sequences and encodes those that are asked for. A sweep reads a few rows of thousands; what lies
/// on the others changes no answer.
class SegmentLatents {
public:
    /// @param store where the encoded ones are kept; must live as long
    explicit SegmentLatents(LatentStore& store) : m_store(store) {}

    /// The number of a sequence; the same for the same tokens.
    Index add(const TokenIds& tokens);
    /// Asks for one; it is valid after the next encodeNeeded().
    void need(Index number);
    /// @param maxTokens at a time (0 = all at once). @return tokens encoded. @throws Error, Cancelled
    std::int64_t encodeNeeded(const Task& task, std::int64_t maxTokens = 0) { return m_store.encodeNew(task, maxTokens); }
    RowVector latent(Index number) const { return m_store.latent(m_rows[static_cast<std::size_t>(number)]); }

private:
    LatentStore& m_store;
    std::unordered_map<TokenIds, Index, TokenHash> m_numbers;
    std::vector<const TokenIds*> m_sequences; ///< keys of m_numbers, which stay where they are
    std::vector<Index> m_rows;                ///< in the store, -1 for those that nobody asked for
};

} // namespace hayloft
