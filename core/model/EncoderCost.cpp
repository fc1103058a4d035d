// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/EncoderCost.h"

#include "core/model/ModelFolder.h"

namespace hayloft {

double encoderFlops(const std::filesystem::path& model, const std::vector<TokenIds>& segments)
{
    const NetworkConfig c = loadModelConfig(model).network;
    const double d = static_cast<double>(c.encoder.width), ff = static_cast<double>(c.encoder.feedForward);
    const double binding = static_cast<double>(c.binding), latent = static_cast<double>(c.latent);
    double flops = 0;
    for (const auto& segment : segments) {
        const double tokens = static_cast<double>(segment.size()) + (c.encoder.wrapped ? 2 : 0);
        const double layer = 2 * d * (3 * d + d + 2 * ff) + 4 * d * tokens; // products of a token, and its attention
        flops += tokens * static_cast<double>(c.encoder.layers) * layer;
        flops += c.readout == LatentReadout::Bound ? tokens * (2 * d * binding + 2 * binding * latent) : 2 * d * (d + latent);
    }
    return flops;
}

} // namespace hayloft
