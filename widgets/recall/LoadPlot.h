// SPDX-License-Identifier: GPL-3.0-or-later
// Recall by segments per row of fixed key memories, a curve for each record, with Wilson 95% intervals.
#pragma once

#include "core/store/LoadRecord.h"
#include "widgets/recall/FigureFile.h"

#include <QString>
#include <vector>

namespace hayloft {

struct LoadCurvePoint {
    double load = 0; ///< N/K
    int hits = 0, trials = 0;
    Interval ci95;
    Index segments = 0, rows = 0; ///< N, K
};

struct LoadCurve {
    QString title; ///< "prefix keys", and what else tells it from the others
    std::vector<LoadCurvePoint> points;
};

struct LoadFigure {
    std::vector<LoadCurve> curves;
    QString title, caption;
    std::vector<double> awaited {}; ///< loads still to be measured: they have their place on the axis already
};

/// "prefix keys", "prefix keys, pseudo-inverse"
QString loadCurveTitle(const MemorySettings& memory);
/// What a record's curve goes through: every trial is looked at.
std::vector<LoadCurvePoint> loadPointsOf(const LoadRecord& record);
LoadCurvePoint loadPointOf(const LoadRun& point);
/// Curves in the records' order.
LoadFigure loadFigureOf(const LoadRecords& records);
/// The same from points that are counted already, those of each record: no trial is looked at.
LoadFigure loadFigureOf(const LoadRecords& records, const std::vector<std::vector<LoadCurvePoint>>& points);
/// Logical pixels where nothing else is asked for.
QSize loadFigureSize();
/// The figure on paper: title, legend, plot, caption. Made on the GUI thread, painted on any.
FigureSheet loadSheet(const LoadFigure& figure, const FigureOptions& options);

} // namespace hayloft
