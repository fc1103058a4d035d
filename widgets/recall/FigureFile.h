// SPDX-License-Identifier: GPL-3.0-or-later
// Figures on paper: what paints itself in logical pixels becomes a PNG, SVG or PDF.
#pragma once

#include "widgets/recall/HeatmapGrid.h"

#include <QByteArray>
#include <functional>

class QPainter;

namespace hayloft {

/// A figure of FigureOptions::size logical pixels, and what its file says of itself.
struct FigureSheet {
    std::function<void(QPainter&)> paint;
    QString title, caption;
};

/// Thread rule of all: any thread, while a Q(Gui)Application lives.
FigureSheet heatmapSheet(const HeatmapData& heatmap, const FigureOptions& options);
FigureSheet gridSheet(const HeatmapGrid& grid, const FigureOptions& options);
/// Where a file puts a cell of one of the maps, in logical pixels of options.size.
QRectF gridCellRect(const HeatmapGrid& grid, GridCell cell, const FigureOptions& options);
/// size * scale pixels, on white; null when memory is short.
QImage sheetImage(const FigureSheet& sheet, const FigureOptions& options);
/// @throws Error when there is no image.
QByteArray pngBytes(const QImage& image);
/// Writes .png, .svg or .pdf by the file's suffix. @throws Error
void saveSheet(const FigureSheet& sheet, const QString& file, const FigureOptions& options);

} // namespace hayloft
