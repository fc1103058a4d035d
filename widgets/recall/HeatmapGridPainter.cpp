// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of small heatmaps: where they stand, and what stands around them.
#include "widgets/recall/HeatmapGrid.h"
#include "widgets/recall/HeatmapPainter.h"

#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

constexpr double kGoodShape = 1.5;   ///< width to height of a map
constexpr double kPoorTitles = 0.75; ///< what an arrangement counts for whose titles must be thin or cut

bool isEmpty(const HeatmapGrid& grid) { return grid.maps.empty(); }

QFont nameOf(const HeatmapStyle& style, double factor, bool bold)
{
    QFont font = style.font;
    font.setPixelSize(std::max(7, int(std::lround(font.pixelSize() * factor))));
    font.setBold(bold);
    return font;
}

} // namespace

HeatmapGridPainter::HeatmapGridPainter(const HeatmapGrid& grid, const HeatmapStyle& style, const QRectF& area)
    : m_grid(grid)
    , m_style(style)
    , m_area(area)
{
    if (!isEmpty(grid))
        layOut();
}

void HeatmapGridPainter::layOut()
{
    const double em = m_style.font.pixelSize();
    const AxisRoom room = axisRoom(m_grid.maps.front(), m_style);
    double top = m_area.top() + room.margin;
    double bottom = m_area.bottom() - room.margin * 0.6;
    const QRectF text(m_area.left() + room.margin, 0, m_area.width() - 2 * room.margin, m_area.height() * 0.4);
    if (!m_grid.title.isEmpty()) {
        const double height = std::ceil(QFontMetricsF(titleFont(m_style)).height());
        m_title = QRectF(text.left(), top, text.width(), height);
        top += height + std::round(em * 0.5);
    }
    if (m_style.caption && !m_grid.caption.isEmpty()) {
        const bool blanks = std::any_of(m_grid.maps.begin(), m_grid.maps.end(), hasBlanks);
        const QString caption = captionWithBlanks(m_grid.caption, blanks);
        const double height = std::ceil(QFontMetricsF(smallFont(m_style)).boundingRect(text, Qt::TextWordWrap, caption).height());
        m_caption = QRectF(text.left(), bottom - height, text.width(), height);
        bottom = m_caption.top() - std::round(em * 0.7);
    }
    layOutMaps(QRectF(QPointF(m_area.left() + room.left, top), QPointF(m_area.right() - room.right, bottom - room.bottom)));
}

double HeatmapGridPainter::gapBetween() const { return std::round(m_style.font.pixelSize() * 1.1); }

double HeatmapGridPainter::widestTitle(const QFont& font) const
{
    double widest = 0;
    for (const HeatmapData& map : m_grid.maps)
        widest = std::max(widest, QFontMetricsF(font).horizontalAdvance(map.title));
    return widest;
}

/// One font for all maps: in narrow ones the names are set smaller and lighter before they are cut.
QFont HeatmapGridPainter::nameFont(double width) const
{
    for (const auto& [factor, bold] : { std::pair { 0.88, true }, std::pair { 0.78, true }, std::pair { 0.8, false } }) {
        const QFont font = nameOf(m_style, factor, bold);
        if (widestTitle(font) <= width)
            return font;
    }
    return nameOf(m_style, 0.72, false);
}

bool HeatmapGridPainter::titlesFit(double width) const
{
    const QFontMetricsF bold(nameOf(m_style, 0.88, true)), plain(smallFont(m_style));
    return std::all_of(m_grid.maps.begin(), m_grid.maps.end(), [&](const HeatmapData& map) {
        return bold.horizontalAdvance(map.title) + plain.horizontalAdvance(hitsText(map, true)) + m_style.font.pixelSize() <= width;
    });
}

double HeatmapGridPainter::titleHeight(double width) const
{
    const double line = std::ceil(QFontMetricsF(smallFont(m_style)).height());
    return (titlesFit(width) ? 1 : 2) * line + std::round(m_style.font.pixelSize() * 0.3);
}

