// SPDX-License-Identifier: GPL-3.0-or-later
// Writes run records: JSON with the keys of hayloft.run/1 in a fixed order.
#include "core/base/Files.h"
#include "core/compute/PrecisionName.h"
#include "core/store/RunRecord.h"
#include "core/store/RunRecordNames.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace hayloft {

namespace {

using Json = nlohmann::ordered_json;

// The double with the fewest digits that reads back as the same float.
double shortest(float value)
{
    char text[48] = {};
    if (!std::isfinite(value))
        return value;
    std::to_chars(text, text + sizeof text - 1, value);
    return std::strtod(text, nullptr);
}

// JSON has no infinity: what was not measured is null.
Json numberOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

std::string replaced(std::string text, const std::string& from, const std::string& to)
{
    for (std::size_t at = 0; !from.empty() && (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

// The passkey's texts with {K} for the value; the only needle of a needle task, else none (see task.needles). RULER's with
// {K} for keys and {V} for values.
Needle shownNeedle(const RecallTask& task)
{
    if (task.kind == TaskKind::Ruler) {
        const RulerForm form = formOf(task.ruler);
        const std::vector<std::string> keys(static_cast<std::size_t>(form.queries), "{K}");
        return { rulerNeedle(form.value, "{K}", "{V}"), rulerNeedleStem(form.value, "{K}"), rulerQuestion(form.wording(), keys) };
    }
    if (task.kind == TaskKind::Needle)
        return task.needles.size() == 1 ? task.needles.front() : Needle {};
    const TrialNeedle drawn = drawNeedle(task, 0);
    return { replaced(drawn.text, drawn.expected, "{K}"), drawn.prefix, drawn.question };
}

Json taskJson(const RecallTask& task)
{
    const Needle shown = shownNeedle(task);
    Json json { { "kind", nameOf(task) }, { "needle", shown.text }, { "prefix", shown.prefix },
        { "question", shown.question }, { "digits", task.digits }, { "placement", nameOf(task.placement) } };
    Json needles = Json::array();
    for (const Needle& needle : task.needles)
        needles.push_back({ { "needle", needle.text }, { "prefix", needle.prefix }, { "question", needle.question } });
    json["needles"] = std::move(needles);
    return json;
}

// What only some tasks and ways of reading have is left out elsewhere: their records stay as they were.
Json sampleJson(const Sample& sample, const SweepPlan& plan, bool judged)
{
    Json json { { "seed", sample.seed }, { "haystack_offset", sample.haystackOffset }, { "prefix", sample.prefix },
        { "expected", sample.expected }, { "answer", sample.answer }, { "correct", sample.correct },
        { "failure", nameOf(sample.failure) }, { "digit_accuracy", numberOrNull(sample.digitAccuracy) },
        { "rouge_l", numberOrNull(sample.rougeL) }, { "write_row", sample.writeRow }, { "read_row", sample.readRow },
        { "row_segments", sample.rowSegments }, { "key_distance", numberOrNull(shortest(sample.keyDistance)) },
        { "length_achieved", sample.lengthAchieved }, { "depth_achieved", numberOrNull(sample.depthAchieved) } };
    if (plan.task.kind == TaskKind::Ruler)
        json["ruler_score"] = sample.rulerScore;
    if (judged) {
        json["absent"] = sample.absent;
        json["upheld"] = sample.upheld;
    }
    if (!sample.readRows.empty())
        json["read_rows"] = sample.readRows;
    if (!sample.writeRows.empty())
        json["write_rows"] = sample.writeRows;
    if (!sample.depths.empty())
        json["depths"] = sample.depths;
    return json;
}

Json cellJson(const Cell& cell, const SweepPlan& plan)
{
    Json json { { "length_tokens", cell.lengthTokens }, { "length_achieved", numberOrNull(cell.lengthAchieved) },
        { "depth_percent", cell.depthPercent }, { "depth_achieved", numberOrNull(cell.depthAchieved) },
        { "trials", cell.trials }, { "hits", cell.hits }, { "recall", numberOrNull(cell.recall) },
        { "ci95", Json::array({ cell.ci95.low, cell.ci95.high }) }, { "rouge_l", numberOrNull(cell.rougeL) } };
    if (plan.task.kind == TaskKind::Ruler)
        json["ruler_score"] = cell.rulerScore;
    if (cell.upheld)
        json["upheld"] = *cell.upheld;
    if (const auto& found = cell.foundFirst)
        json["found_first"] = { { "content", found->content }, { "floor", found->floor }, { "bm25", found->bm25 } };
    Json samples = Json::array();
    for (const Sample& sample : cell.samples)
        samples.push_back(sampleJson(sample, plan, cell.upheld.has_value()));
    json["samples"] = std::move(samples);
    return json;
}

Json timingJson(const SweepTiming& timing, const SweepPlan& plan)
{
    Json json { { "encode_s", timing.encodeSeconds }, { "write_s", timing.writeSeconds }, { "read_s", timing.readSeconds },
        { "decode_s", timing.decodeSeconds }, { "total_s", timing.totalSeconds },
        { "tokens_encoded", timing.tokensEncoded }, { "tokens_per_s", numberOrNull(timing.tokensPerSecond) },
        { "path", nameOf(plan.path) } };
    if (plan.baselines)
        json["baselines_s"] = timing.baselineSeconds;
    if (timing.shards > 1)
        json["shards"] = timing.shards;
    return json;
}

// The settings as they were asked for: with them a trial can be replayed.
Json planJson(const SweepPlan& plan)
{
    return { { "lengths", plan.lengths }, { "depths", plan.depths }, { "trials", plan.trials },
        { "controls", plan.controls }, { "prefix_tokens", plan.memory.prefixTokens }, { "rows", plan.memory.rows } };
}

/// Of pseudo-inverse addressing: a newton iteration's steps and scale, and how often a readout is read with in all.
Json inverseJson(const MemorySettings& memory)
{
    Json json { { "kind", nameOf(memory.inverse) }, { "reads", memory.reads } };
    if (memory.inverse == InverseMode::Newton) {
        json["steps"] = memory.newton.steps;
        json["scale"] = memory.newton.scale;
    }
    return json;
}

/// What only some runs have is left out elsewhere: their records stay as they were.
Json addressingJson(const RunRecord& record)
{
    const MemorySettings& memory = record.plan.memory;
    const ReadingRules& reading = record.plan.reading;
    Json json { { "mode", nameOf(memory.addressing) }, { "keys", nameOf(memory.keys) },
        { "prefix_tokens", record.result.prefixTokens }, { "key_memory", nameOf(memory.keyMemory) },
        { "rows", record.result.rows } };
    if (memory.prompted != DecoderPrompt::None)
        json["prompted"] = nameOf(memory.prompted);
    if (memory.latents != LatentFormat::Float32)
        json["latents"] = nameOf(memory.latents);
    if (memory.addressing == Addressing::PseudoInverse) {
        json["inverse"] = inverseJson(memory);
        if (memory.observationNoise > 0)
            json["observation_noise"] = shortest(memory.observationNoise);
        if (memory.sampled)
            json["sampled"] = { { "weight_log_variance", shortest(memory.weightLogVariance) } };
    }
    if (reading.byQuestion)
        json["reading"] = { { "share", reading.rows.share }, { "most_rows", reading.rows.most }, { "follow", reading.follow } };
    return json;
}

Json machineJson(const MachineInfo& machine)
{
    return { { "cpu", machine.cpu }, { "isa", machine.isa }, { "blas", machine.blas }, { "blas_core", machine.blasCore },
        { "threads", machine.threads }, { "libtorch", machine.libtorch }, { "device", machine.device } };
}

Json headJson(const RunRecord& record)
{
    const RecordedModel& model = record.model;
    Json json;
    json["schema"] = kRunSchema;
    json["created"] = record.created;
    json["hayloft_version"] = record.hayloftVersion;
    json["seed"] = record.plan.seed;
    if (!record.shard.isWhole())
        json["shard"] = { { "number", record.shard.number }, { "of", record.shard.of } };
    json["machine"] = machineJson(record.machine);
    for (const MachineInfo& machine : record.machines)
        json["machines"].push_back(machineJson(machine));
    json["model"] = { { "name", model.name }, { "sha256", model.sha256 }, { "parameters", model.parameters },
        { "latent_size", model.latentSize }, { "max_tokens", model.maxTokens } };
    if (model.precision != Precision::Float32)
        json["model"]["precision"] = nameOf(model.precision);
    return json;
}

} // namespace

std::string toJson(const RunRecord& record)
{
    const SweepPlan& plan = record.plan;
    const SweepResult& result = record.result;
    Json json = headJson(record);
    json["task"] = taskJson(plan.task);
    json["haystack"] = { { "source", result.haystack.source }, { "sha256", result.haystack.sha256 },
        { "tokens", result.haystack.tokens }, { "repeats", numberOrNull(result.haystack.repeats) } };
    json["segmenter"] = { { "kind", nameOf(plan.segmenter.kind) }, { "max_tokens", plan.segmenter.maxTokens } };
    json["addressing"] = addressingJson(record);
    json["controls"] = { { "trials", result.controls.trials }, { "false_answers", result.controls.falseAnswers } };
    if (result.controls.answered)
        json["controls"]["answered"] = *result.controls.answered;
    json["plan"] = planJson(plan);
    Json cells = Json::array();
    for (const Cell& cell : result.cells)
        cells.push_back(cellJson(cell, plan));
    json["cells"] = std::move(cells);
    json["timing"] = timingJson(result.timing, plan);
    // An answer cut within a character must not make the whole record unwritable.
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

void saveRunRecord(const RunRecord& record, const std::filesystem::path& file)
{
    writeFileAtomically(file, toJson(record));
}

} // namespace hayloft
