// SPDX-License-Identifier: GPL-3.0-or-later
#define HAYLOFT_LANES 16
#define HAYLOFT_ROWS 12
#define HAYLOFT_PAIR_PRODUCTS
#include "core/compute/KernelBody.h"

namespace hayloft {

extern const Kernels kAvx512PairKernels;
const Kernels kAvx512PairKernels { "avx512-bf16", kPanel, multiply, normalise, softmax, attend, dots, leastDistances, choose };

} // namespace hayloft
