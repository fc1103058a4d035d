// SPDX-License-Identifier: GPL-3.0-or-later
// What encoding costs by the network's sizes alone.
#pragma once

#include "core/base/Matrix.h"

#include <filesystem>

namespace hayloft {

/// Floating-point operations (2 for a multiplication with an addition) of the matrix products that encode these segments:
/// layers, attention and binding; no element-wise work. @throws Error for a folder without a model
double encoderFlops(const std::filesystem::path& model, const std::vector<TokenIds>& segments);

} // namespace hayloft
