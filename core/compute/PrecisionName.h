// SPDX-License-Identifier: GPL-3.0-or-later
// What precisions are called on command lines and in run records.
#pragma once

#include "core/compute/Kernels.h"

#include <string_view>

namespace hayloft {

Precision precisionFromName(std::string_view name); ///< "float32", "bfloat16". @throws Error
std::string_view nameOf(Precision precision);

} // namespace hayloft
