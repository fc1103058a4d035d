// SPDX-License-Identifier: GPL-3.0-or-later
// Latents of distinct token sequences, each encoded once.
#pragma once

#include "core/model/LatentModel.h"

#include <functional>
#include <string_view>
#include <unordered_map>

namespace hayloft {

/// How latents are kept between encoding and writing.
enum class LatentFormat { Float32, Float16 };
LatentFormat latentFormatFromName(std::string_view name); ///< "float32", "float16". @throws Error
std::string_view nameOf(LatentFormat format);

struct TokenHash {
    std::size_t operator()(const TokenIds& tokens) const;
};

/// Maps token sequences to rows of one growing matrix. Add sequences, encode the new ones in one call, use the rows.
class LatentStore {
public:
    using Encode = std::function<Matrix(const std::vector<TokenIds>&, const Task&)>;
    /// Of the model's latents.
    explicit LatentStore(const LatentModel& model, LatentFormat format = LatentFormat::Float32);
    /// Of other vectors of that many numbers, such as keys.
    LatentStore(int size, Encode encode) : m_size(size), m_encode(std::move(encode)) {}

    /// The row of a sequence; a new one is valid after the next encodeNew().
    Index add(const TokenIds& tokens);
    /// Encodes what was added since the last call, at most `maxTokens` tokens at a time (0 = all at once).
    /// Progress as the model reports it, but over the whole of it. @return tokens encoded. @throws Error, Cancelled
    std::int64_t encodeNew(const Task& task, std::int64_t maxTokens = 0);

    Index size() const { return m_encoded; } ///< rows that are valid
    LatentFormat format() const { return m_format; }
    RowVector latent(Index row) const; ///< 1 x C, as it was rounded
    /// count x C, of a store of Float32.
    Eigen::Ref<const Matrix> latents(Index first, Index count) const { return m_latents.middleRows(first, count); }

private:
    void reserve(Index rows);

    int m_size; ///< C
    Encode m_encode;
    std::unordered_map<TokenIds, Index, TokenHash> m_rows;
    std::vector<TokenIds> m_new;
    LatentFormat m_format = LatentFormat::Float32;
    Matrix m_latents; ///< capacity x C; this or the other
    Eigen::Matrix<Eigen::half, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> m_halves;
    Index m_encoded = 0;
};

} // namespace hayloft
