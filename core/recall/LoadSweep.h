// SPDX-License-Identifier: GPL-3.0-or-later
// Recall against the load of a key memory: the same sweep once for each number of segments per row.
#pragma once

#include "core/recall/SweepRunner.h"

#include <functional>
#include <string_view>
#include <vector>

namespace hayloft {

/// One sweep. Nearest row: N is that of the plan's length, and a `fixed` key memory has K = round(N / load) rows, at least one.
/// Pseudo-inverse addressing: K is the plan's, and the contexts have the length that has load K segments.
struct LoadPoint {
    double load = 0;      ///< N/K as asked for
    Index segments = 0;   ///< N, see contextSegments
    SweepPlan plan;       ///< the one that was run; plan.memory.rows is K, plan.lengths the one length
    SweepResult result;
};

/// Called as soon as a load is measured.
using LoadFn = std::function<void(const LoadPoint&)>;

/// "0.1,0.5,2": segments per row, 0.001 to 1000, sorted, duplicates dropped. @throws Error
std::vector<double> parseLoads(std::string_view spec);
/// N: segments of a context of the plan, the median over its drawn trials (the lower one of two), controls left out.
/// @throws Error as runSweep, Cancelled
Index contextSegments(const SweepPlan& plan, const Document& haystack, const LatentModel& model, const Task& task = {});
/// Runs the plan at each load, whatever key memory (nearest row) or lengths (pseudo-inverse) it names. Each load encodes the haystack
/// anew and draws key rows once. With the nearest row trials, needles and rotations are the same at all loads.
/// @throws Error as runSweep, and with the nearest row for several lengths; Cancelled
std::vector<LoadPoint> runLoadSweep(const SweepPlan& plan, const std::vector<double>& loads, const Document& haystack,
                                    const LatentModel& model, const Task& task = {}, const LoadFn& onPoint = {});

} // namespace hayloft
