// SPDX-License-Identifier: GPL-3.0-or-later
// What heatmaps on screen share: style, marks of the pointer and the cursor, a cell in words.
#pragma once

#include "widgets/recall/HeatmapParts.h"

class QWidget;

namespace hayloft {

/// "9/10 (90%), 95% interval 60–98% · asked 16,111 tokens at 10% · got ...": one cell in words.
QString describeCell(const HeatmapData& heatmap, CellIndex cell);
/// The widget's own colours and font, which grows a little in a large one.
HeatmapStyle screenStyle(const QWidget& widget, Palette palette, bool values);
/// Two lines, one light and one dark: visible on every cell colour.
void paintPointed(QPainter& painter, const QRectF& cell, const QPalette& colours);
void paintCursor(QPainter& painter, const QRectF& cell, const QPalette& colours);
/// What stands where there is nothing to show yet.
void paintEmpty(QPainter& painter, const QWidget& widget, const QString& title, const QString& hint);
/// The same where there is no run.
void paintNoRun(QPainter& painter, const QWidget& widget);

} // namespace hayloft
