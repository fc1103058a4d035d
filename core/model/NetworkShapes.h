// SPDX-License-Identifier: GPL-3.0-or-later
// What a network's tensors are called and how large they are. Internal.
#pragma once

#include "core/model/NetworkConfig.h"

#include <map>
#include <string>
#include <vector>

namespace hayloft {

using TensorShapes = std::map<std::string, std::vector<std::int64_t>>;

/// All tensors of a network, and of the prior memory where it has one.
TensorShapes networkShapes(const NetworkConfig& config);

} // namespace hayloft
