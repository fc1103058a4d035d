// SPDX-License-Identifier: GPL-3.0-or-later
// The data of small multiples: shared lengths and depths, titles that tell the runs apart.
#include "widgets/recall/HeatmapGrid.h"

#include "widgets/recall/TaskPresets.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

constexpr int kMapWidth = 300, kMapHeight = 210;       ///< of one map in a file
constexpr int kFrameWidth = 140, kFrameHeight = 230;   ///< axes, colour bar, title and caption
constexpr int kMostColumns = 4;

QString text(const char* source) { return QCoreApplication::translate("hayloft::HeatmapGrid", source); }

int columnsInFile(std::size_t maps)
{
    const int square = int(std::ceil(std::sqrt(double(maps))));
    return std::clamp(maps == 3 ? 3 : square, 1, kMostColumns); // three in a square would leave a hole
}

/// The task's short name first: "RULER" before each of eight names would only take their room.
QStringList partsOf(const RunRecord& run)
{
    QStringList parts = runTitleParts(run);
    parts[0] = shortTaskTitle(run.plan.task);
    parts << text("seed %1").arg(run.plan.seed);
    return parts;
}

/// Fills the maps' titles with what differs and returns what does not. The task always stands with its map.
QString shareTitles(HeatmapGrid& grid, const std::vector<std::shared_ptr<const RunRecord>>& runs)
{
    std::vector<QStringList> parts;
    for (const auto& run : runs)
        parts.push_back(partsOf(*run));
    QStringList common { text("%1 runs").arg(runs.size()) };
    for (qsizetype part = 0; part < parts[0].size(); ++part) {
        const bool same = std::all_of(parts.begin(), parts.end(), [&](const QStringList& p) { return p[part] == parts[0][part]; });
        if (same && part > 0) {
            common << parts[0][part];
            continue;
        }
        for (std::size_t run = 0; run < runs.size(); ++run)
            grid.maps[run].title += (part > 0 ? QStringLiteral(", ") : QString()) + parts[run][part];
    }
    common.removeAll(QString());
    return common.join(QStringLiteral(" · "));
}

} // namespace

HeatmapGrid heatmapGridOf(const std::vector<std::shared_ptr<const RunRecord>>& runs)
{
    HeatmapGrid grid;
    if (runs.empty())
        return grid;
    SweepPlan all;
    for (const auto& run : runs) {
        const HeatmapData own = heatmapOf(*run);
        all.lengths.insert(all.lengths.end(), own.lengths.begin(), own.lengths.end());
        all.depths.insert(all.depths.end(), own.depths.begin(), own.depths.end());
    }
    HeatmapData empty = emptyHeatmap(all);
    empty.title.clear();
    grid.maps.assign(runs.size(), empty);
    for (std::size_t i = 0; i < runs.size(); ++i)
        for (const Cell& cell : runs[i]->result.cells)
            setCell(grid.maps[i], cell);
    grid.title = shareTitles(grid, runs);
    grid.caption = QString::fromStdString(captionOf(runs));
    return grid;
}

QString hitsText(const HeatmapData& map, bool brief)
{
    qint64 hits = 0, trials = 0;
    for (const HeatmapCell& cell : map.cells) {
        hits += cell.hits;
        trials += cell.trials;
    }
    const QLocale locale(QLocale::English);
    if (trials == 0)
        return text("not measured");
    const QString count = QStringLiteral("%1/%2").arg(locale.toString(hits), locale.toString(trials));
    // 99.96% is not 100%: a miss must not be rounded away.
    const double percent = std::floor(1000.0 * double(hits) / double(trials)) / 10;
    return brief ? count : text("%1 hits (%2%)").arg(count, locale.toString(percent, 'f', 1));
}

QSize gridFigureSize(std::size_t maps)
{
    const int columns = columnsInFile(maps);
    const int rows = (int(std::max<std::size_t>(1, maps)) + columns - 1) / columns;
    return { columns * kMapWidth + kFrameWidth, rows * kMapHeight + kFrameHeight };
}

HeatmapStyle gridFigureStyle(const HeatmapGrid& grid, const FigureOptions& options)
{
    HeatmapStyle style = figureStyle(options);
    const QSize usual = gridFigureSize(grid.maps.size());
    constexpr double kUsualPixels = 12;
    const double scale = std::min(double(options.size.width()) / usual.width(), double(options.size.height()) / usual.height());
    style.font.setPixelSize(std::clamp(int(std::lround(kUsualPixels * scale)), 8, 40));
    return style;
}

} // namespace hayloft
