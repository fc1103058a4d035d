// SPDX-License-Identifier: GPL-3.0-or-later
// The encoder on the CPU: segments of one length to latents. Internal.
#pragma once

#include "core/base/Matrix.h"
#include "core/model/PackedNetwork.h"

#include <span>

namespace hayloft {

/// Work space of one thread. The layers run over a few segments at a time, so that what they pass on stays in the
/// core's cache; the readout (a binding has up to maxTokens * binding rows of weights) over the whole batch.
class SegmentEncoder {
public:
    explicit SegmentEncoder(const PackedNetwork& network) : m_network(network), m_multiply(network.kernels) {}
    /// @param batch segments of the same length, 1..positions ids each.
    /// @param latents their rows, C floats each.
    void encode(std::span<const TokenIds* const> batch, std::span<float* const> latents);

private:
    void embed(std::span<const TokenIds* const> segments);
    void runLayers(std::span<const TokenIds* const> segments);
    void attendOne(const float* qkv, std::ptrdiff_t length, float* out);
    void keepForReadout(std::span<const TokenIds* const> segments, std::ptrdiff_t first);
    void readOut(std::ptrdiff_t count, std::ptrdiff_t length, std::span<float* const> latents);

    const PackedNetwork& m_network;
    Multiplier m_multiply;
    AlignedFloats m_x, m_normed, m_qkv, m_attended, m_hidden; ///< rows of the segments at hand
    AlignedFloats m_keys, m_values, m_scores;                 ///< one head
    AlignedFloats m_kept, m_pooled, m_latents; ///< of the batch: P h_t of all tokens, or h_0 and what the pooler makes of it
};

} // namespace hayloft
