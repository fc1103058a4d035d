// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/RunMerge.h"

#include "core/base/Error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>

namespace hayloft {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kShownWord = 40;
constexpr int kShownShards = 10;

/// What all shards of a plan have in common, as their records say it.
Json planOf(const RunRecord& record)
{
    RunRecord head { {}, record.hayloftVersion, {}, record.model, record.plan, {}, {}, {} };
    head.result.haystack = record.result.haystack;
    head.result.prefixTokens = record.result.prefixTokens;
    if (record.plan.memory.keyMemory != KeyMemoryKind::Grow) // a growing one has the rows of the shard's longest context
        head.result.rows = record.result.rows;
    Json json = Json::parse(toJson(head));
    json.erase("timing");
    json["path"] = nameOf(record.plan.path);
    const auto& cells = record.result.cells;
    const bool measured = !cells.empty();
    json["baselines"] = measured && cells.front().foundFirst.has_value();
    json["absence"] = measured && cells.front().upheld.has_value();
    return json;
}

std::string shown(const Json& value)
{
    const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return text.size() > kShownWord ? text.substr(0, kShownWord) + "..." : text;
}

/// The first key at which two plans differ, down to the value: "task.digits 4, not 7".
std::string difference(const Json& a, const Json& b, const std::string& path = "")
{
    if (!a.is_object() || !b.is_object())
        return path + " " + shown(b) + ", not " + shown(a);
    for (const auto& [key, value] : a.items()) {
        const std::string inner = (path.empty() ? "" : path + ".") + key;
        if (!b.contains(key))
            return "no " + inner;
        if (value != b.at(key))
            return difference(value, b.at(key), inner);
    }
    for (const auto& [key, value] : b.items()) {
        if (!a.contains(key))
            return (path.empty() ? "" : path + ".") + key + " as well";
    }
    return path;
}

void checkNumbers(const std::vector<ShardRecord>& shards)
{
    for (const auto& [where, record] : shards) {
        if (record.shard.isWhole())
            throw Error("this record is no shard", where, "give records of sweep --shard i/n");
    }
    const int of = shards.front().record.shard.of;
    for (const auto& [where, record] : shards) {
        if (record.shard.of != of)
            throw Error("shard " + std::to_string(record.shard.number) + " of " + std::to_string(record.shard.of) + " among shards of "
                            + std::to_string(of), where, "give the shards of one sweep");
    }
    std::string missing;
    int number = 1, left = 0;
    for (std::size_t i = 0; i < shards.size(); ++i) {
        const int has = shards[i].record.shard.number;
        if (i > 0 && has == shards[i - 1].record.shard.number)
            throw Error("shard " + std::to_string(has) + " of " + std::to_string(of) + " is there twice",
                        shards[i - 1].where + " and " + shards[i].where, "give each shard once");
        for (; number < has; ++number)
            left++ < kShownShards ? missing += (missing.empty() ? "" : ", ") + std::to_string(number) : missing;
        number = has + 1;
    }
    for (; number <= of; ++number)
        left++ < kShownShards ? missing += (missing.empty() ? "" : ", ") + std::to_string(number) : missing;
    if (left > 0)
        throw Error((left == 1 ? "shard " : "shards ") + missing + (left > kShownShards ? ", ..." : "") + " of " + std::to_string(of)
                        + (left == 1 ? " is missing" : " are missing"), std::to_string(shards.size()) + " given", "give all of them");
}

void checkPlans(const std::vector<ShardRecord>& shards)
{
    const Json plan = planOf(shards.front().record);
    for (const auto& [where, record] : shards) {
        if (const Json other = planOf(record); other != plan)
            throw Error("this is a shard of another sweep: " + difference(plan, other), where,
                        "give the shards of one sweep (it is compared with " + shards.front().where + ")");
    }
}

/// The shards hold runs of neighbouring cells, in order: each has to begin where the last one ended.
void addCells(SweepResult& merged, ShardRecord& shard, const SweepPlan& plan)
{
    for (Cell& cell : shard.record.result.cells) {
        const std::size_t next = merged.cells.size(), depths = plan.depths.size();
        const bool fits = next < plan.lengths.size() * depths && cell.lengthTokens == plan.lengths[next / depths]
            && cell.depthPercent == plan.depths[next % depths];
        if (!fits)
            throw Error("the cell of " + std::to_string(cell.lengthTokens) + " tokens at " + std::to_string(cell.depthPercent)
                            + "% is not the one that comes next", shard.where, "the record was changed; measure this shard again");
        merged.cells.push_back(std::move(cell));
    }
}

void addControls(Controls& merged, const Controls& shard)
{
    merged.trials += shard.trials;
    merged.falseAnswers += shard.falseAnswers;
    if (shard.answered)
        merged.answered = merged.answered.value_or(0) + *shard.answered;
}

void addTiming(SweepTiming& merged, const SweepTiming& shard)
{
    merged.encodeSeconds += shard.encodeSeconds;
    merged.writeSeconds += shard.writeSeconds;
    merged.readSeconds += shard.readSeconds;
    merged.decodeSeconds += shard.decodeSeconds;
    merged.baselineSeconds += shard.baselineSeconds;
    merged.tokensEncoded += shard.tokensEncoded;
    merged.totalSeconds = std::max(merged.totalSeconds, shard.totalSeconds);
}

void addMachines(RunRecord& merged, const std::vector<ShardRecord>& shards)
{
    const MachineInfo& first = shards.front().record.machine;
    if (std::all_of(shards.begin(), shards.end(), [&](const ShardRecord& shard) { return shard.record.machine == first; }))
        return;
    std::transform(shards.begin(), shards.end(), std::back_inserter(merged.machines), [](const ShardRecord& shard) { return shard.record.machine; });
}

} // namespace

RunRecord mergeShards(std::vector<ShardRecord> shards)
{
    if (shards.empty())
        throw Error("there are no shards to merge");
    std::stable_sort(shards.begin(), shards.end(),
        [](const ShardRecord& a, const ShardRecord& b) { return a.record.shard.number < b.record.shard.number; });
    checkNumbers(shards);
    checkPlans(shards);

    const RunRecord& first = shards.front().record;
    RunRecord merged { first.created, first.hayloftVersion, first.machine, first.model, first.plan, {}, {}, {} };
    SweepResult& result = merged.result;
    result.haystack = first.result.haystack;
    result.prefixTokens = first.result.prefixTokens;
    result.timing.shards = first.shard.of;
    addMachines(merged, shards);
    for (ShardRecord& shard : shards) {
        merged.created = std::max(merged.created, shard.record.created);
        result.rows = std::max(result.rows, shard.record.result.rows);
        addControls(result.controls, shard.record.result.controls);
        addTiming(result.timing, shard.record.result.timing);
        addCells(result, shard, merged.plan);
    }
    const std::size_t cells = merged.plan.lengths.size() * merged.plan.depths.size();
    if (result.cells.size() != cells || result.controls.trials != merged.plan.controls)
        throw Error("the shards hold " + std::to_string(result.cells.size()) + " cells and " + std::to_string(result.controls.trials)
                        + " controls of " + std::to_string(cells) + " and " + std::to_string(merged.plan.controls),
                    shards.front().where + " and its others", "a record was changed; measure its shard again");
    if (result.timing.encodeSeconds > 0)
        result.timing.tokensPerSecond = static_cast<double>(result.timing.tokensEncoded) / result.timing.encodeSeconds;
    return merged;
}

} // namespace hayloft
