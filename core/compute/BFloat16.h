// SPDX-License-Identifier: GPL-3.0-or-later
// Rounding to bfloat16, for the packing of matrices and for the kernels.
#pragma once

namespace hayloft {

/// The upper half of the nearest float whose lower half is 0; ties go to the even one. Always inlined: the linker could
/// merge a copy compiled for AVX-512 into programs that run elsewhere.
[[gnu::always_inline]] inline unsigned short bfloat16Of(float value)
{
    const unsigned bits = __builtin_bit_cast(unsigned, value);
    return static_cast<unsigned short>((bits + 0x7FFFu + ((bits >> 16) & 1u)) >> 16);
}

} // namespace hayloft
