// SPDX-License-Identifier: GPL-3.0-or-later
// The dense types of core: float32, row-major, on the CPU.
#pragma once

#include <Eigen/Core>
#include <vector>

namespace hayloft {

using Index = Eigen::Index;
/// N x C float32, row-major, rows contiguous.
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
/// 1 x C float32.
using RowVector = Eigen::Matrix<float, 1, Eigen::Dynamic>;
using TokenIds = std::vector<int>;

} // namespace hayloft
