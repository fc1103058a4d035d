// SPDX-License-Identifier: GPL-3.0-or-later
// A network's weights, laid out for the CPU's kernels. Internal.
#pragma once

#include "core/compute/PackedMatrix.h"
#include "core/model/NetworkConfig.h"

#include <map>
#include <string>
#include <vector>

namespace hayloft {

/// Gain and bias of a LayerNorm.
struct PackedNorm {
    std::vector<float> gain, bias;
    float epsilon = 1e-5f;
    Normalisation by() const { return { gain.data(), bias.data(), epsilon }; }
};

struct PackedLinear {
    PackedMatrix weight;
    std::vector<float> bias;
    /// rows x k -> rows x n, plus the bias.
    Product times(const float* a, float* c) const;
};

/// One pre-LayerNorm transformer block.
struct PackedBlock {
    PackedNorm norm1, norm2;
    PackedLinear qkv, out, up, down;
};

inline constexpr std::ptrdiff_t kHiddenAtOnce = 256; ///< a multiple of all kernels' panels

/// What follows a block's attention: x (rows x d) += its output layer, then x += its feed-forward layers, a part of the
/// hidden layer at a time, so that both products of it find it in the cache.
/// @param attended rows x d. @param normed, hidden scratch, rows x d and rows x kHiddenAtOnce
void finishBlock(const Kernels& kernels, const PackedBlock& block, const float* attended, std::ptrdiff_t rows, float* normed, float* hidden, float* x);

/// See Network for what the parts mean.
struct PackedNetwork {
    /// @param weights as loadWeights gives them; what is not needed any more is dropped from it.
    PackedNetwork(const NetworkConfig& config, std::map<std::string, std::vector<float>> weights, const Kernels& kernels);

    const Kernels& kernels;
    NetworkConfig config;
    std::vector<float> tokens; ///< vocabulary x d, times sqrt(d): what goes into the first layer
    std::vector<float> encoderPositions, decoderPositions;
    std::vector<PackedBlock> encoder, decoder;
    PackedNorm encoderNorm, latentNorm, decoderNorm;
    PackedMatrix project, bind, unproject, slot, output;
    std::vector<PackedMatrix> unbind; ///< U_t for each position t: C x binding
};

} // namespace hayloft
