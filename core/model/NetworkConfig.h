// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes and layout of a network: larimar-mini's own, and BERT with GPT-2 as in IBM's Larimar.
#pragma once

#include <cstdint>

namespace hayloft {

/// Where a block's LayerNorms stand: before attention and feed-forward layers (GPT-2, larimar-mini), or after (BERT).
enum class NormPlace { Before, After };
/// x Phi(x), or its approximation by tanh (GPT-2).
enum class GeluKind { Erf, Tanh };
/// `Bound`: z = LayerNorm(sum_t P h_t W_t). `Pooled`: z = tanh(h_0 W + b) V, BERT's pooler and Larimar's linear layer.
enum class LatentReadout { Bound, Pooled };
/// What z adds to the decoder's input at position t. `Positional`: LayerNorm(z U_t). `Embedding`: z E at every position,
/// which is Larimar's linear_emb.
enum class LatentConnector { Positional, Embedding };

/// Transformer blocks with their embeddings. All sizes are counts of floats unless said otherwise.
struct StackConfig {
    std::int64_t vocabulary = 8192; ///< pieces
    std::int64_t positions = 64;    ///< rows of the table of positions
    std::int64_t firstPosition = 0; ///< row of the first token
    std::int64_t width = 256;       ///< d
    std::int64_t heads = 4;
    std::int64_t feedForward = 1024;
    std::int64_t layers = 2;
    bool scaledTokens = true;   ///< tokens' vectors times sqrt(d)
    bool embeddingNorm = false; ///< LayerNorm of what goes into the first block
    bool finalNorm = true;      ///< LayerNorm of what comes out of the last one
    bool wrapped = false;       ///< the encoder puts its tokenizer's BOS and EOS ([CLS], [SEP]) around a segment
    NormPlace norm = NormPlace::Before;
    GeluKind gelu = GeluKind::Erf;
    double epsilon = 1e-5;      ///< of its LayerNorms
};

struct NetworkConfig {
    StackConfig encoder, decoder;
    bool sharedTokens = true; ///< one table of tokens' vectors for both
    LatentReadout readout = LatentReadout::Bound;
    LatentConnector connector = LatentConnector::Positional;
    std::int64_t latent = 768;      ///< C
    std::int64_t binding = 64;      ///< width of h_t where it is bound to its position
    std::int64_t maxTokens = 64;    ///< longest segment, tokens
    std::int64_t answerTokens = 64; ///< longest answer, tokens; a prompt is not counted
    std::int64_t priorRows = 0;     ///< K of the learned prior memory; 0: there is none
};

/// What `hayloft-cli train` trains. @param vocabulary pieces of its tokenizer
inline NetworkConfig larimarMini(std::int64_t vocabulary)
{
    NetworkConfig config;
    config.encoder.vocabulary = config.decoder.vocabulary = vocabulary;
    config.encoder.positions = config.maxTokens;
    config.decoder.positions = config.maxTokens + 1; // BOS comes first
    return config;
}

} // namespace hayloft
