// SPDX-License-Identifier: GPL-3.0-or-later
// Small multiples: one heatmap per run over shared axes, and their painting to screen and files.
#pragma once

#include "widgets/recall/HeatmapParts.h"

#include <memory>
#include <vector>

namespace hayloft {

/// Every map has the same lengths and depths, the union of all runs'; its title says what tells the run apart.
struct HeatmapGrid {
    std::vector<HeatmapData> maps; ///< in the order of the runs
    QString title;                 ///< what the runs have in common
    QString caption;
};

HeatmapGrid heatmapGridOf(const std::vector<std::shared_ptr<const RunRecord>>& runs);
/// Overall hits of a map: "1,099/1,100 hits (99.9%)", or in brief "1,099/1,100".
QString hitsText(const HeatmapData& map, bool brief);

/// A size that gives every map of so many the room to be read, in logical pixels.
QSize gridFigureSize(std::size_t maps);

/// A cell of one of the maps.
struct GridCell {
    int map = 0;
    CellIndex cell;
    bool operator==(const GridCell&) const = default;
};

/// Lays the maps out in rows and paints them. Ticks and axis titles stand at the outer edges only, and there is one
/// colour bar. Valid as long as the grid it was given.
class HeatmapGridPainter {
public:
    HeatmapGridPainter(const HeatmapGrid& grid, const HeatmapStyle& style, const QRectF& area);
    void paint(QPainter& painter) const;
    QRectF cellRect(GridCell cell) const { return m_cells[std::size_t(cell.map)].cellRect(cell.cell); }
    QRectF mapRect(int map) const { return m_cells[std::size_t(map)].rect(); }
    std::optional<GridCell> cellAt(const QPointF& point) const;
    int columns() const { return m_columns; }

private:
    void layOut();
    void layOutMaps(const QRectF& room);
    void chooseColumns(const QRectF& room);
    double titleHeight(double width) const;
    double gapBetween() const;
    double widestTitle(const QFont& font) const;
    QFont nameFont(double width) const;
    bool titlesFit(double width) const;
    void paintTitle(QPainter& painter, int map) const;

    const HeatmapGrid& m_grid;
    HeatmapStyle m_style;
    QRectF m_area, m_title, m_caption;
    std::vector<CellGrid> m_cells; ///< of each map
    int m_columns = 1;
    QFont m_nameFont;      ///< of the maps' titles
    bool m_oneLine = true; ///< a map's title and hits fit on one line
};

/// The style of files for so many maps: the text is as large as a single figure's would be in its share of the page.
HeatmapStyle gridFigureStyle(const HeatmapGrid& grid, const FigureOptions& options);

} // namespace hayloft
