// SPDX-License-Identifier: GPL-3.0-or-later
// Heatmap data from run records: grids, differences and titles.
#include "widgets/Heatmap.h"

#include "widgets/ColourMap.h"
#include "widgets/recall/TaskPresets.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

/// Depths are compared as percent written with three decimals.
constexpr double kDepthTolerance = 5e-4;

QString text(const char* source) { return QCoreApplication::translate("hayloft::Heatmap", source); }

void sortDepths(std::vector<double>& depths)
{
    std::sort(depths.begin(), depths.end());
    const auto same = [](double a, double b) { return std::abs(a - b) < kDepthTolerance; };
    depths.erase(std::unique(depths.begin(), depths.end(), same), depths.end());
}

/// -1 when the grid has no such cell.
std::ptrdiff_t indexOf(const HeatmapData& heatmap, std::int64_t length, double depth)
{
    const auto column = std::find(heatmap.lengths.begin(), heatmap.lengths.end(), length);
    const auto row = std::find_if(heatmap.depths.begin(), heatmap.depths.end(),
                                  [depth](double d) { return std::abs(d - depth) < kDepthTolerance; });
    if (column == heatmap.lengths.end() || row == heatmap.depths.end())
        return -1;
    return (column - heatmap.lengths.begin()) * std::ptrdiff_t(heatmap.depths.size()) + (row - heatmap.depths.begin());
}

HeatmapData gridOf(std::vector<std::int64_t> lengths, std::vector<double> depths)
{
    HeatmapData heatmap;
    std::sort(lengths.begin(), lengths.end());
    lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
    sortDepths(depths);
    heatmap.lengths = std::move(lengths);
    heatmap.depths = std::move(depths);
    heatmap.cells.resize(heatmap.lengths.size() * heatmap.depths.size());
    return heatmap;
}

/// Newcombe's hybrid score interval of a difference of proportions, from the two Wilson intervals.
Interval differenceInterval(double a, const Interval& ia, double b, const Interval& ib)
{
    const double below = std::hypot(a - ia.low, ib.high - b);
    const double above = std::hypot(ia.high - a, b - ib.low);
    return { std::max(-1.0, a - b - below), std::min(1.0, a - b + above) };
}

HeatmapCell differenceCell(const Cell& a, const Cell& b)
{
    HeatmapCell cell;
    cell.measured = true;
    cell.value = a.recall - b.recall;
    cell.hits = a.hits;
    cell.trials = a.trials;
    cell.otherHits = b.hits;
    cell.otherTrials = b.trials;
    cell.ci95 = differenceInterval(a.recall, a.ci95, b.recall, b.ci95);
    cell.lengthAchieved = (a.lengthAchieved + b.lengthAchieved) / 2;
    cell.depthAchieved = (a.depthAchieved + b.depthAchieved) / 2;
    return cell;
}

QString keysTitle(const MemorySettings& memory)
{
    const QString keys = text("%1 keys").arg(QLatin1String(nameOf(memory.keys).data(), int(nameOf(memory.keys).size())));
    if (memory.addressing == Addressing::PseudoInverse)
        return text("%1, pseudo-inverse K = %2").arg(keys, QLocale(QLocale::English).toString(qlonglong(memory.rows)));
    if (memory.keyMemory == KeyMemoryKind::Prior)
        return text("%1, learned K = %2").arg(keys, QLocale(QLocale::English).toString(qlonglong(memory.rows)));
    if (memory.keyMemory != KeyMemoryKind::Fixed)
        return keys;
    return text("%1, fixed K = %2").arg(keys, QLocale(QLocale::English).toString(qlonglong(memory.rows)));
}

constexpr auto kSeparator = " · ";

