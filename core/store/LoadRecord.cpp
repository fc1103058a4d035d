// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/LoadRecord.h"

#include "core/base/Files.h"
#include "core/base/Format.h"
#include "core/store/JsonReader.h"
#include "core/store/RunRecordWords.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <functional>
#include <numeric>
#include <set>

namespace hayloft {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kLoadSchema = "hayloft.load/1";
constexpr std::size_t kMaxRecordBytes = std::size_t { 1 } << 30;
constexpr std::size_t kMaxPoints = 1000;
constexpr std::size_t kSchemaWithin = 256; ///< bytes

double medianOf(std::vector<double> values)
{
    if (values.empty())
        return 0;
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

Json pointJson(const LoadRun& point)
{
    const LoadCounts counts = countsOf(point.run);
    Json json { { "load", point.load }, { "segments", point.segments }, { "rows", point.run.result.rows },
        { "trials", counts.trials }, { "hits", counts.hits }, { "recall", counts.recall },
        { "ci95", Json::array({ counts.ci95.low, counts.ci95.high }) } };
    json["failures"] = { { "row_wrong", counts.rowWrong }, { "row_shared", counts.rowShared }, { "decode_wrong", counts.decodeWrong } };
    json["row_segments_median"] = counts.rowSegments;
    json["run"] = Json::parse(toJson(point.run));
    return json;
}

LoadRun readPoint(const JsonReader& node, const Json& json, const std::string& where)
{
    LoadRun point;
    point.load = node.at("load").number(1e-6, 1e6);
    point.segments = node.at("segments").integer(1, std::int64_t { 1 } << 53);
    node.at("run");
    point.run = runRecordFromJson(json.at("run").dump(), where);
    if (point.run.plan.memory.keyMemory == KeyMemoryKind::Grow || point.run.result.rows < 1)
        node.at("run").fail("no fixed key memory in");
    if (point.run.plan.lengths.size() != 1)
        node.at("run").fail("not one length in");
    if (countsOf(point.run).trials < 1)
        node.at("run").fail("no trials in");
    return point;
}

bool belongTogether(const RunRecord& a, const RunRecord& b)
{
    return taskWords(a.plan.task) == taskWords(b.plan.task) && a.plan.memory.keys == b.plan.memory.keys && promptWords(a.plan.memory) == promptWords(b.plan.memory)
        && a.plan.memory.addressing == b.plan.memory.addressing && inverseWords(a.plan.memory) == inverseWords(b.plan.memory)
        && (a.plan.memory.addressing == Addressing::PseudoInverse || a.plan.lengths == b.plan.lengths) && a.plan.seed == b.plan.seed && a.model.sha256 == b.model.sha256
        && a.model.precision == b.model.precision && a.plan.memory.latents == b.plan.memory.latents;
}

/// "2,048" or "100 to 8,000".
std::string rangeWords(const std::set<std::int64_t>& values)
{
    return values.size() == 1 ? grouped(*values.begin()) : grouped(*values.begin()) + " to " + grouped(*values.rbegin());
}

/// Each text once, in its first place.
std::string distinctWords(const LoadRecords& records, const std::function<std::string(const RunRecord&)>& wordsOf)
{
    std::vector<std::string> seen;
    std::string words;
    for (const auto& record : records) {
        const std::string one = wordsOf(record->runs.front().run);
        if (std::find(seen.begin(), seen.end(), one) != seen.end())
            continue;
        seen.push_back(one);
        words += (words.empty() ? "" : "; ") + one;
    }
    return words;
}

/// In what kinds of memories.
std::string memoryWords(const LoadRecords& records)
{
    LoadRecords published;
    for (const auto& record : records)
        if (record->runs.front().run.plan.memory.addressing == Addressing::PseudoInverse)
            published.push_back(record);
    const std::string inverses = distinctWords(published, [](const RunRecord& run) { return inverseWords(run.plan.memory); });
    const bool nearest = published.size() < records.size();
    if (inverses.empty())
        return " in fixed key memories";
    const std::string words = "with pseudo-inverse addressing (" + inverses + "), N by the context's length";
    return nearest ? ": in fixed key memories read by the nearest row, K by the load; and " + words : " " + words;
}

/// One for each way of prompting, or none.
std::string promptSentence(const LoadRecords& records)
{
    const std::string words = distinctWords(records, [](const RunRecord& run) {
        const std::string prompted = promptWords(run.plan.memory);
        return prompted.empty() ? "answers without a prompt" : prompted;
    });
    if (words == "answers without a prompt")
        return "";
    return static_cast<char>(words[0] - 'a' + 'A') + words.substr(1) + ". ";
}

int trialsOf(const RunRecord& run)
{
    return std::accumulate(run.result.cells.begin(), run.result.cells.end(), 0, [](int sum, const Cell& cell) { return sum + cell.trials; });
}

} // namespace

LoadCounts countsOf(const RunRecord& run)
{
    LoadCounts counts;
    std::vector<double> rowSegments;
    for (const Cell& cell : run.result.cells) {
        counts.trials += cell.trials;
        counts.hits += cell.hits;
        for (const Sample& sample : cell.samples) {
            counts.rowWrong += sample.failure == Failure::RowWrong ? 1 : 0;
            counts.rowShared += sample.failure == Failure::RowShared ? 1 : 0;
            counts.decodeWrong += sample.failure == Failure::DecodeWrong ? 1 : 0;
            rowSegments.push_back(static_cast<double>(sample.rowSegments));
        }
    }
    counts.recall = counts.trials > 0 ? static_cast<double>(counts.hits) / counts.trials : 0;
    counts.ci95 = wilson(counts.hits, counts.trials);
    counts.rowSegments = medianOf(std::move(rowSegments));
    return counts;
}

std::string toJson(const LoadRecord& record)
{
    Json json { { "schema", kLoadSchema } };
    Json points = Json::array();
    for (const LoadRun& point : record.runs)
        points.push_back(pointJson(point));
    json["points"] = std::move(points);
    return json.dump(1) + "\n";
}

LoadRecord loadRecordFromJson(std::string_view text, const std::string& where)
{
    const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (json.is_discarded())
        throw Error("not valid JSON", where, "give a record that hayloft-cli sweep --axis load wrote");
    const JsonReader root(json, where, "", "it is no hayloft.load/1 record or was changed");
    if (const JsonReader schema = root.at("schema"); schema.text() != kLoadSchema)
        schema.fail("not \"hayloft.load/1\" but \"" + schema.text().substr(0, 40) + "\" at");
    LoadRecord record;
    for (const JsonReader& node : root.at("points").elements(kMaxPoints)) {
        const std::size_t number = record.runs.size();
        record.runs.push_back(readPoint(node, json["points"][number], where + ", points[" + std::to_string(number) + "].run"));
        if (number > 0 && record.runs[number].load <= record.runs[number - 1].load)
            node.at("load").fail("loads do not ascend at");
        if (!belongTogether(record.runs.front().run, record.runs.back().run))
            node.at("run").fail("another task, key, length, seed or model in");
    }
    if (record.runs.empty())
        root.at("points").fail("no loads in");
    return record;
}

LoadRecord readLoadRecord(const std::filesystem::path& file)
{
    return loadRecordFromJson(readFile(file, kMaxRecordBytes), file.string());
}

bool isLoadRecord(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        throw Error("cannot read the record", file.string(), "give a record that hayloft-cli sweep wrote");
    std::string begin(kSchemaWithin, '\0');
    stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    return begin.find("\"" + std::string(kLoadSchema) + "\"") != std::string::npos;
}

std::string captionOf(const LoadRecords& records)
{
    if (records.empty())
        return "";
    std::set<std::int64_t> rows, segments, lengths, trials;
    for (const auto& record : records) {
        for (const LoadRun& point : record->runs) {
            rows.insert(point.run.result.rows);
            segments.insert(point.segments);
            lengths.insert(point.run.plan.lengths.begin(), point.run.plan.lengths.end());
            trials.insert(trialsOf(point.run));
        }
    }
    const auto words = [&](const auto& wordsOf) { return distinctWords(records, wordsOf); };
    return "Recall over segments per row (N/K)" + memoryWords(records) + "; " + words(modelWords) + "; "
        + words([](const RunRecord& run) { return taskWords(run.plan.task); }) + ". Contexts of " + rangeWords(lengths)
        + " tokens, N = " + rangeWords(segments) + " segments (median), K = " + rangeWords(rows) + " rows, drawn once for each load and kind of key. "
        + promptSentence(records) + words([](const RunRecord& run) { return haystackWords(run.result.haystack); }) + ". " + rangeWords(trials)
        + " trials a point; bars: 95% Wilson interval over the trials of one draw of rows. " + words(endWords) + ".";
}

} // namespace hayloft
