// SPDX-License-Identifier: GPL-3.0-or-later
// The record of a sweep over loads, hayloft.load/1: a run record for each load, and what was counted in it.
//
// {"schema": "hayloft.load/1", "points": [{"load", "segments", "rows", "trials", "hits", "recall", "ci95": [lo, hi],
// "failures": {"row_wrong", "row_shared", "decode_wrong"}, "row_segments_median", "run": {a whole hayloft.run/1 record}}]}
//
// A run is kept whole, so that its machine, model, task and trials have one writer and one reader. The counts beside it
// are for other programs: reading takes them from the run.
#pragma once

#include "core/store/RunRecord.h"

#include <memory>
#include <vector>

namespace hayloft {

struct LoadRun {
    double load = 0;     ///< N/K as asked for
    Index segments = 0;  ///< N, median of a context
    RunRecord run;       ///< one length, K rows given before the write; run.result.rows is K
};

struct LoadRecord {
    /// By load, ascending; at least one, all with the same task, keys, addressing, model and seed; with the nearest row also the same length.
    std::vector<LoadRun> runs;
};

/// Records that stand in one figure, shared with whoever shows or exports them.
using LoadRecords = std::vector<std::shared_ptr<const LoadRecord>>;

/// All trials of a run, counted.
struct LoadCounts {
    int trials = 0, hits = 0, rowWrong = 0, rowShared = 0, decodeWrong = 0;
    double recall = 0;
    Interval ci95;             ///< Wilson
    double rowSegments = 0;    ///< median on the row that was read
};
LoadCounts countsOf(const RunRecord& run);

std::string toJson(const LoadRecord& record);
/// @throws Error for text that is no hayloft.load/1 record, naming the key, and for runs that do not belong together.
LoadRecord loadRecordFromJson(std::string_view json, const std::string& where = "load record");
LoadRecord readLoadRecord(const std::filesystem::path& file); ///< @throws Error
/// Whether the file says so where Hayloft writes it, at its beginning. @throws Error for one that cannot be read.
bool isLoadRecord(const std::filesystem::path& file);
/// The figure's caption: model, tasks, N, K, trials, intervals, haystack, seed, version.
std::string captionOf(const LoadRecords& records);

} // namespace hayloft
