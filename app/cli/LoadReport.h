// SPDX-License-Identifier: GPL-3.0-or-later
// The table of `hayloft-cli sweep --axis load`.
#pragma once

#include "core/store/LoadRecord.h"

#include <iosfwd>

namespace hayloft {

/// What the columns of the lines are.
void printLoadHead(std::ostream& out);
/// Load, K, N, hits/trials, recall with its interval, failures by kind, segments on the read row.
void printLoad(const LoadRun& point, std::ostream& out);

} // namespace hayloft
