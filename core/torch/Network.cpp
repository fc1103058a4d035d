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

torch::nn::LayerNorm layerNorm(std::int64_t width, double epsilon) { return torch::nn::LayerNorm(torch::nn::LayerNormOptions({ width }).eps(epsilon)); }

torch::Tensor tanhGelu(const torch::Tensor& x) // not in every LibTorch
{
    return 0.5 * x * (1 + torch::tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)));
}

// A larger epsilon than usual on purpose: a row scaled towards zero fades out instead of being blown up again.
constexpr double kConnectorEpsilon = 1e-2;

} // namespace

BlockImpl::BlockImpl(const StackConfig& config)
    : heads(config.heads)
    , headWidth(config.width / config.heads)
    , norm(config.norm)
    , gelu(config.gelu)
{
    const auto d = config.width;
    norm1 = register_module("norm1", layerNorm(d, config.epsilon));
    norm2 = register_module("norm2", layerNorm(d, config.epsilon));
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
        linear->weight.normal_(0, 0.04 / std::sqrt(2.0 * static_cast<double>(config.layers)));
        linear->bias.zero_();
    }
}

std::vector<torch::Tensor> BlockImpl::parts(const torch::Tensor& x)
{
    return qkv->forward(norm == NormPlace::Before ? norm1->forward(x) : x).chunk(3, -1);
}

torch::Tensor BlockImpl::finish(const torch::Tensor& x, const torch::Tensor& y)
{
    auto middle = x + out->forward(y);
    if (norm == NormPlace::After)
        middle = norm1->forward(middle);
    const auto hidden = up->forward(norm == NormPlace::Before ? norm2->forward(middle) : middle);
    const auto result = middle + down->forward(gelu == GeluKind::Erf ? torch::gelu(hidden) : tanhGelu(hidden));
    return norm == NormPlace::Before ? result : norm2->forward(result);
}

torch::Tensor BlockImpl::forward(const torch::Tensor& x)
{
    const auto p = parts(x);
    return finish(x, joinHeads(attend(splitHeads(p[0], heads, headWidth), splitHeads(p[1], heads, headWidth), splitHeads(p[2], heads, headWidth), {})));
}

torch::Tensor BlockImpl::forwardCausal(const torch::Tensor& x, const torch::Tensor& slot)
{
    const auto p = parts(x);
    const auto extra = slot.unsqueeze(1);
    return finish(x, joinHeads(attend(splitHeads(p[0], heads, headWidth), splitHeads(torch::cat({ extra, p[1] }, 1), heads, headWidth),
                                      splitHeads(torch::cat({ extra, p[2] }, 1), heads, headWidth), causalMask(x.size(1), x.device()))));
}

torch::Tensor BlockImpl::forwardStep(const torch::Tensor& x, torch::Tensor& keys, torch::Tensor& values,
                                     std::int64_t used)
{
    const auto p = parts(x);
    keys.select(1, used).copy_(p[1]);
    values.select(1, used).copy_(p[2]);
    const auto q = p[0].reshape({ x.size(0), 1, heads, headWidth }) * (1.0 / std::sqrt(static_cast<double>(headWidth)));
    const auto k = keys.narrow(1, 0, used + 1).reshape({ x.size(0), used + 1, heads, headWidth });
    const auto v = values.narrow(1, 0, used + 1).reshape({ x.size(0), used + 1, heads, headWidth });
    // One query each: sums of products stream the cache once, many tiny matrix products would not.
    const auto weights = torch::softmax((q * k).sum(-1), 1);
    return finish(x, (weights.unsqueeze(-1) * v).sum(1).reshape({ x.size(0), heads * headWidth }));
}

Stack::Stack(torch::nn::Module& owner, const std::string& side, const StackConfig& c)
    : config(c)
{
    positions = owner.register_parameter(side + "_positions", torch::randn({ c.positions, c.width }) * 0.1);
    if (c.embeddingNorm)
        embeddingNorm = owner.register_module(side + "_embedding_norm", layerNorm(c.width, c.epsilon));
    if (c.finalNorm)
        finalNorm = owner.register_module(side + "_norm", layerNorm(c.width, c.epsilon));
    blocks = owner.register_module(side, torch::nn::ModuleList());
    for (std::int64_t i = 0; i < c.layers; ++i)
        blocks->push_back(Block(c));
}

