// SPDX-License-Identifier: GPL-3.0-or-later
// A warning about prefix keys that do not reach what tells needles apart.
#pragma once

#include "core/model/LatentModel.h"
#include "core/recall/RulerText.h"

#include <iosfwd>

namespace hayloft {

/// Needles that look alike share their first words: P tokens that end before the key ask for all of them at once.
/// Says so where it is the case. @param prefixTokens P; 0 = the model's default
void printPrefixNotice(RulerItem value, int prefixTokens, const LatentModel& model, std::ostream& err);

} // namespace hayloft
