// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a sweep plan over a haystack with a model.
#pragma once

#include "core/model/LatentModel.h"
#include "core/recall/SweepResult.h"
#include "core/recall/SweepShard.h"
#include "core/text/Document.h"

#include <functional>

namespace hayloft {

/// Called on the computing thread as soon as a cell is complete.
using CellFn = std::function<void(const Cell&)>;

/// Runs the plan on its path and returns what was measured.
/// @throws Error (needle longer than a segment where the plan needs one, length below the needle's own,
/// depth out of 0..100, empty haystack), Cancelled.
SweepResult runSweep(const SweepPlan& plan, const Document& haystack, const LatentModel& model, const Task& task = {},
                     const CellFn& onCell = {});

/// The same for one share of the plan's cells and controls: the cells of all shards, in the order of their numbers, are
/// those of runSweep, whose trials they draw. @throws Error too when there are fewer cells than shards
SweepResult runSweepShard(const SweepPlan& plan, Shard shard, const Document& haystack, const LatentModel& model,
                          const Task& task = {}, const CellFn& onCell = {});

/// One context as a trial builds it: for the workbench ("click a cell") and the naive path.
struct AssembledContext {
    std::string text;              ///< opening line, haystack rotation and needle, joined by line feeds
    std::size_t needleBegin = 0;   ///< bytes of the planted text in `text`
    std::size_t needleEnd = 0;
    std::vector<std::pair<std::size_t, std::size_t>> needles; ///< begin and end of each planted text, by number; equal for
                                                              ///< one that is left out
    TrialNeedle needle;
    double depthAchieved = 0;      ///< percent
    std::int64_t lengthAchieved = 0; ///< tokens
    std::int64_t haystackOffset = 0;
    std::vector<std::size_t> restarts; ///< byte offsets where segmentation restarts: at every piece of the haystack, both
                                       ///< ends of insertions and the line feeds between them (see Haystack)
};

/// Rebuilds the context of one trial from the plan and its seed, as text. @throws Error, Cancelled
AssembledContext assembleTrial(const SweepPlan& plan, const Document& haystack, const Tokenizer& tokenizer,
                               std::int64_t lengthTokens, double depthPercent, int trial, const Task& task = {});

} // namespace hayloft
