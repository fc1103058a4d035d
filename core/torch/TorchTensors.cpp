// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/TorchTensors.h"

namespace hayloft {

NamedTensors halvesOf(NetworkImpl& network)
{
    NamedTensors tensors;
    for (const auto& item : network.named_parameters()) {
        const auto half = item.value().detach().to(torch::kCPU).to(torch::kFloat16).contiguous();
        tensors[item.key()] = { TensorType::Float16, half.sizes().vec(), std::string(static_cast<const char*>(half.data_ptr()), half.nbytes()) };
    }
    return tensors;
}

void fillNetwork(NetworkImpl& network, const std::map<std::string, std::vector<float>>& weights)
{
    torch::NoGradGuard guard;
    for (auto& item : network.named_parameters()) {
        const auto& values = weights.at(item.key());
        item.value().copy_(torch::from_blob(const_cast<float*>(values.data()), item.value().sizes()));
    }
}

} // namespace hayloft
