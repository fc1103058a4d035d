// SPDX-License-Identifier: GPL-3.0-or-later
// Lays out and paints a recall heatmap: the one routine behind the screen, the clipboard and the files.
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

struct CellIndex {
    int length = 0, depth = 0;
    bool operator==(const CellIndex&) const = default;
};

/// Valid as long as the data it was given.
class HeatmapPainter {
public:
    HeatmapPainter(const HeatmapData& data, const HeatmapStyle& style, const QRectF& area);
    void paint(QPainter& painter) const;
    QRectF plotRect() const { return m_plot; }
    QRectF cellRect(CellIndex cell) const;
    std::optional<CellIndex> cellAt(const QPointF& point) const;

private:
    void layOut();
    void layOutPlot(double left, double top, double right, double bottom);
    void paintCells(QPainter& painter) const;
    void paintValue(QPainter& painter, const QRectF& rect, const HeatmapCell& cell) const;
    void paintLengthAxis(QPainter& painter) const;
    void paintDepthAxis(QPainter& painter) const;
    void paintColourBar(QPainter& painter) const;
    void paintTexts(QPainter& painter) const;
    QString caption() const;
    QColor colourOf(double value) const;
    double gap() const;

    const HeatmapData& m_data;
    HeatmapStyle m_style;
    QFont m_titleFont, m_smallFont;
    QRectF m_area, m_title, m_plot, m_bar, m_caption;
    double m_cellWidth = 0, m_cellHeight = 0;
    double m_em = 12;
};

/// "16.1k", "1.5M", "800": a context length for an axis.
QString lengthLabel(std::int64_t tokens);
/// "0", "33.3": a depth in percent without the sign.
QString depthLabel(double percent);

} // namespace hayloft
