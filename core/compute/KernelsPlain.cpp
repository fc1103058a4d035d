// SPDX-License-Identifier: GPL-3.0-or-later
#define HAYLOFT_LANES 4
#define HAYLOFT_ROWS 4
#include "core/compute/KernelBody.h"

namespace hayloft {

extern const Kernels kPlainKernels;
const Kernels kPlainKernels { "plain", kPanel, multiply, normalise, softmax, attend, dots, leastDistances, choose };

} // namespace hayloft
