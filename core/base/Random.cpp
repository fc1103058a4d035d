// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Random.h"

#include <cmath>
#include <numbers>

namespace hayloft {

double Random::normal()
{
    const double u = 1.0 - uniform();
    const double v = uniform();
    return std::sqrt(-2.0 * std::log(u)) * std::cos(2.0 * std::numbers::pi * v);
}

} // namespace hayloft
