// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compute/PrecisionName.h"

#include "core/base/Error.h"

#include <string>

namespace hayloft {

Precision precisionFromName(std::string_view name)
{
    for (const Precision precision : { Precision::Float32, Precision::BFloat16 })
        if (name == nameOf(precision))
            return precision;
    throw Error("unknown precision", std::string(name), "use float32 or bfloat16");
}

std::string_view nameOf(Precision precision) { return precision == Precision::BFloat16 ? "bfloat16" : "float32"; }

} // namespace hayloft
