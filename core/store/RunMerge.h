// SPDX-License-Identifier: GPL-3.0-or-later
// Makes one run record of its shards'.
#pragma once

#include "core/store/RunRecord.h"

#include <string>
#include <vector>

namespace hayloft {

/// A shard's record and what to call it in errors (its file).
struct ShardRecord {
    std::string where;
    RunRecord record;
};

/// The record of one process that measured the whole plan, but for `created` (the latest) and `timing` (see SweepTiming).
/// Shards of different machines are merged, and all machines recorded. @param shards in any order
/// @throws Error for shards of different plans, one that is missing, there twice or whole, and cells or controls that are
/// missing in one
RunRecord mergeShards(std::vector<ShardRecord> shards);

} // namespace hayloft
