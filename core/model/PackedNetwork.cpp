// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/PackedNetwork.h"

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

// As in Network: a row scaled towards zero fades out instead of being blown up again.
constexpr float kConnectorEpsilon = 1e-2f;

class Packer {
public:
    Packer(std::map<std::string, std::vector<float>> weights, const Kernels& kernels, Precision precision)
        : m_weights(std::move(weights))
        , m_kernels(kernels)
        , m_precision(precision)
    {
    }

    std::vector<float> take(const std::string& name)
    {
        auto values = std::move(m_weights.at(name));
        m_weights.erase(name);
        return values;
    }
    PackedNorm norm(const std::string& name, float epsilon = 1e-5f) { return { take(name + ".weight"), take(name + ".bias"), epsilon }; }
    PackedMatrix columns(const std::vector<float>& weight, std::int64_t k) const
    {
        return PackedMatrix::fromColumns(m_kernels, weight.data(), k, static_cast<std::ptrdiff_t>(weight.size()) / k, m_precision);
    }
    PackedMatrix rows(const std::vector<float>& weight, std::int64_t k) const
    {
        return PackedMatrix::fromRows(m_kernels, weight.data(), k, static_cast<std::ptrdiff_t>(weight.size()) / k, m_precision);
    }
    PackedLinear linear(const std::string& name, std::int64_t k) { return { columns(take(name + ".weight"), k), take(name + ".bias") }; }
    PackedStack stack(const std::string& side, const StackConfig& config, std::shared_ptr<const std::vector<float>> tokens)
    {
        PackedStack stack { config, std::move(tokens), take(side + "_positions"), {}, {}, {} };
        const auto epsilon = static_cast<float>(config.epsilon);
        if (config.embeddingNorm)
            stack.embeddingNorm = norm(side + "_embedding_norm", epsilon);
        if (config.finalNorm)
            stack.finalNorm = norm(side + "_norm", epsilon);
        for (std::int64_t i = 0; i < config.layers; ++i)
            stack.blocks.push_back(block(side + "." + std::to_string(i) + ".", config));
        return stack;
    }

private:
    PackedBlock block(const std::string& name, const StackConfig& config)
    {
        const auto epsilon = static_cast<float>(config.epsilon);
        return { norm(name + "norm1", epsilon), norm(name + "norm2", epsilon), linear(name + "qkv", config.width),
                 linear(name + "out", config.width), linear(name + "up", config.width), linear(name + "down", config.feedForward),
                 config.norm, config.gelu == GeluKind::Erf ? Activation::GeluErf : Activation::GeluTanh };
    }

    std::map<std::string, std::vector<float>> m_weights;
    const Kernels& m_kernels;
    Precision m_precision;
};

} // namespace

Product PackedLinear::times(const float* a, float* c) const
{
    Product product = weight.times(a, c);
    product.bias = bias.data();
    return product;
}

void startBlock(const Multiplier& multiply, const PackedBlock& block, const float* x, std::ptrdiff_t rows, float* normed, float* qkv)
{
    if (block.norm == NormPlace::Before)
        multiply.kernels().normalise(x, rows, block.qkv.weight.k(), block.norm1.by(), normed);
    multiply(block.qkv.times(block.norm == NormPlace::Before ? normed : x, qkv), rows);
}

void finishBlock(const Multiplier& multiply, const PackedBlock& block, const float* attended, std::ptrdiff_t rows, float* normed, float* hidden, float* x)
{
    const bool after = block.norm == NormPlace::After;
    const std::ptrdiff_t width = block.down.weight.n();
    Product out = block.out.times(attended, x);
    out.add = x;
    out.addStride = width;
    multiply(out, rows);
    multiply.kernels().normalise(x, rows, width, (after ? block.norm1 : block.norm2).by(), normed);
    for (std::ptrdiff_t first = 0; first < block.up.weight.n(); first += kHiddenAtOnce) {
        const std::ptrdiff_t n = std::min(kHiddenAtOnce, block.up.weight.n() - first);
        Product up = block.up.weight.columns(first, n, normed, hidden, n);
        up.bias = block.up.bias.data() + first;
        up.activation = block.activation;
        multiply(up, rows);
        Product down = block.down.weight.rows(first, n, hidden, x);
        down.bias = first == 0 ? block.down.bias.data() : nullptr;
        down.add = after && first == 0 ? normed : x; // BERT's residual is what has been normalised
        down.addStride = width;
        multiply(down, rows);
    }
    if (after)
        multiply.kernels().normalise(x, rows, width, block.norm2.by(), x);
}

PackedNetwork::PackedNetwork(const NetworkConfig& c, std::map<std::string, std::vector<float>> weights, const Kernels& k, Precision p)
    : kernels(k)
    , precision(p)
    , config(c)
{
    Packer packer(std::move(weights), kernels, precision);
    const auto scaled = [](std::vector<float> tokens, const StackConfig& stack) {
        if (stack.scaledTokens)
            for (float& x : tokens)
                x *= std::sqrt(static_cast<float>(stack.width));
        return std::make_shared<const std::vector<float>>(std::move(tokens));
    };
    auto tokens = packer.take("tokens");
    output = packer.columns(tokens, c.decoder.width);
    const auto decoderTokens = scaled(std::move(tokens), c.decoder);
    encoder = packer.stack("encoder", c.encoder, c.sharedTokens ? decoderTokens : scaled(packer.take("encoder_tokens"), c.encoder));
    decoder = packer.stack("decoder", c.decoder, decoderTokens);
    slot = packer.columns(packer.take("slot.weight"), c.latent);
    if (c.readout == LatentReadout::Bound) {
        project = packer.columns(packer.take("project"), c.encoder.width);
        bind = packer.rows(packer.take("bind"), c.maxTokens * c.binding);
    } else {
        pooler = packer.linear("pooler", c.encoder.width);
        toLatent = packer.columns(packer.take("to_latent.weight"), c.encoder.width);
    }
    if (c.connector == LatentConnector::Positional) {
        const auto rows = packer.take("unbind");
        for (std::size_t first = 0; first < rows.size(); first += static_cast<std::size_t>(c.binding * c.latent))
            unbind.push_back(PackedMatrix::fromColumns(kernels, rows.data() + first, c.latent, c.binding, precision));
        unproject = packer.columns(packer.take("unproject"), c.binding);
        latentNorm = packer.norm("latent_norm", kConnectorEpsilon);
    } else {
        latentEmbedding = packer.columns(packer.take("latent_embedding.weight"), c.latent);
    }
}

double PackedNetwork::decoderBytes() const
{
    const auto& c = config.decoder;
    const double d = static_cast<double>(c.width);
    return (precision == Precision::BFloat16 ? 2 : 4) * d * (static_cast<double>(c.layers) * (4 * d + 2 * static_cast<double>(c.feedForward)) + static_cast<double>(c.vocabulary));
}

} // namespace hayloft