torch::Tensor Stack::embed(const torch::Tensor& tokens, const torch::Tensor& ids, std::int64_t first) const
{
    const auto x = torch::embedding(tokens, ids);
    return (config.scaledTokens ? x * std::sqrt(static_cast<double>(config.width)) : x)
        + positions.narrow(0, config.firstPosition + first, ids.size(-1));
}

torch::Tensor Stack::begin(const torch::Tensor& x) { return config.embeddingNorm ? embeddingNorm->forward(x) : x; }

torch::Tensor Stack::end(const torch::Tensor& x) { return config.finalNorm ? finalNorm->forward(x) : x; }

NetworkImpl::NetworkImpl(const NetworkConfig& c)
    : config(c)
    , encoder(*this, "encoder", c.encoder)
    , decoder(*this, "decoder", c.decoder)
{
    const auto d = c.decoder.width;
    const auto bare = [](std::int64_t in, std::int64_t out) { return torch::nn::Linear(torch::nn::LinearOptions(in, out).bias(false)); };
    tokens = register_parameter("tokens", torch::randn({ c.decoder.vocabulary, d }) / std::sqrt(static_cast<double>(d)));
    encoderTokens = c.sharedTokens ? tokens : register_parameter("encoder_tokens", torch::randn({ c.encoder.vocabulary, c.encoder.width }));
    // Orthonormal rows, so that at step 0 the decoder already reads an approximate unbinding.
    const auto orthogonal = std::get<0>(torch::linalg_qr(torch::randn({ d, c.binding }))).contiguous();
    const auto w = torch::randn({ (c.maxTokens + 1) * c.binding, c.latent }) / std::sqrt(static_cast<double>(c.latent));
    if (c.readout == LatentReadout::Bound) {
        project = register_parameter("project", orthogonal.t().clone());
        bind = register_parameter("bind", w.narrow(0, 0, c.maxTokens * c.binding).clone());
    } else {
        pooler = register_module("pooler", torch::nn::Linear(c.encoder.width, c.encoder.width));
        toLatent = register_module("to_latent", bare(c.encoder.width, c.latent));
    }
    if (c.connector == LatentConnector::Positional) {
        unproject = register_parameter("unproject", orthogonal.clone());
        unbind = register_parameter("unbind", w.clone());
        latentNorm = register_module("latent_norm", layerNorm(d, kConnectorEpsilon));
    } else {
        latentEmbedding = register_module("latent_embedding", bare(c.latent, d));
    }
    slot = register_module("slot", bare(c.latent, d * c.decoder.layers));
}

torch::Tensor NetworkImpl::logits(const torch::Tensor& hidden, const torch::Tensor& only)
{
    return torch::matmul(decoder.end(hidden), (only.defined() ? tokens.index_select(0, only) : tokens).t());
}

torch::Tensor NetworkImpl::encode(const torch::Tensor& ids)
{
    const auto length = ids.size(1);
    auto x = encoder.begin(encoder.embed(encoderTokens, ids));
    for (std::size_t i = 0; i < encoder.blocks->size(); ++i)
        x = encoder.block(i).forward(x);
    x = encoder.end(x);
    if (config.readout == LatentReadout::Pooled)
        return toLatent->forward(torch::tanh(pooler->forward(x.select(1, 0))));
    const auto h = torch::linear(x, project).reshape({ ids.size(0), length * config.binding });
    const auto z = torch::matmul(h, bind.narrow(0, 0, length * config.binding));
    return torch::layer_norm(z, { config.latent });
}

torch::Tensor NetworkImpl::connector(const torch::Tensor& z, std::int64_t positions)
{
    if (config.connector == LatentConnector::Embedding)
        return latentEmbedding->forward(z).unsqueeze(1);
    const auto read = torch::matmul(z, unbind.narrow(0, 0, positions * config.binding).t())
                          .view({ z.size(0), positions, config.binding });
    return latentNorm->forward(torch::linear(read, unproject));
}

torch::Tensor NetworkImpl::slots(const torch::Tensor& z) { return slot->forward(z); }

torch::Tensor NetworkImpl::decode(const torch::Tensor& z, const torch::Tensor& inputs)
{
    auto x = decoder.begin(decoder.embed(tokens, inputs) + connector(z, inputs.size(1)));
    const auto perLayer = slots(z).chunk(config.decoder.layers, -1);
    for (std::size_t i = 0; i < decoder.blocks->size(); ++i)
        x = decoder.block(i).forwardCausal(x, perLayer[i]);
    return x;
}

} // namespace hayloft
