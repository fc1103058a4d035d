// SPDX-License-Identifier: GPL-3.0-or-later
// The run record hayloft.run/1: everything a published figure needs.
#pragma once

#include "core/recall/SweepResult.h"
#include "core/recall/SweepShard.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

struct MachineInfo {
    std::string cpu, isa, blas, blasCore;
    int threads = 0;
    std::string libtorch, device;
    bool operator==(const MachineInfo&) const = default;
};

struct RecordedModel {
    std::string name, sha256;
    std::int64_t parameters = 0;
    int latentSize = 0;
    int maxTokens = 0;
    Precision precision = Precision::Float32; ///< of the network's products
};

struct RunRecord {
    std::string created;        ///< ISO 8601, UTC
    std::string hayloftVersion;
    MachineInfo machine;
    RecordedModel model;
    SweepPlan plan;
    SweepResult result;
    Shard shard;                      ///< which share of the plan `result` is; 1 of 1 = all of it
    std::vector<MachineInfo> machines; ///< merged from shards of different machines: each shard's; else none
};

/// A record of a run that ended just now, made by this version of Hayloft.
RunRecord makeRunRecord(SweepPlan plan, SweepResult result, const ModelInfo& model, MachineInfo machine, Shard shard = {});

/// JSON text of the record (UTF-8, keys as in design.md). The same run gives the same bytes but for created and timing.
std::string toJson(const RunRecord& record);
/// @throws Error for text that is no hayloft.run/1 record, naming the key.
RunRecord runRecordFromJson(std::string_view json, const std::string& where = "run record");
void saveRunRecord(const RunRecord& record, const std::filesystem::path& file); ///< atomic. @throws Error
RunRecord loadRunRecord(const std::filesystem::path& file);                    ///< @throws Error
/// One row per cell; RFC 4180, header line first.
std::string toCsv(const RunRecord& record);
/// The figure's caption: model, task, keys, haystack, trials, interval, seed, date.
std::string captionOf(const RunRecord& record);
/// The same of several runs in one figure: what they have in common is said once, then what tells each apart.
std::string captionOf(const std::vector<std::shared_ptr<const RunRecord>>& records);
/// toCsv of several runs under one header line.
std::string toCsv(const std::vector<std::shared_ptr<const RunRecord>>& records);

} // namespace hayloft
