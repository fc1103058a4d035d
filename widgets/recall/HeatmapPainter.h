// SPDX-License-Identifier: GPL-3.0-or-later
// Lays out and paints a recall heatmap: the one routine behind the screen, the clipboard and the files.
#pragma once

#include "widgets/recall/HeatmapParts.h"

namespace hayloft {

/// The data's caption, with a word on blank cells if there are any.
QString captionWithBlanks(const QString& caption, bool blanks);
/// Whether some cell was not measured.
bool hasBlanks(const HeatmapData& data);

/// Valid as long as the data it was given.
class HeatmapPainter {
public:
    HeatmapPainter(const HeatmapData& data, const HeatmapStyle& style, const QRectF& area);
    void paint(QPainter& painter) const;
    QRectF plotRect() const { return m_cells.rect(); }
    QRectF cellRect(CellIndex cell) const { return m_cells.cellRect(cell); }
    std::optional<CellIndex> cellAt(const QPointF& point) const { return m_cells.cellAt(point); }

private:
    void layOut();

    const HeatmapData& m_data;
    HeatmapStyle m_style;
    QRectF m_area, m_title, m_caption;
    CellGrid m_cells;
};

} // namespace hayloft
