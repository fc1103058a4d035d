// SPDX-License-Identifier: GPL-3.0-or-later
// The encoder and decoder as LibTorch modules. Internal: includes LibTorch.
#pragma once

#include "core/model/NetworkConfig.h"

#include <torch/torch.h>
#include <vector>

namespace hayloft {

/// One transformer block.
struct BlockImpl : torch::nn::Module {
    explicit BlockImpl(const StackConfig& config);
    /// x: B x T x d. Encoder use: every position attends to every other.
    torch::Tensor forward(const torch::Tensor& x);
    /// Decoder use: causal, and every position may attend to the slot (B x d, used as key and as value).
    torch::Tensor forwardCausal(const torch::Tensor& x, const torch::Tensor& slot);
    /// One decoding step. x: B x d; keys, values: B x S x d caches whose first `used` entries are filled (slot first).
    torch::Tensor forwardStep(const torch::Tensor& x, torch::Tensor& keys, torch::Tensor& values, std::int64_t used);

    /// Queries, keys and values of x, each ... x d.
    std::vector<torch::Tensor> parts(const torch::Tensor& x);
    /// What follows the attention y: ... x d.
    torch::Tensor finish(const torch::Tensor& x, const torch::Tensor& y);

    std::int64_t heads, headWidth;
    NormPlace norm;
    GeluKind gelu;
    torch::nn::LayerNorm norm1 { nullptr }, norm2 { nullptr };
    torch::nn::Linear qkv { nullptr }, out { nullptr }, up { nullptr }, down { nullptr };
};
TORCH_MODULE(Block);

/// Blocks with their embeddings; which parts there are is the config's choice. The network owns them all by name.
struct Stack {
    /// Registers the parts with `owner` as `side`, `side`_positions and so on, as networkShapes() names them.
    Stack(torch::nn::Module& owner, const std::string& side, const StackConfig& config);
    /// ids: ... x T -> ... x T x d: token + position, from position `first` on.
    torch::Tensor embed(const torch::Tensor& tokens, const torch::Tensor& ids, std::int64_t first = 0) const;
    torch::Tensor begin(const torch::Tensor& x); ///< embeddingNorm, where there is one
    torch::Tensor end(const torch::Tensor& x);   ///< finalNorm, where there is one
    BlockImpl& block(std::size_t layer) { return *blocks[layer]->as<Block>(); }

    StackConfig config;
    torch::Tensor positions;
    torch::nn::LayerNorm embeddingNorm { nullptr }, finalNorm { nullptr };
    torch::nn::ModuleList blocks { nullptr };
};

/// Larimar (arXiv 2403.11901, section 3): an encoder to z, and a decoder that gets z at its input and as one key/value slot
/// per layer. NetworkConfig says what the layouts mean; the binding of latents to positions is ours.
struct NetworkImpl : torch::nn::Module {
    explicit NetworkImpl(const NetworkConfig& config);

    /// ids: B x T -> z: B x C.
    torch::Tensor encode(const torch::Tensor& ids);
    /// z: B x C, inputs: B x T (BOS first) -> B x T x d, what the output layer reads.
    torch::Tensor decode(const torch::Tensor& z, const torch::Tensor& inputs);
    /// What z adds at positions 0..T-1: B x T x d, or B x 1 x d where it is the same at all.
    torch::Tensor connector(const torch::Tensor& z, std::int64_t positions);
    /// The key/value slots of all decoder layers: B x (layers * d).
    torch::Tensor slots(const torch::Tensor& z);
    /// hidden: ... x d -> ... x vocabulary, or x n for the n pieces in `only`.
    torch::Tensor logits(const torch::Tensor& hidden, const torch::Tensor& only = {});

    NetworkConfig config;
    torch::Tensor tokens;        ///< vocabulary x d of the decoder, shared by its output and maybe the encoder
    torch::Tensor encoderTokens; ///< the encoder's: the same tensor, or its own
    torch::Tensor project;       ///< binding x d (P)
    torch::Tensor bind;          ///< (maxTokens * binding) x C (W_t stacked)
    torch::Tensor unbind;        ///< (positions * binding) x C (U_t^T stacked)
    torch::Tensor unproject;     ///< d x binding
    torch::nn::Linear slot { nullptr }, pooler { nullptr }, toLatent { nullptr }, latentEmbedding { nullptr };
    torch::nn::LayerNorm latentNorm { nullptr };
    Stack encoder, decoder;
};
TORCH_MODULE(Network);

} // namespace hayloft
