// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of every heatmap, alone or among others: cells, ticks, axis titles, colour bar.
#pragma once

#include "widgets/Heatmap.h"

#include <QFont>
#include <QRectF>
#include <optional>

class QPainter;

namespace hayloft {

struct HeatmapStyle {
    Palette palette = Palette::Cividis;
    bool values = false;       ///< print hits/trials in each cell
    bool caption = true;
    bool hatchMissing = false; ///< screen: a faint hatch where nothing was measured; files: blank
    bool wholePixels = false;  ///< screen: cells begin and end on pixels
    QFont font;                ///< its pixel size sets the scale of everything
    QColor background, text, mutedText, frame;
    QColor centre = QColor(0xF4, 0xF4, 0xF2); ///< zero of a difference
};

/// Colours and font of figures in files: black on white, whatever the desktop's theme.
HeatmapStyle figureStyle(const FigureOptions& options);
QFont titleFont(const HeatmapStyle& style);
QFont smallFont(const HeatmapStyle& style);

struct CellIndex {
    int length = 0, depth = 0;
    bool operator==(const CellIndex&) const = default;
};

/// Where the cells of one heatmap lie: equal rectangles, depth 0 on top.
class CellGrid {
public:
    CellGrid() = default;
    /// As many cells as the data's lengths and depths, in the room between these edges.
    CellGrid(const HeatmapData& data, const QRectF& room, bool wholePixels);
    QRectF rect() const { return m_rect; }
    QRectF cellRect(CellIndex cell) const;
    std::optional<CellIndex> cellAt(const QPointF& point) const;
    double cellWidth() const { return m_width; }
    double cellHeight() const { return m_height; }
    double gap() const; ///< between cells; none where they are small

private:
    QRectF m_rect;
    int m_lengths = 0, m_depths = 0;
    double m_width = 1, m_height = 1;
};

/// Paints parts with one style. Valid as long as the painter and the style.
class HeatmapParts {
public:
    HeatmapParts(QPainter& painter, const HeatmapStyle& style);
    void cells(const HeatmapData& data, const CellGrid& grid);
    void lengthTicks(const HeatmapData& data, const CellGrid& grid);
    void depthTicks(const HeatmapData& data, const CellGrid& grid, double left);
    /// Below the ticks of a plot, or of a row of plots.
    void lengthTitle(const QRectF& plot);
    /// Turned, at the left edge, beside a plot or a column of plots.
    void depthTitle(const QRectF& plot, double left);
    void colourBar(const QRectF& bar, bool difference);
    void title(const QRectF& rect, const QString& title);
    void caption(const QRectF& rect, const QString& caption);

private:
    QColor colourOf(double value, bool difference) const;
    void value(const QRectF& rect, const HeatmapCell& cell, bool difference);
    void barTicks(const QRectF& bar, bool difference);

    QPainter& m_painter;
    const HeatmapStyle& m_style;
    QFont m_small;
    double m_em;
};

/// Room around the cells, in pixels: ticks and titles of the axes on the left and below, the colour bar on the right.
struct AxisRoom {
    double left = 0, right = 0, bottom = 0, margin = 0;
};
AxisRoom axisRoom(const HeatmapData& data, const HeatmapStyle& style);
/// Where the colour bar of a plot stands.
QRectF colourBarRect(const QRectF& plot, const HeatmapStyle& style);

/// "16.1k", "1.5M", "800": a context length for an axis.
QString lengthLabel(std::int64_t tokens);
/// "0", "33.3": a depth in percent without the sign.
QString depthLabel(double percent);

} // namespace hayloft
