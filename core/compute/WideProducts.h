// SPDX-License-Identifier: GPL-3.0-or-later
// Matrix products in double.
#pragma once

#include <Eigen/Core>

namespace hayloft {

enum class Side { AsIs, Transposed };

/// a b, each as it is or transposed, through BLAS where there is one. Sizes must fit.
Eigen::MatrixXd wideProduct(const Eigen::MatrixXd& a, Side aSide, const Eigen::MatrixXd& b, Side bSide);

} // namespace hayloft
