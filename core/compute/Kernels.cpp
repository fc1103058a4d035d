// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compute/Kernels.h"

namespace hayloft {

extern const Kernels kPlainKernels;
#ifdef HAYLOFT_X86_KERNELS
extern const Kernels kAvx512PairKernels, kAvx512Kernels, kAvx2Kernels;
#endif

namespace {

const Kernels* const kAll[] = {
#ifdef HAYLOFT_X86_KERNELS
    &kAvx512PairKernels, &kAvx512Kernels, &kAvx2Kernels,
#endif
    &kPlainKernels
};

std::size_t firstUsable()
{
#ifdef HAYLOFT_X86_KERNELS
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return __builtin_cpu_supports("avx512bf16") ? 0 : 1;
    return avx2 ? 2 : 3;
#else
    return 0;
#endif
}

} // namespace

const Kernels& bestKernels() { return *kAll[firstUsable()]; }

std::span<const Kernels* const> usableKernels() { return std::span(kAll).subspan(firstUsable()); }

} // namespace hayloft
