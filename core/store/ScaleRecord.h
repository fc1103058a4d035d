// SPDX-License-Identifier: GPL-3.0-or-later
// What `bench scale` wrote: seconds, memory and recall by context length.
#pragma once

#include "core/recall/Scoring.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

struct ScalePoint {
    std::int64_t tokens = 0; ///< of the longest context
    std::int64_t rows = 0;   ///< K
    double seconds = 0, encodeSeconds = 0;
    double peakGigabytes = 0; ///< of the process so far: lengths ascend
    int hits = 0, trials = 0;
    Interval ci95;
};

struct ScaleRecord {
    std::vector<ScalePoint> points; ///< by length, ascending; at least one
    std::string haystack, keys, cpu, version;
    int threads = 0;
};

/// @throws Error for text that no `bench scale` wrote, naming the key.
ScaleRecord scaleRecordFromJson(std::string_view json, const std::string& where = "bench file");
ScaleRecord readScaleRecord(const std::filesystem::path& file); ///< @throws Error
/// Whether the file is one, by its beginning. @throws Error for one that cannot be read.
bool isScaleRecord(const std::filesystem::path& file);
/// The figure's caption: what was run where, and how cost and memory grow.
std::string captionOf(const ScaleRecord& record);

} // namespace hayloft
