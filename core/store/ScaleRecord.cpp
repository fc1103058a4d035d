// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ScaleRecord.h"

#include "core/base/Files.h"
#include "core/base/Format.h"
#include "core/store/JsonReader.h"

#include <nlohmann/json.hpp>

#include <fstream>

namespace hayloft {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxBytes = std::size_t { 1 } << 24;
constexpr std::size_t kMaxPoints = 1000;
constexpr std::size_t kWorkloadWithin = 128; ///< bytes
constexpr std::int64_t kMostTokens = std::int64_t { 1 } << 50;
constexpr double kMostSeconds = 1e9, kMostGigabytes = 1e6;

ScalePoint pointFrom(const JsonReader& node)
{
    ScalePoint point;
    point.tokens = node.at("tokens").integer(1, kMostTokens);
    point.rows = node.at("rows").integer(1, kMostTokens);
    point.seconds = node.at("seconds").number(0, kMostSeconds);
    point.encodeSeconds = node.at("encode_s").number(0, kMostSeconds);
    point.peakGigabytes = node.at("peak_memory_gb").number(0, kMostGigabytes);
    point.trials = static_cast<int>(node.at("trials").integer(1, 1 << 30));
    point.hits = static_cast<int>(node.at("hits").integer(0, point.trials));
    point.ci95 = wilson(point.hits, point.trials);
    return point;
}

} // namespace

ScaleRecord scaleRecordFromJson(std::string_view text, const std::string& where)
{
    const char* const remedy = "give a file that hayloft-cli bench scale --out wrote";
    const Json json = Json::parse(text.begin(), text.end(), nullptr, false);
    if (json.is_discarded())
        throw Error("not valid JSON", where, remedy);
    const JsonReader root(json, where, "", remedy);
    if (const JsonReader workload = root.at("workload"); workload.text() != "scale")
        workload.fail("not \"scale\" but \"" + workload.text().substr(0, 40) + "\" at");
    ScaleRecord record;
    record.version = root.at("hayloft_version").text();
    record.cpu = root.at("machine").at("cpu").text();
    record.threads = static_cast<int>(root.at("machine").at("threads").integer(1, 1 << 20));
    record.haystack = root.at("inputs").at("haystack").text();
    record.keys = root.at("inputs").at("keys").text();
    for (const JsonReader& node : root.at("results").at("lengths").elements(kMaxPoints)) {
        record.points.push_back(pointFrom(node));
        if (record.points.size() > 1 && record.points.end()[-2].tokens >= record.points.back().tokens)
            node.at("tokens").fail("lengths do not ascend at");
    }
    if (record.points.empty())
        root.at("results").at("lengths").fail("no lengths in");
    return record;
}

ScaleRecord readScaleRecord(const std::filesystem::path& file) { return scaleRecordFromJson(readFile(file, kMaxBytes), file.string()); }

bool isScaleRecord(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    if (!stream)
        throw Error("cannot read the record", file.string(), "give a record that hayloft-cli wrote");
    std::string begin(kWorkloadWithin, '\0');
    stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    return begin.find("\"workload\": \"scale\"") != std::string::npos;
}

std::string captionOf(const ScaleRecord& record)
{
    const ScalePoint& first = record.points.front();
    const ScalePoint& last = record.points.back();
    std::int64_t hits = 0, trials = 0;
    for (const ScalePoint& point : record.points) {
        hits += point.hits;
        trials += point.trials;
    }
    std::string caption = "Contexts of " + grouped(first.tokens) + " to " + grouped(last.tokens) + " tokens of " + record.haystack + ", " + record.keys
        + " keys: seconds to encode a context and to read its needles, and the most memory of the process. The longest took "
        + formatted("%.3g s (%.3g s for each million tokens, the shortest %.3g) and %.3g GB", last.seconds, last.seconds / static_cast<double>(last.tokens) * 1e6,
                    first.seconds / static_cast<double>(first.tokens) * 1e6, last.peakGigabytes);
    caption += "; " + grouped(hits) + "/" + grouped(trials) + " recalled. " + record.cpu + ", " + std::to_string(record.threads)
        + (record.threads == 1 ? " thread" : " threads") + ", Hayloft " + record.version + ".";
    return caption;
}

} // namespace hayloft
