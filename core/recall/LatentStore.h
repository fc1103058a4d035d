// SPDX-License-Identifier: GPL-3.0-or-later
// Latents of distinct token sequences, each encoded once.
#pragma once

#include "core/model/LatentModel.h"

#include <functional>
#include <unordered_map>

namespace hayloft {

struct TokenHash {
    std::size_t operator()(const TokenIds& tokens) const;
};

/// Maps token sequences to rows of one growing matrix. Add sequences, encode the new ones in one call, use the rows.
class LatentStore {
public:
    using Encode = std::function<Matrix(const std::vector<TokenIds>&, const Task&)>;
    /// Of the model's latents.
    explicit LatentStore(const LatentModel& model);
    /// Of other vectors of that many numbers, such as keys.
    LatentStore(int size, Encode encode) : m_size(size), m_encode(std::move(encode)) {}

    /// The row of a sequence; a new one is valid after the next encodeNew().
    Index add(const TokenIds& tokens);
    /// Encodes what was added since the last call, at most `maxTokens` tokens at a time (0 = all at once).
    /// Progress as the model reports it, but over the whole of it. @return tokens encoded. @throws Error, Cancelled
    std::int64_t encodeNew(const Task& task, std::int64_t maxTokens = 0);

    Index size() const { return m_encoded; } ///< rows that are valid
    Eigen::Ref<const RowVector> latent(Index row) const { return m_latents.row(row); }
    Eigen::Ref<const Matrix> latents(Index first, Index count) const { return m_latents.middleRows(first, count); }

private:
    int m_size; ///< C
    Encode m_encode;
    std::unordered_map<TokenIds, Index, TokenHash> m_rows;
    std::vector<TokenIds> m_new;
    Matrix m_latents; ///< capacity x C
    Index m_encoded = 0;
};

} // namespace hayloft
