// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/NetworkShapes.h"

namespace hayloft {

namespace {

void addLinear(TensorShapes& shapes, const std::string& name, std::int64_t rows, std::int64_t columns)
{
    shapes[name + ".weight"] = { rows, columns };
    shapes[name + ".bias"] = { rows };
}

void addNorm(TensorShapes& shapes, const std::string& name, std::int64_t width)
{
    shapes[name + ".weight"] = shapes[name + ".bias"] = { width };
}

void addStack(TensorShapes& shapes, const std::string& side, const StackConfig& c)
{
    const auto d = c.width;
    shapes[side + "_positions"] = { c.positions, d };
    if (c.embeddingNorm)
        addNorm(shapes, side + "_embedding_norm", d);
    if (c.finalNorm)
        addNorm(shapes, side + "_norm", d);
    for (std::int64_t i = 0; i < c.layers; ++i) {
        const std::string layer = side + "." + std::to_string(i) + ".";
        addNorm(shapes, layer + "norm1", d);
        addNorm(shapes, layer + "norm2", d);
        addLinear(shapes, layer + "qkv", 3 * d, d);
        addLinear(shapes, layer + "out", d, d);
        addLinear(shapes, layer + "up", c.feedForward, d);
        addLinear(shapes, layer + "down", d, c.feedForward);
    }
}

} // namespace

TensorShapes networkShapes(const NetworkConfig& c)
{
    const auto e = c.encoder.width, d = c.decoder.width;
    TensorShapes shapes { { "tokens", { c.decoder.vocabulary, d } }, { "slot.weight", { d * c.decoder.layers, c.latent } } };
    addStack(shapes, "encoder", c.encoder);
    addStack(shapes, "decoder", c.decoder);
    if (!c.sharedTokens)
        shapes["encoder_tokens"] = { c.encoder.vocabulary, e };
    if (c.readout == LatentReadout::Bound) {
        shapes["project"] = { c.binding, e };
        shapes["bind"] = { c.maxTokens * c.binding, c.latent };
    } else {
        addLinear(shapes, "pooler", e, e);
        shapes["to_latent.weight"] = { c.latent, e };
    }
    if (c.connector == LatentConnector::Positional) {
        shapes["unbind"] = { (c.maxTokens + 1) * c.binding, c.latent };
        shapes["unproject"] = { d, c.binding };
        addNorm(shapes, "latent_norm", d);
    } else {
        shapes["latent_embedding.weight"] = { d, c.latent };
    }
    if (c.priorRows > 0)
        shapes["memory_prior"] = { c.priorRows, c.latent };
    return shapes;
}

} // namespace hayloft
