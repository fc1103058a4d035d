// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/Network.h"

#include <cmath>

namespace hayloft {

namespace {

torch::Tensor splitHeads(const torch::Tensor& x, std::int64_t heads, std::int64_t headWidth)
{
    return x.view({ x.size(0), x.size(1), heads, headWidth }).transpose(1, 2);
}

torch::Tensor joinHeads(const torch::Tensor& x)
{
    return x.transpose(1, 2).reshape({ x.size(0), x.size(2), x.size(1) * x.size(3) });
}

/// q: B x H x T x W, k and v: B x H x S x W. `hidden` (T x S, true = masked) may be undefined.
torch::Tensor attend(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v, const torch::Tensor& hidden)
{
    auto scores = torch::matmul(q * (1.0 / std::sqrt(static_cast<double>(q.size(3)))), k.transpose(2, 3));
    if (hidden.defined())
        scores = scores.masked_fill(hidden, -1e9);
    return torch::matmul(torch::softmax(scores, -1), v);
}

/// True where query t must not see key s; key 0 is the slot, key s the token s - 1.
torch::Tensor causalMask(std::int64_t length, const torch::Device& device)
{
    auto options = torch::TensorOptions().dtype(torch::kLong).device(device);
    const auto t = torch::arange(length, options).unsqueeze(1);
    const auto s = torch::arange(length + 1, options).unsqueeze(0);
    return s > t + 1;
}

// A larger epsilon than usual on purpose: a row scaled towards zero fades out instead of being blown up again.
constexpr double kConnectorEpsilon = 1e-2;

} // namespace

BlockImpl::BlockImpl(const NetworkConfig& config, std::int64_t layers)
    : heads(config.heads)
    , headWidth(config.width / config.heads)
{
    const auto d = config.width;
    norm1 = register_module("norm1", torch::nn::LayerNorm(torch::nn::LayerNormOptions({ d })));
    norm2 = register_module("norm2", torch::nn::LayerNorm(torch::nn::LayerNormOptions({ d })));
    qkv = register_module("qkv", torch::nn::Linear(d, 3 * d));
    out = register_module("out", torch::nn::Linear(d, d));
    up = register_module("up", torch::nn::Linear(d, config.feedForward));
    down = register_module("down", torch::nn::Linear(config.feedForward, d));
    torch::NoGradGuard guard;
    for (auto& linear : { qkv, up }) {
        linear->weight.normal_(0, 0.04);
        linear->bias.zero_();
    }
    for (auto& linear : { out, down }) {
        linear->weight.normal_(0, 0.04 / std::sqrt(2.0 * static_cast<double>(layers)));
        linear->bias.zero_();
    }
}

torch::Tensor BlockImpl::feedForward(const torch::Tensor& x)
{
    return x + down->forward(torch::gelu(up->forward(norm2->forward(x))));
}

torch::Tensor BlockImpl::forward(const torch::Tensor& x)
{
    const auto parts = qkv->forward(norm1->forward(x)).chunk(3, -1);
    const auto y = attend(splitHeads(parts[0], heads, headWidth), splitHeads(parts[1], heads, headWidth),
                          splitHeads(parts[2], heads, headWidth), {});
    return feedForward(x + out->forward(joinHeads(y)));
}

torch::Tensor BlockImpl::forwardCausal(const torch::Tensor& x, const torch::Tensor& slot)
{
    const auto parts = qkv->forward(norm1->forward(x)).chunk(3, -1);
    const auto extra = slot.unsqueeze(1);
    const auto y = attend(splitHeads(parts[0], heads, headWidth),
                          splitHeads(torch::cat({ extra, parts[1] }, 1), heads, headWidth),
                          splitHeads(torch::cat({ extra, parts[2] }, 1), heads, headWidth),
                          causalMask(x.size(1), x.device()));
    return feedForward(x + out->forward(joinHeads(y)));
}

torch::Tensor BlockImpl::forwardStep(const torch::Tensor& x, torch::Tensor& keys, torch::Tensor& values,
                                     std::int64_t used)
{
    const auto parts = qkv->forward(norm1->forward(x)).chunk(3, -1);
    keys.select(1, used).copy_(parts[1]);
    values.select(1, used).copy_(parts[2]);
    const auto q = parts[0].reshape({ x.size(0), 1, heads, headWidth }) * (1.0 / std::sqrt(static_cast<double>(headWidth)));
    const auto k = keys.narrow(1, 0, used + 1).reshape({ x.size(0), used + 1, heads, headWidth });
    const auto v = values.narrow(1, 0, used + 1).reshape({ x.size(0), used + 1, heads, headWidth });
    // One query each: sums of products stream the cache once, many tiny matrix products would not.
    const auto weights = torch::softmax((q * k).sum(-1), 1);
    const auto y = (weights.unsqueeze(-1) * v).sum(1).reshape({ x.size(0), heads * headWidth });
    return feedForward(x + out->forward(y));
}

NetworkImpl::NetworkImpl(const NetworkConfig& c)
    : config(c)
{
    const auto d = c.width;
    const auto positions = c.positionalConnector ? c.maxTokens + 1 : 1;
    tokens = register_parameter("tokens", torch::randn({ c.vocabulary, d }) / std::sqrt(static_cast<double>(d)));
    encoderPositions = register_parameter("encoder_positions", torch::randn({ c.maxTokens, d }) * 0.1);
    decoderPositions = register_parameter("decoder_positions", torch::randn({ c.maxTokens + 1, d }) * 0.1);
    // Orthonormal rows, so that at step 0 the decoder already reads an approximate unbinding.
    const auto orthogonal = std::get<0>(torch::linalg_qr(torch::randn({ d, c.binding }))).contiguous();
    project = register_parameter("project", orthogonal.t().clone());
    unproject = register_parameter("unproject", orthogonal.clone());
    const auto w = torch::randn({ (c.maxTokens + 1) * c.binding, c.latent }) / std::sqrt(static_cast<double>(c.latent));
    bind = register_parameter("bind", w.narrow(0, 0, c.maxTokens * c.binding).clone());
    unbind = register_parameter("unbind", w.narrow(0, 0, positions * c.binding).clone());
    slot = register_module("slot", torch::nn::Linear(torch::nn::LinearOptions(c.latent, d * c.decoderLayers).bias(false)));
    encoderNorm = register_module("encoder_norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({ d })));
    latentNorm = register_module("latent_norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({ d }).eps(kConnectorEpsilon)));
    decoderNorm = register_module("decoder_norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({ d })));
    encoder = register_module("encoder", torch::nn::ModuleList());
    decoder = register_module("decoder", torch::nn::ModuleList());
    for (std::int64_t i = 0; i < c.encoderLayers; ++i)
        encoder->push_back(Block(c, c.encoderLayers));
    for (std::int64_t i = 0; i < c.decoderLayers; ++i)
        decoder->push_back(Block(c, c.decoderLayers));
}

torch::Tensor NetworkImpl::embedTokens(const torch::Tensor& ids)
{
    return torch::embedding(tokens, ids) * std::sqrt(static_cast<double>(config.width));
}

torch::Tensor NetworkImpl::logits(const torch::Tensor& hidden, const torch::Tensor& only)
{
    return torch::matmul(decoderNorm->forward(hidden), (only.defined() ? tokens.index_select(0, only) : tokens).t());
}

torch::Tensor NetworkImpl::encode(const torch::Tensor& ids)
{
    const auto length = ids.size(1);
    auto x = embedTokens(ids) + encoderPositions.narrow(0, 0, length);
    for (const auto& block : *encoder)
        x = block->as<Block>()->forward(x);
    const auto h = torch::linear(encoderNorm->forward(x), project).reshape({ ids.size(0), length * config.binding });
    const auto z = torch::matmul(h, bind.narrow(0, 0, length * config.binding));
    return torch::layer_norm(z, { config.latent });
}

torch::Tensor NetworkImpl::connector(const torch::Tensor& z, std::int64_t positions)
{
    const auto rows = config.positionalConnector ? positions : 1;
    const auto read = torch::matmul(z, unbind.narrow(0, 0, rows * config.binding).t())
                          .view({ z.size(0), rows, config.binding });
    return latentNorm->forward(torch::linear(read, unproject));
}

torch::Tensor NetworkImpl::slots(const torch::Tensor& z) { return slot->forward(z); }

torch::Tensor NetworkImpl::decode(const torch::Tensor& z, const torch::Tensor& inputs)
{
    const auto length = inputs.size(1);
    auto x = embedTokens(inputs) + decoderPositions.narrow(0, 0, length) + connector(z, length);
    const auto perLayer = slots(z).chunk(config.decoderLayers, -1);
    for (std::int64_t i = 0; i < config.decoderLayers; ++i)
        x = decoder[static_cast<std::size_t>(i)]->as<Block>()->forwardCausal(x, perLayer[static_cast<std::size_t>(i)]);
    return x;
}

} // namespace hayloft
