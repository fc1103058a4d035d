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
    Packer(std::map<std::string, std::vector<float>> weights, const Kernels& kernels) : m_weights(std::move(weights)), m_kernels(kernels) {}

    std::vector<float> take(const std::string& name)
    {
        auto values = std::move(m_weights.at(name));
        m_weights.erase(name);
        return values;
    }
    PackedNorm norm(const std::string& name, float epsilon = 1e-5f) { return { take(name + ".weight"), take(name + ".bias"), epsilon }; }
    PackedMatrix columns(const std::vector<float>& weight, std::int64_t k) const
    {
        return PackedMatrix::fromColumns(m_kernels, weight.data(), k, static_cast<std::ptrdiff_t>(weight.size()) / k);
    }
    PackedLinear linear(const std::string& name, std::int64_t k) { return { columns(take(name + ".weight"), k), take(name + ".bias") }; }
    std::vector<PackedBlock> blocks(const std::string& side, std::int64_t layers, const NetworkConfig& config)
    {
        std::vector<PackedBlock> blocks;
        for (std::int64_t i = 0; i < layers; ++i) {
            const std::string name = side + "." + std::to_string(i) + ".";
            PackedBlock block;
            block.norm1 = norm(name + "norm1");
            block.norm2 = norm(name + "norm2");
            block.qkv = linear(name + "qkv", config.width);
            block.out = linear(name + "out", config.width);
            block.up = linear(name + "up", config.width);
            block.down = linear(name + "down", config.feedForward);
            blocks.push_back(std::move(block));
        }
        return blocks;
    }
    const Kernels& kernels() const { return m_kernels; }

private:
    std::map<std::string, std::vector<float>> m_weights;
    const Kernels& m_kernels;
};

} // namespace

Product PackedLinear::times(const float* a, float* c) const
{
    Product product = weight.times(a, c);
    product.bias = bias.data();
    return product;
}

void finishBlock(const Kernels& kernels, const PackedBlock& block, const float* attended, std::ptrdiff_t rows, float* normed, float* hidden, float* x)
{
    const std::ptrdiff_t width = block.down.weight.n();
    Product out = block.out.times(attended, x);
    out.add = x;
    out.addStride = width;
    kernels.multiply(out, rows);
    kernels.normalise(x, rows, width, block.norm2.by(), normed);
    for (std::ptrdiff_t first = 0; first < block.up.weight.n(); first += kHiddenAtOnce) {
        const std::ptrdiff_t n = std::min(kHiddenAtOnce, block.up.weight.n() - first);
        Product up = block.up.weight.columns(first, n, normed, hidden, n);
        up.bias = block.up.bias.data() + first;
        up.gelu = true;
        kernels.multiply(up, rows);
        Product down = block.down.weight.rows(first, n, hidden, x);
        down.bias = first == 0 ? block.down.bias.data() : nullptr;
        down.add = x;
        down.addStride = width;
        kernels.multiply(down, rows);
    }
}

PackedNetwork::PackedNetwork(const NetworkConfig& c, std::map<std::string, std::vector<float>> weights, const Kernels& k)
    : kernels(k)
    , config(c)
{
    Packer packer(std::move(weights), kernels);
    tokens = packer.take("tokens");
    output = packer.columns(tokens, c.width);
    for (float& x : tokens)
        x *= std::sqrt(static_cast<float>(c.width));
    encoderPositions = packer.take("encoder_positions");
    decoderPositions = packer.take("decoder_positions");
    encoder = packer.blocks("encoder", c.encoderLayers, c);
    decoder = packer.blocks("decoder", c.decoderLayers, c);
    encoderNorm = packer.norm("encoder_norm");
    latentNorm = packer.norm("latent_norm", kConnectorEpsilon);
    decoderNorm = packer.norm("decoder_norm");
    project = packer.columns(packer.take("project"), c.width);
    bind = PackedMatrix::fromRows(kernels, packer.take("bind").data(), c.maxTokens * c.binding, c.latent);
    const auto rows = packer.take("unbind");
    for (std::size_t first = 0; first < rows.size(); first += static_cast<std::size_t>(c.binding * c.latent))
        unbind.push_back(PackedMatrix::fromColumns(kernels, rows.data() + first, c.latent, c.binding));
    unproject = packer.columns(packer.take("unproject"), c.binding);
    slot = packer.columns(packer.take("slot.weight"), c.latent);
}

} // namespace hayloft
