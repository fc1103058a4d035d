// SPDX-License-Identifier: GPL-3.0-or-later
// Memory settings that the row of controls does not show, in a few words.
#pragma once

#include "core/recall/SweepPlan.h"

#include <QString>

namespace hayloft {

/// What is not as usual and has an effect: "Newton 15, 2 reads, noise 1e-6"; or empty.
QString memoryWords(const MemorySettings& settings);

} // namespace hayloft
