// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes of a larimar-mini network.
#pragma once

#include <cstdint>

namespace hayloft {

/// Shapes of the encoder, the binding and the decoder. All sizes are counts of floats unless said otherwise.
struct NetworkConfig {
    std::int64_t vocabulary = 8192;
    std::int64_t width = 256;        ///< d of encoder and decoder
    std::int64_t heads = 4;
    std::int64_t feedForward = 1024;
    std::int64_t encoderLayers = 2;
    std::int64_t decoderLayers = 2;
    std::int64_t latent = 768;       ///< C
    std::int64_t binding = 64;       ///< width of h_t where it is bound to its position
    std::int64_t maxTokens = 64;     ///< longest segment, tokens
    bool positionalConnector = true; ///< false: one U for all positions, which is Larimar's own linear_emb
};

} // namespace hayloft
