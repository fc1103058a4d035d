// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/EncoderCost.h"

#include "core/model/ModelFolder.h"

namespace hayloft {

double encoderFlops(const std::filesystem::path& model, const std::vector<TokenIds>& segments)
{
    const NetworkConfig c = loadModelConfig(model).network;
    const double d = static_cast<double>(c.width), ff = static_cast<double>(c.feedForward), binding = static_cast<double>(c.binding);
    double flops = 0;
    for (const auto& segment : segments) {
        const double tokens = static_cast<double>(segment.size());
        const double layer = 2 * d * (3 * d + d + 2 * ff) + 4 * d * tokens; // products of a token, and its attention
        flops += tokens * (static_cast<double>(c.encoderLayers) * layer + 2 * d * binding + 2 * binding * static_cast<double>(c.latent));
    }
    return flops;
}

} // namespace hayloft
