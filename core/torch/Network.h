// SPDX-License-Identifier: GPL-3.0-or-later
// The encoder, binding and decoder of larimar-mini as LibTorch modules. Internal: includes LibTorch.
#pragma once

#include "core/model/NetworkConfig.h"

#include <torch/torch.h>
#include <vector>

namespace hayloft {

/// One pre-LayerNorm transformer block.
struct BlockImpl : torch::nn::Module {
    BlockImpl(const NetworkConfig& config, std::int64_t layers);
    /// x: B x T x d. Encoder use: every position attends to every other.
    torch::Tensor forward(const torch::Tensor& x);
    /// Decoder use: causal, and every position may attend to the slot (B x d, used as key and as value).
    torch::Tensor forwardCausal(const torch::Tensor& x, const torch::Tensor& slot);
    /// One decoding step. x: B x d; keys, values: B x S x d caches whose first `used` entries are filled (slot first).
    torch::Tensor forwardStep(const torch::Tensor& x, torch::Tensor& keys, torch::Tensor& values, std::int64_t used);

    torch::Tensor feedForward(const torch::Tensor& x);

    std::int64_t heads, headWidth;
    torch::nn::LayerNorm norm1 { nullptr }, norm2 { nullptr };
    torch::nn::Linear qkv { nullptr }, out { nullptr }, up { nullptr }, down { nullptr };
};
TORCH_MODULE(Block);

/// z = LayerNorm(sum_t P h_t W_t); decoder input at t: token + position + LayerNorm(z U_t), and one key/value slot
/// per layer from z (Larimar, arXiv 2403.11901, section 3; the binding per position is ours).
struct NetworkImpl : torch::nn::Module {
    explicit NetworkImpl(const NetworkConfig& config);

    /// ids: B x T (T <= maxTokens) -> z: B x C.
    torch::Tensor encode(const torch::Tensor& ids);
    /// z: B x C, inputs: B x T (BOS first) -> B x T x d, what the output layer reads.
    torch::Tensor decode(const torch::Tensor& z, const torch::Tensor& inputs);
    /// LayerNorm(z U_t) for positions 0..T-1: B x T x d.
    torch::Tensor connector(const torch::Tensor& z, std::int64_t positions);
    /// The key/value slots of all decoder layers: B x (layers * d).
    torch::Tensor slots(const torch::Tensor& z);
    torch::Tensor embedTokens(const torch::Tensor& ids);
    /// hidden: ... x d -> ... x vocabulary, or x n for the n pieces in `only`.
    torch::Tensor logits(const torch::Tensor& hidden, const torch::Tensor& only = {});

    NetworkConfig config;
    torch::Tensor tokens;        ///< vocabulary x d, shared by encoder, decoder and output
    torch::Tensor encoderPositions, decoderPositions;
    torch::Tensor project;       ///< binding x d (P)
    torch::Tensor bind;          ///< (maxTokens * binding) x C (W_t stacked)
    torch::Tensor unbind;        ///< (positions * binding) x C (U_t^T stacked)
    torch::Tensor unproject;     ///< d x binding
    torch::nn::Linear slot { nullptr };
    torch::nn::LayerNorm encoderNorm { nullptr }, latentNorm { nullptr }, decoderNorm { nullptr };
    torch::nn::ModuleList encoder { nullptr }, decoder { nullptr };
};
TORCH_MODULE(Network);

} // namespace hayloft
