// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/LoadSweep.h"

#include "core/base/Format.h"
#include "core/recall/TrialSolver.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace hayloft {

namespace {

constexpr double kLeastLoad = 0.001, kGreatestLoad = 1000;
constexpr std::size_t kMostLoads = 1000;

double parseLoad(std::string_view text)
{
    double load = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), load);
    if (error != std::errc() || end != text.data() + text.size())
        throw Error("a load is a number of segments per row", "--loads \"" + std::string(text) + "\"", "write for example 0.1,1,8");
    if (!(load >= kLeastLoad && load <= kGreatestLoad))
        throw Error("no such number of segments per row", "--loads " + std::string(text), "give 0.001 to 1000");
    return load;
}

Index medianSegments(const SweepPlan& plan, const Haystack& pieces, const Task& task)
{
    std::vector<Index> segments;
    for (const Trial& trial : drawTrials(plan, pieces, task)) {
        if (!trial.control)
            segments.push_back(trial.layout.segments());
    }
    const auto middle = segments.begin() + static_cast<std::ptrdiff_t>((segments.size() - 1) / 2);
    std::nth_element(segments.begin(), middle, segments.end());
    return *middle;
}

LoadPoint withRows(const SweepPlan& plan, double load, Index segments)
{
    LoadPoint point {load, segments, plan, {}};
    point.plan.memory.keyMemory = KeyMemoryKind::Fixed;
    point.plan.memory.rows = std::max<Index>(1, static_cast<Index>(std::llround(static_cast<double>(segments) / load)));
    return point;
}

/// The length is corrected by how many segments it had: a few times, since trials are drawn anew for each length.
LoadPoint withLength(const SweepPlan& plan, double load, const Document& haystack, const LatentModel& model, const Task& task)
{
    const Haystack pieces(haystack, model.tokenizer(), plan.segmenter, task);
    const double wanted = std::max(1.0, load * static_cast<double>(plan.memory.rows));
    const double tokens = static_cast<double>(pieces.tokens()) / static_cast<double>(pieces.size()); // of a segment
    LoadPoint best;
    double length = wanted * tokens;
    for (int i = 0; i < 4; ++i) {
        LoadPoint point {load, 0, plan, {}};
        point.plan.lengths = {std::max<std::int64_t>(1, std::llround(length))};
        checkPlan(point.plan, model);
        point.segments = medianSegments(point.plan, pieces, task);
        const double missing = wanted - static_cast<double>(point.segments);
        if (i == 0 || std::abs(missing) < std::abs(wanted - static_cast<double>(best.segments)))
            best = std::move(point);
        if (std::abs(missing) < 0.005 * wanted)
            break;
        length += missing * tokens;
    }
    return best;
}

} // namespace

std::vector<double> parseLoads(std::string_view spec)
{
    std::vector<double> loads;
    for (std::size_t begin = 0; begin <= spec.size();) {
        const std::size_t end = std::min(spec.find(',', begin), spec.size());
        loads.push_back(parseLoad(spec.substr(begin, end - begin)));
        begin = end + 1;
    }
    if (loads.size() > kMostLoads)
        throw Error("too many loads", "--loads", "give at most " + std::to_string(kMostLoads));
    std::sort(loads.begin(), loads.end());
    loads.erase(std::unique(loads.begin(), loads.end()), loads.end());
    return loads;
}

Index contextSegments(const SweepPlan& plan, const Document& haystack, const LatentModel& model, const Task& task)
{
    checkPlan(plan, model);
    return medianSegments(plan, Haystack(haystack, model.tokenizer(), plan.segmenter, task), task);
}

std::vector<LoadPoint> runLoadSweep(const SweepPlan& plan, const std::vector<double>& loads, const Document& haystack,
                                    const LatentModel& model, const Task& task, const LoadFn& onPoint)
{
    const bool nearest = plan.memory.addressing == Addressing::NearestRow;
    // Another length has another N, so that one K would stand for several loads.
    if (nearest && plan.lengths.size() != 1)
        throw Error("loads are measured at one length", std::to_string(plan.lengths.size()) + " lengths", "give one with --lengths");
    std::vector<LoadPoint> points;
    const Index segments = nearest ? contextSegments(plan, haystack, model, task) : 0;
    for (const double load : loads) {
        LoadPoint point = nearest ? withRows(plan, load, segments) : withLength(plan, load, haystack, model, task);
        const Task named {task.stop, [&](Progress progress) {
                              progress.phase = formatted("load %g: ", load) + progress.phase;
                              task.report(progress);
                          }};
        point.result = runSweep(point.plan, haystack, model, named);
        points.push_back(std::move(point));
        if (onPoint)
            onPoint(points.back());
    }
    return points;
}

} // namespace hayloft
