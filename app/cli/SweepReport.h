// SPDX-License-Identifier: GPL-3.0-or-later
// A run's short table for the terminal.
#pragma once

#include "core/store/RunRecord.h"

#include <iosfwd>

namespace hayloft {

/// Recall by depth and length, totals with their interval, failures by kind, controls and speed.
void printSweep(const RunRecord& record, std::ostream& out);

} // namespace hayloft
