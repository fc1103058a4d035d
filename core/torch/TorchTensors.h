// SPDX-License-Identifier: GPL-3.0-or-later
// Between a network's parameters and the tensors of a model folder. Internal: includes LibTorch.
#pragma once

#include "core/model/ModelFolder.h"
#include "core/torch/Network.h"

namespace hayloft {

/// The network's parameters, rounded to float16.
NamedTensors halvesOf(NetworkImpl& network);
/// Fills the network. @param weights as loadWeights gives them for the network's configuration.
void fillNetwork(NetworkImpl& network, const std::map<std::string, std::vector<float>>& weights);

} // namespace hayloft
