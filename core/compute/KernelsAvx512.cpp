// SPDX-License-Identifier: GPL-3.0-or-later
#define HAYLOFT_LANES 16
#define HAYLOFT_ROWS 12
#include "core/compute/KernelBody.h"

namespace hayloft {

extern const Kernels kAvx512Kernels;
const Kernels kAvx512Kernels { "avx512", kPanel, multiply, normalise, softmax, attend, dots, leastDistances, choose };

} // namespace hayloft
