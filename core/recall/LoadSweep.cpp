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
    const Haystack pieces(haystack, model.tokenizer(), plan.segmenter, task);
    std::vector<Index> segments;
    for (const Trial& trial : drawTrials(plan, pieces, task)) {
        if (!trial.control)
            segments.push_back(trial.layout.segments());
    }
    const auto middle = segments.begin() + static_cast<std::ptrdiff_t>((segments.size() - 1) / 2);
    std::nth_element(segments.begin(), middle, segments.end());
    return *middle;
}

std::vector<LoadPoint> runLoadSweep(const SweepPlan& plan, const std::vector<double>& loads, const Document& haystack,
                                    const LatentModel& model, const Task& task, const LoadFn& onPoint)
{
    // Another length has another N, so that one K would stand for several loads.
    if (plan.lengths.size() != 1)
        throw Error("loads are measured at one length", std::to_string(plan.lengths.size()) + " lengths", "give one with --lengths");
    const Index segments = contextSegments(plan, haystack, model, task);
    std::vector<LoadPoint> points;
    for (const double load : loads) {
        LoadPoint point {load, segments, plan, {}};
        point.plan.memory.keyMemory = KeyMemoryKind::Fixed;
        point.plan.memory.rows = std::max<Index>(1, static_cast<Index>(std::llround(static_cast<double>(segments) / load)));
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
