// SPDX-License-Identifier: GPL-3.0-or-later
#define HAYLOFT_LANES 8
#define HAYLOFT_ROWS 6
#include "core/compute/KernelBody.h"

namespace hayloft {

extern const Kernels kAvx2Kernels;
const Kernels kAvx2Kernels { "avx2", kPanel, multiply, normalise, softmax, attend, dots, leastDistances, choose };

} // namespace hayloft