/// The number of columns that gives the maps most room in a good shape.
void HeatmapGridPainter::chooseColumns(const QRectF& room)
{
    const int maps = int(m_grid.maps.size());
    double best = -1e9;
    for (int columns = 1; columns <= maps; ++columns) {
        const int rows = (maps + columns - 1) / columns;
        const double width = (room.width() - (columns - 1) * gapBetween()) / columns;
        const double height = (room.height() - (rows - 1) * gapBetween()) / rows - titleHeight(width);
        const QFont font = nameFont(width);
        const bool poor = !font.bold() || widestTitle(font) > width;
        const double score = std::min(width / kGoodShape, height) * (poor ? kPoorTitles : 1);
        if (score > best + 1e-6) {
            best = score;
            m_columns = columns;
        }
    }
}

void HeatmapGridPainter::layOutMaps(const QRectF& room)
{
    chooseColumns(room);
    const int maps = int(m_grid.maps.size());
    const int rows = (maps + m_columns - 1) / m_columns;
    const double width = (room.width() - (m_columns - 1) * gapBetween()) / m_columns;
    const double height = (room.height() - (rows - 1) * gapBetween()) / rows;
    const double title = titleHeight(width);
    m_oneLine = titlesFit(width);
    m_nameFont = nameFont(width);
    for (int map = 0; map < maps; ++map) {
        const double left = room.left() + (map % m_columns) * (width + gapBetween());
        const double top = room.top() + (map / m_columns) * (height + gapBetween());
        const QRectF cells(left, top + title, width, std::max(1.0, height - title));
        m_cells.emplace_back(m_grid.maps[std::size_t(map)], cells, m_style.wholePixels);
    }
}

std::optional<GridCell> HeatmapGridPainter::cellAt(const QPointF& point) const
{
    for (std::size_t map = 0; map < m_cells.size(); ++map)
        if (const auto cell = m_cells[map].cellAt(point))
            return GridCell { int(map), *cell };
    return std::nullopt;
}

/// The name and, at the right or below it, the hits. They stand on the map's own left edge.
void HeatmapGridPainter::paintTitle(QPainter& painter, int map) const
{
    const HeatmapData& data = m_grid.maps[std::size_t(map)];
    const QRectF cells = m_cells[std::size_t(map)].rect();
    const QFontMetricsF bold(m_nameFont), plain(smallFont(m_style));
    const double line = std::ceil(plain.height());
    const double bottom = cells.top() - std::round(m_style.font.pixelSize() * 0.3);
    const QRectF upper(cells.left(), bottom - (m_oneLine ? 1 : 2) * line, cells.width(), line);
    const QRectF lower(cells.left(), bottom - line, cells.width(), line);
    painter.setFont(m_nameFont);
    painter.setPen(m_style.text);
    painter.drawText(upper, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, bold.elidedText(data.title, Qt::ElideMiddle, upper.width()));
    QString hits = hitsText(data, false);
    if (m_oneLine ? bold.horizontalAdvance(data.title) + plain.horizontalAdvance(hits) + m_style.font.pixelSize() > cells.width()
                  : plain.horizontalAdvance(hits) > cells.width())
        hits = hitsText(data, true);
    painter.setFont(smallFont(m_style));
    painter.setPen(m_style.mutedText);
    painter.drawText(lower, (m_oneLine ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextSingleLine, hits);
}

void HeatmapGridPainter::paint(QPainter& painter) const
{
    painter.save();
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_style.background);
    painter.drawRect(m_area);
    HeatmapParts parts(painter, m_style);
    QRectF all;
    for (int map = 0; map < int(m_cells.size()); ++map) {
        const HeatmapData& data = m_grid.maps[std::size_t(map)];
        const CellGrid& cells = m_cells[std::size_t(map)];
        all |= cells.rect();
        paintTitle(painter, map);
        parts.cells(data, cells);
        if (map % m_columns == 0)
            parts.depthTicks(data, cells, m_area.left());
        if (map + m_columns >= int(m_cells.size())) // the lowest of its column
            parts.lengthTicks(data, cells);
    }
    if (!m_cells.empty()) {
        parts.lengthTitle(all);
        parts.depthTitle(all, m_area.left());
        parts.colourBar(colourBarRect(all, m_style), false);
        parts.title(m_title, m_grid.title);
    }
    if (!m_caption.isEmpty())
        parts.caption(m_caption, captionWithBlanks(m_grid.caption, std::any_of(m_grid.maps.begin(), m_grid.maps.end(), hasBlanks)));
    painter.restore();
}

} // namespace hayloft
