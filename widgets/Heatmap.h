// SPDX-License-Identifier: GPL-3.0-or-later
// A recall heatmap as plain data, and its painting to screen and files.
#pragma once

#include "core/store/RunRecord.h"

#include <QByteArray>
#include <QColor>
#include <QImage>
#include <QSize>
#include <QString>
#include <QStringList>
#include <vector>

namespace hayloft {

enum class Palette { Cividis, Viridis, RedAmberGreen };

struct HeatmapCell {
    bool measured = false;
    double value = 0;       ///< recall 0..1, or difference -1..1
    int hits = 0, trials = 0;
    Interval ci95;          ///< of the recall (Wilson), or of the difference (Newcombe), 95%
    double lengthAchieved = 0, depthAchieved = 0;
    int otherHits = 0, otherTrials = 0; ///< of run B in a difference
};

/// Lengths x depths grid; cells[lengthIndex * depths.size() + depthIndex].
struct HeatmapData {
    std::vector<std::int64_t> lengths;
    std::vector<double> depths;
    std::vector<HeatmapCell> cells;
    bool difference = false; ///< a difference of two runs: diverging colours, range -1..1
    QString title;
    QString caption;
};

HeatmapData heatmapOf(const RunRecord& record);
HeatmapData emptyHeatmap(const SweepPlan& plan);
/// A - B on the cells that both measured. @throws Error when the grids share no cell.
HeatmapData differenceOf(const RunRecord& a, const RunRecord& b);
/// Fills the grid's cell of the measured one. @returns false when the grid has no such cell.
bool setCell(HeatmapData& heatmap, const Cell& cell);
/// "Passkey, 4 digits · prefix keys · larimar-mini" for figures and the history of runs.
QString runTitle(const RunRecord& record);
/// Its parts: task, keys, model. What tells runs apart comes first; empty parts are unknown.
QStringList runTitleParts(const RunRecord& record);

/// The exact colour of a value (recall 0..1 or difference -1..1).
QColor heatColour(double value, Palette palette, bool difference = false);

struct FigureOptions {
    Palette palette = Palette::Cividis;
    QSize size{960, 600}; ///< logical pixels (points for PDF)
    double scale = 2;     ///< PNG only
    bool values = false;  ///< print hits/trials in each cell
    bool caption = true;
};

/// Writes .png, .svg or .pdf by the file's suffix; cells are vector rectangles, text is text. Needs a Q(Gui)Application.
/// @throws Error for another suffix or a file that cannot be written.
void saveFigure(const HeatmapData& heatmap, const QString& file, const FigureOptions& options = {});
/// The figure as an image of size * scale pixels (the clipboard's copy).
QImage figureImage(const HeatmapData& heatmap, const FigureOptions& options = {});
/// Where the figure puts a cell, in logical pixels of options.size.
QRectF figureCellRect(const HeatmapData& heatmap, std::size_t lengthIndex, std::size_t depthIndex,
                      const FigureOptions& options = {});

} // namespace hayloft