/// What both runs have in common, then "this (A) − that (B)".
QString differenceTitle(const RunRecord& a, const RunRecord& b)
{
    const QStringList partsA = runTitleParts(a), partsB = runTitleParts(b);
    QStringList common, onlyA, onlyB;
    for (qsizetype i = 0; i < partsA.size(); ++i) {
        if (partsA[i] != partsB[i]) {
            onlyA << partsA[i];
            onlyB << partsB[i];
        } else if (!partsA[i].isEmpty()) {
            common << partsA[i];
        }
    }
    if (onlyA.isEmpty()) {
        onlyA << text("seed %1").arg(a.plan.seed);
        onlyB << text("seed %1").arg(b.plan.seed);
    }
    common << text("%1 (A) − %2 (B)").arg(onlyA.join(QStringLiteral(", ")), onlyB.join(QStringLiteral(", ")));
    return common.join(QString::fromUtf8(kSeparator));
}

} // namespace

QColor heatColour(double value, Palette palette, bool difference)
{
    return difference ? diverging(value) : sequential(value, palette);
}

QStringList runTitleParts(const RunRecord& record)
{
    return { taskTitle(record.plan.task), keysTitle(record.plan.memory), QString::fromStdString(record.model.name) };
}

QString runTitle(const RunRecord& record)
{
    QStringList parts = runTitleParts(record);
    parts.removeAll(QString());
    return parts.join(QString::fromUtf8(kSeparator));
}

HeatmapData emptyHeatmap(const SweepPlan& plan)
{
    HeatmapData heatmap = gridOf(plan.lengths, plan.depths);
    RunRecord record;
    record.plan = plan;
    heatmap.title = runTitle(record);
    return heatmap;
}

bool setCell(HeatmapData& heatmap, const Cell& measured)
{
    const std::ptrdiff_t index = indexOf(heatmap, measured.lengthTokens, measured.depthPercent);
    if (index < 0)
        return false;
    HeatmapCell& cell = heatmap.cells[std::size_t(index)];
    cell.measured = measured.trials > 0;
    cell.value = measured.recall;
    cell.hits = measured.hits;
    cell.trials = measured.trials;
    cell.ci95 = measured.ci95;
    cell.lengthAchieved = measured.lengthAchieved;
    cell.depthAchieved = measured.depthAchieved;
    return true;
}

HeatmapData heatmapOf(const RunRecord& record)
{
    std::vector<std::int64_t> lengths = record.plan.lengths;
    std::vector<double> depths = record.plan.depths;
    for (const Cell& cell : record.result.cells) {
        lengths.push_back(cell.lengthTokens);
        depths.push_back(cell.depthPercent);
    }
    HeatmapData heatmap = gridOf(std::move(lengths), std::move(depths));
    for (const Cell& cell : record.result.cells)
        setCell(heatmap, cell);
    heatmap.title = runTitle(record);
    heatmap.caption = QString::fromStdString(captionOf(record));
    return heatmap;
}

HeatmapData differenceOf(const RunRecord& a, const RunRecord& b)
{
    struct Pair {
        const Cell* a;
        const Cell* b;
    };
    std::vector<Pair> pairs;
    std::vector<std::int64_t> lengths;
    std::vector<double> depths;
    for (const Cell& ca : a.result.cells)
        for (const Cell& cb : b.result.cells)
            if (ca.lengthTokens == cb.lengthTokens && std::abs(ca.depthPercent - cb.depthPercent) < kDepthTolerance
                && ca.trials > 0 && cb.trials > 0) {
                pairs.push_back({ &ca, &cb });
                lengths.push_back(ca.lengthTokens);
                depths.push_back(ca.depthPercent);
            }
    if (pairs.empty())
        throw Error("the two runs share no measured cell", "",
                    "run both with the same lengths and depths to compare them");
    HeatmapData heatmap = gridOf(std::move(lengths), std::move(depths));
    heatmap.difference = true;
    for (const Pair& pair : pairs)
        heatmap.cells[std::size_t(indexOf(heatmap, pair.a->lengthTokens, pair.a->depthPercent))]
            = differenceCell(*pair.a, *pair.b);
    heatmap.title = differenceTitle(a, b);
    heatmap.caption = text("Difference of recall, A − B, on the %1 cells that both runs measured. A: %2 B: %3")
                          .arg(pairs.size())
                          .arg(QString::fromStdString(captionOf(a)), QString::fromStdString(captionOf(b)));
    return heatmap;
}

} // namespace hayloft
