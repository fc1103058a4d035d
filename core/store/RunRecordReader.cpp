// SPDX-License-Identifier: GPL-3.0-or-later
// Reads run records, which may come from anywhere: everything is checked before it is used.
#include "core/base/Files.h"
#include "core/compute/PrecisionName.h"
#include "core/store/JsonReader.h"
#include "core/store/RunRecord.h"
#include "core/store/RunRecordNames.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <set>

namespace hayloft {

namespace {

constexpr std::size_t kMaxRecordBytes = std::size_t { 1 } << 30;
constexpr std::size_t kMaxCells = 1'000'000;
constexpr std::size_t kMaxListed = 10'000'000;
constexpr std::int64_t kMaxInt = std::numeric_limits<int>::max();
constexpr std::int64_t kMaxCount = std::int64_t { 1 } << 53;
constexpr double kMostMean = 1 + 1e-9; ///< earlier versions rounded means of rates up
constexpr double kAnything = std::numeric_limits<double>::max();

int smallCount(const JsonReader& node) { return static_cast<int>(node.integer(0, kMaxInt)); }

// Runs a name lookup of core and says at which key it failed.
template <typename Lookup> auto named(const JsonReader& node, Lookup lookup)
{
    const std::string word = node.text();
    try {
        return lookup(word);
    } catch (const Error&) {
        node.fail("unknown word \"" + word.substr(0, 40) + "\" at");
    }
}

Needle readNeedle(const JsonReader& node)
{
    return { node.at("needle").text(), node.at("prefix").text(), node.at("question").text() };
}

RecallTask readTask(const JsonReader& node)
{
    RecallTask task;
    named(node.at("kind"), [&](const std::string& name) {
        setTaskName(task, name);
        return 0;
    });
    task.digits = static_cast<int>(node.at("digits").integer(0, 1000));
    task.placement = named(node.at("placement"), placementFromName);
    if (node.has("needles")) {
        for (const JsonReader& needle : node.at("needles").elements(kMaxListed))
            task.needles.push_back(readNeedle(needle));
    } else if (task.kind == TaskKind::Needle) {
        task.needles.push_back(readNeedle(node));
    }
    return task;
}

std::vector<Index> readRows(const JsonReader& node)
{
    std::vector<Index> rows;
    for (const JsonReader& row : node.elements(kMaxListed))
        rows.push_back(row.integer(-1, kMaxCount));
    return rows;
}

Sample readSample(const JsonReader& node)
{
    Sample sample;
    sample.seed = node.at("seed").seed();
    sample.haystackOffset = node.at("haystack_offset").integer(0, kMaxCount);
    sample.prefix = node.at("prefix").text();
    sample.expected = node.at("expected").text();
    sample.answer = node.at("answer").text();
    sample.correct = node.at("correct").boolean();
    sample.writeRow = node.at("write_row").integer(-1, kMaxCount);
    sample.readRow = node.at("read_row").integer(-1, kMaxCount);
    sample.rowSegments = node.at("row_segments").integer(0, kMaxCount);
    sample.keyDistance = static_cast<float>(node.at("key_distance").numberOr(0, 0, 1e30));
    if (node.has("failure"))
        sample.failure = named(node.at("failure"), failureFromName);
    if (node.has("digit_accuracy"))
        sample.digitAccuracy = node.at("digit_accuracy").numberOr(0, 0, 1);
    if (node.has("rouge_l"))
        sample.rougeL = node.at("rouge_l").numberOr(0, 0, 1);
    if (node.has("length_achieved"))
        sample.lengthAchieved = node.at("length_achieved").integer(0, kMaxCount);
    if (node.has("depth_achieved"))
        sample.depthAchieved = node.at("depth_achieved").numberOr(0, 0, 100);
    if (node.has("ruler_score"))
        sample.rulerScore = node.at("ruler_score").numberOr(0, 0, 1);
    if (node.has("absent"))
        sample.absent = node.at("absent").boolean();
    if (node.has("upheld"))
        sample.upheld = node.at("upheld").boolean();
    if (node.has("read_rows"))
        sample.readRows = readRows(node.at("read_rows"));
    if (node.has("write_rows"))
        sample.writeRows = readRows(node.at("write_rows"));
    if (node.has("depths")) {
        for (const JsonReader& depth : node.at("depths").elements(kMaxListed))
            sample.depths.push_back(depth.number(-1, 100));
    }
    return sample;
}

FoundCounts readFound(const JsonReader& node, int trials)
{
    const auto count = [&](const char* search) { return static_cast<int>(node.at(search).integer(0, trials)); };
    return { count("content"), count("floor"), count("bm25") };
}

Cell readCell(const JsonReader& node)
{
    Cell cell;
    cell.lengthTokens = node.at("length_tokens").integer(1, kMaxCount);
    cell.lengthAchieved = node.at("length_achieved").numberOr(0, 0, kAnything);
    cell.depthPercent = node.at("depth_percent").number(0, 100);
    cell.depthAchieved = node.at("depth_achieved").numberOr(0, 0, 100);
    cell.trials = smallCount(node.at("trials"));
    cell.hits = static_cast<int>(node.at("hits").integer(0, cell.trials));
    cell.recall = node.at("recall").numberOr(0, 0, 1);
    const auto interval = node.at("ci95").elements(2);
    if (interval.size() != 2)
        node.at("ci95").fail("not two numbers at");
    cell.ci95 = { interval[0].number(0, 1), interval[1].number(0, 1) };
    cell.rougeL = std::min(1.0, node.at("rouge_l").numberOr(0, 0, kMostMean));
    if (node.has("ruler_score"))
        cell.rulerScore = std::min(1.0, node.at("ruler_score").numberOr(0, 0, kMostMean));
    if (node.has("upheld"))
        cell.upheld = static_cast<int>(node.at("upheld").integer(0, cell.hits));
    if (node.has("found_first"))
        cell.foundFirst = readFound(node.at("found_first"), cell.trials);
    for (const JsonReader& sample : node.at("samples").elements(kMaxListed))
        cell.samples.push_back(readSample(sample));
    return cell;
}

SweepTiming readTiming(const JsonReader& node)
{
    SweepTiming timing;
    timing.encodeSeconds = node.at("encode_s").number(0, kAnything);
    timing.writeSeconds = node.at("write_s").number(0, kAnything);
    timing.readSeconds = node.at("read_s").number(0, kAnything);
    timing.decodeSeconds = node.at("decode_s").number(0, kAnything);
    timing.totalSeconds = node.at("total_s").number(0, kAnything);
    timing.tokensEncoded = node.at("tokens_encoded").integer(0, kMaxCount);
    timing.tokensPerSecond = node.at("tokens_per_s").numberOr(0, 0, kAnything);
    if (node.has("baselines_s"))
        timing.baselineSeconds = node.at("baselines_s").number(0, kAnything);
    if (node.has("shards"))
        timing.shards = static_cast<int>(node.at("shards").integer(1, kMostShards));
    return timing;
}

MachineInfo readMachine(const JsonReader& node)
{
    return { node.at("cpu").text(), node.at("isa").text(), node.at("blas").text(), node.at("blas_core").text(),
        smallCount(node.at("threads")), node.at("libtorch").text(), node.at("device").text() };
}

Shard readShard(const JsonReader& node)
{
    const auto of = static_cast<int>(node.at("of").integer(2, kMostShards));
    return { static_cast<int>(node.at("number").integer(1, of)), of };
}

RecordedModel readModel(const JsonReader& node)
{
    return { node.at("name").text(), node.at("sha256").text(), node.at("parameters").integer(0, kMaxCount),
        smallCount(node.at("latent_size")), smallCount(node.at("max_tokens")),
        node.has("precision") ? named(node.at("precision"), precisionFromName) : Precision::Float32 };
}

void readInverse(const JsonReader& node, MemorySettings& memory)
{
    memory.inverse = named(node.at("kind"), inverseModeFromName);
    memory.reads = static_cast<int>(node.at("reads").integer(1, 1000));
    if (memory.inverse != InverseMode::Newton)
        return;
    memory.newton.steps = static_cast<int>(node.at("steps").integer(1, 1000));
    memory.newton.scale = node.at("scale").number(1e-30, 1e30);
}

/// Of pseudo-inverse addressing; a record without them is of exact observations and deterministic reading.
void readNoise(const JsonReader& node, MemorySettings& memory)
{
    if (node.has("observation_noise"))
        memory.observationNoise = static_cast<float>(node.at("observation_noise").number(0, 1e6));
    memory.sampled = node.has("sampled");
    if (memory.sampled)
        memory.weightLogVariance = static_cast<float>(node.at("sampled").at("weight_log_variance").number(-30, 30));
}

void readAddressing(const JsonReader& node, RunRecord& record)
{
    MemorySettings& memory = record.plan.memory;
    memory.addressing = named(node.at("mode"), addressingFromName);
    memory.keys = named(node.at("keys"), keyKindFromName);
    memory.keyMemory = named(node.at("key_memory"), keyMemoryKindFromName);
    record.result.prefixTokens = smallCount(node.at("prefix_tokens"));
    record.result.rows = node.at("rows").integer(0, kMaxCount);
    memory.prefixTokens = record.result.prefixTokens;
    memory.rows = record.result.rows;
    if (node.has("prompted"))
        memory.prompted = named(node.at("prompted"), decoderPromptFromName);
    if (node.has("latents"))
        memory.latents = named(node.at("latents"), latentFormatFromName);
    if (memory.addressing == Addressing::PseudoInverse) {
        readInverse(node.at("inverse"), memory);
        readNoise(node, memory);
    }
    if (!node.has("reading"))
        return;
    const JsonReader reading = node.at("reading");
    record.plan.reading = { true, { reading.at("share").number(0, 1), static_cast<int>(reading.at("most_rows").integer(1, 1000)) },
        static_cast<int>(reading.at("follow").integer(1, 1000)) };
}

// What was asked for; a record without "plan" (made elsewhere) has it in its cells.
void readPlan(const JsonReader& root, RunRecord& record)
{
    SweepPlan& plan = record.plan;
    plan.controls = record.result.controls.trials;
    if (!root.has("plan")) {
        std::set<std::int64_t> lengths;
        std::set<double> depths;
        plan.trials = 0;
        for (const Cell& cell : record.result.cells) {
            lengths.insert(cell.lengthTokens);
            depths.insert(cell.depthPercent);
            plan.trials = std::max(plan.trials, cell.trials);
        }
        plan.lengths.assign(lengths.begin(), lengths.end());
        plan.depths.assign(depths.begin(), depths.end());
        return;
    }
    const JsonReader node = root.at("plan");
    for (const JsonReader& length : node.at("lengths").elements(kMaxCells))
        plan.lengths.push_back(length.integer(1, kMaxCount));
    for (const JsonReader& depth : node.at("depths").elements(kMaxCells))
        plan.depths.push_back(depth.number(0, 100));
    plan.trials = smallCount(node.at("trials"));
    plan.controls = smallCount(node.at("controls"));
    plan.memory.prefixTokens = smallCount(node.at("prefix_tokens"));
    plan.memory.rows = node.at("rows").integer(0, kMaxCount);
}

void readResult(const JsonReader& root, RunRecord& record)
{
    SweepResult& result = record.result;
    const JsonReader haystack = root.at("haystack");
    result.haystack = { haystack.at("source").text(), haystack.at("sha256").text(),
        haystack.at("tokens").integer(0, kMaxCount), haystack.at("repeats").numberOr(1, 0, kAnything) };
    const JsonReader controls = root.at("controls");
    result.controls.trials = smallCount(controls.at("trials"));
    result.controls.falseAnswers
        = static_cast<int>(controls.at("false_answers").integer(0, result.controls.trials));
    if (controls.has("answered"))
        result.controls.answered = static_cast<int>(controls.at("answered").integer(0, result.controls.trials));
    for (const JsonReader& cell : root.at("cells").elements(kMaxCells))
        result.cells.push_back(readCell(cell));
    record.plan.baselines = std::any_of(result.cells.begin(), result.cells.end(), [](const Cell& cell) { return cell.foundFirst.has_value(); });
    result.timing = readTiming(root.at("timing"));
    record.plan.path = named(root.at("timing").at("path"), sweepPathFromName);
}

RunRecord readRecord(const JsonReader& root)
{
    if (const JsonReader schema = root.at("schema"); schema.text() != kRunSchema)
        schema.fail("not \"hayloft.run/1\" but \"" + schema.text().substr(0, 40) + "\" at");
    RunRecord record;
    record.created = root.at("created").text();
    record.hayloftVersion = root.at("hayloft_version").text();
    record.plan.seed = root.at("seed").seed();
    if (root.has("shard"))
        record.shard = readShard(root.at("shard"));
    record.machine = readMachine(root.at("machine"));
    if (root.has("machines")) {
        for (const JsonReader& machine : root.at("machines").elements(kMostShards))
            record.machines.push_back(readMachine(machine));
    }
    record.model = readModel(root.at("model"));
    record.plan.task = readTask(root.at("task"));
    const JsonReader segmenter = root.at("segmenter");
    record.plan.segmenter.kind = named(segmenter.at("kind"), segmenterKindFromName);
    record.plan.segmenter.maxTokens = smallCount(segmenter.at("max_tokens"));
    readAddressing(root.at("addressing"), record);
    readResult(root, record);
    readPlan(root, record);
    return record;
}

} // namespace

RunRecord runRecordFromJson(std::string_view json, const std::string& where)
{
    const auto parsed = nlohmann::ordered_json::parse(json.begin(), json.end(), nullptr, false);
    if (parsed.is_discarded())
        throw Error("not valid JSON", where, "give a run record that hayloft-cli sweep wrote");
    return readRecord(JsonReader(parsed, where));
}

RunRecord loadRunRecord(const std::filesystem::path& file)
{
    return runRecordFromJson(readFile(file, kMaxRecordBytes), file.string());
}

} // namespace hayloft
