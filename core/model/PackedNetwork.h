// SPDX-License-Identifier: GPL-3.0-or-later
// A network's weights, laid out for the CPU's kernels. Internal.
#pragma once

#include "core/compute/Multiplier.h"
#include "core/compute/PackedMatrix.h"
#include "core/model/NetworkConfig.h"

#include <map>
#include <memory>
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

/// One transformer block.
struct PackedBlock {
    PackedNorm norm1, norm2;
    PackedLinear qkv, out, up, down;
    NormPlace norm = NormPlace::Before;
    Activation activation = Activation::GeluErf;
};

inline constexpr std::ptrdiff_t kHiddenAtOnce = 256; ///< a multiple of all kernels' panels

/// The queries, keys and values of x (rows x d): rows x 3d. @param normed scratch, rows x d
void startBlock(const Multiplier& multiply, const PackedBlock& block, const float* x, std::ptrdiff_t rows, float* normed, float* qkv);
/// What follows a block's attention: x (rows x d) += its output layer, then x += its feed-forward layers, a part of the
/// hidden layer at a time, so that both products of it find it in the cache.
/// @param attended rows x d. @param normed, hidden scratch, rows x d and rows x kHiddenAtOnce
void finishBlock(const Multiplier& multiply, const PackedBlock& block, const float* attended, std::ptrdiff_t rows, float* normed, float* hidden, float* x);

/// Blocks with their embeddings.
struct PackedStack {
    StackConfig config;
    std::shared_ptr<const std::vector<float>> tokens; ///< vocabulary x d, as they go into the first layer
    std::vector<float> positions;
    PackedNorm embeddingNorm, finalNorm; ///< where the config has them
    std::vector<PackedBlock> blocks;
};

/// See NetworkConfig for what the parts mean; those of another layout stay empty.
struct PackedNetwork {
    /// @param weights as loadWeights gives them; what is not needed any more is dropped from it.
    /// @param precision of all products but attention's; embeddings, norms and sums stay float32.
    PackedNetwork(const NetworkConfig& config, std::map<std::string, std::vector<float>> weights, const Kernels& kernels,
                  Precision precision = Precision::Float32);
    /// Bytes of weights that one pass of the decoder reads.
    double decoderBytes() const;

    const Kernels& kernels;
    Precision precision;
    NetworkConfig config;
    PackedStack encoder, decoder;
    PackedMatrix slot, output;
    PackedMatrix project, bind;        ///< LatentReadout::Bound
    PackedLinear pooler;               ///< LatentReadout::Pooled
    PackedMatrix toLatent;
    std::vector<PackedMatrix> unbind;  ///< LatentConnector::Positional: U_t for each position t: C x binding
    PackedMatrix unproject;
    PackedNorm latentNorm;
    PackedMatrix latentEmbedding;      ///< LatentConnector::Embedding
};

} // namespace hayloft
