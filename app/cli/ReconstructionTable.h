// SPDX-License-Identifier: GPL-3.0-or-later
// The model card's table as text.
#pragma once

#include "core/model/Reconstruction.h"

#include <iosfwd>

namespace hayloft {

/// One row per bucket: exact/segments, share, 95% Wilson interval; with `examples` the first miss of each.
void printReconstruction(const ReconstructionReport& report, bool examples, std::ostream& out);

} // namespace hayloft
