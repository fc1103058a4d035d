// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/SweepPlan.h"

#include "core/base/Error.h"
#include "core/base/Random.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>

namespace hayloft {

namespace {

constexpr int kMaxPoints = 10000;
constexpr double kMaxLength = 1e12;

std::vector<std::string_view> split(std::string_view text, char separator)
{
    std::vector<std::string_view> parts;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

/// A number; with `suffixes`, k = 1,000 and m = 1,000,000. @throws Error naming `what`.
double parseNumber(std::string_view text, std::string_view what, bool suffixes)
{
    std::string_view number = trimmed(text);
    double factor = 1;
    if (suffixes && !number.empty()) {
        const char last = number.back();
        factor = last == 'k' || last == 'K' ? 1e3 : last == 'm' || last == 'M' ? 1e6 : 1;
        if (factor > 1)
            number.remove_suffix(1);
    }
    double value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(value))
        throw Error("not a number in the " + std::string(what), "\"" + std::string(text) + "\"",
                    "write for example " + std::string(suffixes ? "1k:137k:10" : "0:100:11"));
    return value * factor;
}

int parseCount(std::string_view text, std::string_view what)
{
    const double count = parseNumber(text, what, false);
    if (count < 1 || count > kMaxPoints || count != std::floor(count))
        throw Error("the number of points must be 1 to " + std::to_string(kMaxPoints), std::string(what) + " \"" + std::string(text) + "\"", "");
    return static_cast<int>(count);
}

std::vector<double> evenly(double first, double last, int points)
{
    std::vector<double> values;
    for (int i = 0; i < points; ++i)
        values.push_back(points == 1 ? first : first + (last - first) * i / (points - 1));
    return values;
}

/// Kamradt's spacing: round(100 / (1 + exp(-0.1 (x - 50))), 3), the ends forced to 0 and 100.
std::vector<double> sigmoid(int points)
{
    if (points < 2)
        throw Error("sigmoid depths need at least 2 points", "depths", "write for example sigmoid:11");
    std::vector<double> values;
    for (double x : evenly(0, 100, points))
        values.push_back(std::round(1000.0 * 100.0 / (1.0 + std::exp(-0.1 * (x - 50.0)))) / 1000.0);
    values.front() = 0;
    values.back() = 100;
    return values;
}

/// "a:b:n" or a list.
std::vector<double> parseGrid(std::string_view spec, std::string_view what, bool suffixes)
{
    const auto parts = split(spec, ':');
    if (parts.size() == 3)
        return evenly(parseNumber(parts[0], what, suffixes), parseNumber(parts[1], what, suffixes), parseCount(parts[2], what));
    if (parts.size() != 1)
        throw Error("a range of " + std::string(what) + " has three parts", "\"" + std::string(spec) + "\"", "write first:last:points");
    std::vector<double> values;
    for (auto part : split(spec, ','))
        values.push_back(parseNumber(part, what, suffixes));
    return values;
}

template <typename T>
void sortUnique(std::vector<T>& values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

} // namespace

bool readsByQuestion(const RecallTask& task, const MemorySettings& memory)
{
    return memory.addressing == Addressing::NearestRow && (task.kind == TaskKind::Ruler || rulesFor(memory.keys).byQuestion);
}

void checkPrompted(const MemorySettings& memory)
{
    if (memory.prompted != DecoderPrompt::None && memory.keys == KeyKind::Content)
        throw Error("answers by content keys are judged by their question's words, which a prompt would put there", "memory settings",
                    "leave --prompted out, or use prefix or whole keys");
}

void checkLatents(const MemorySettings& memory)
{
    if (memory.latents == LatentFormat::Float32)
        return;
    const std::string what = "latents of " + std::string(nameOf(memory.latents));
    if (memory.addressing == Addressing::PseudoInverse)
        throw Error("pseudo-inverse addressing mixes latents of float32", what, "leave --latents out, or read the nearest row");
    if (memory.keys == KeyKind::Whole)
        throw Error("whole keys are the latents, and keys are float32", what, "leave --latents out, or use prefix or content keys");
}

std::vector<std::int64_t> parseLengths(std::string_view spec)
{
    std::vector<std::int64_t> lengths;
    for (double length : parseGrid(spec, "lengths", true)) {
        if (!(length >= 1) || length > kMaxLength)
            throw Error("a length must be at least 1 token", "lengths \"" + std::string(spec) + "\"", "write for example 1k:137k:10");
        lengths.push_back(std::llround(length));
    }
    sortUnique(lengths);
    return lengths;
}

std::vector<double> parseDepths(std::string_view spec)
{
    constexpr std::string_view word = "sigmoid:";
    auto depths = trimmed(spec).substr(0, word.size()) == word ? sigmoid(parseCount(trimmed(spec).substr(word.size()), "depths"))
                                                               : parseGrid(spec, "depths", false);
    for (double depth : depths) {
        if (!(depth >= 0 && depth <= 100))
            throw Error("a depth must lie between 0 and 100 percent", "depths \"" + std::string(spec) + "\"", "write for example 0:100:11");
    }
    sortUnique(depths);
    return depths;
}

std::uint64_t trialSeed(std::uint64_t seed, std::int64_t lengthTokens, double depthPercent, int trial)
{
    return mixSeed(seed, static_cast<std::uint64_t>(lengthTokens), std::bit_cast<std::uint64_t>(depthPercent + 0.0),
                   static_cast<std::uint64_t>(trial));
}

SweepPath sweepPathFromName(std::string_view name)
{
    if (name == "fast")
        return SweepPath::Fast;
    if (name == "naive")
        return SweepPath::Naive;
    throw Error("unknown sweep path", std::string(name), "use fast or naive");
}

std::string_view nameOf(SweepPath path)
{
    return path == SweepPath::Fast ? "fast" : "naive";
}

} // namespace hayloft
