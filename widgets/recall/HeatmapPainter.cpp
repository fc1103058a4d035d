// SPDX-License-Identifier: GPL-3.0-or-later
// Title, one plot with its axes and colour bar, caption.
#include "widgets/recall/HeatmapPainter.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace hayloft {

bool hasBlanks(const HeatmapData& data)
{
    return std::any_of(data.cells.begin(), data.cells.end(), [](const HeatmapCell& cell) { return !cell.measured; });
}

QString captionWithBlanks(const QString& caption, bool blanks)
{
    if (caption.isEmpty() || !blanks)
        return caption;
    return caption + QLatin1Char(' ') + QCoreApplication::translate("hayloft::HeatmapPainter", "Blank: not measured.");
}

HeatmapPainter::HeatmapPainter(const HeatmapData& data, const HeatmapStyle& style, const QRectF& area)
    : m_data(data)
    , m_style(style)
    , m_area(area)
{
    layOut();
}

void HeatmapPainter::layOut()
{
    const double em = m_style.font.pixelSize();
    const AxisRoom room = axisRoom(m_data, m_style);
    double top = m_area.top() + room.margin;
    double bottom = m_area.bottom() - room.margin * 0.6;
    const QRectF text(m_area.left() + room.margin, 0, m_area.width() - 2 * room.margin, m_area.height() * 0.4);
    if (!m_data.title.isEmpty()) {
        const double height = std::ceil(QFontMetricsF(titleFont(m_style)).height());
        m_title = QRectF(text.left(), top, text.width(), height);
        top += height + std::round(em * 0.6);
    }
    if (m_style.caption && !m_data.caption.isEmpty()) {
        const QString caption = captionWithBlanks(m_data.caption, hasBlanks(m_data));
        const double height = std::ceil(QFontMetricsF(smallFont(m_style)).boundingRect(text, Qt::TextWordWrap, caption).height());
        m_caption = QRectF(text.left(), bottom - height, text.width(), height);
        bottom = m_caption.top() - std::round(em * 0.7);
    }
    const QRectF plot(QPointF(m_area.left() + room.left, top), QPointF(m_area.right() - room.right, bottom - room.bottom));
    m_cells = CellGrid(m_data, plot, m_style.wholePixels);
}

void HeatmapPainter::paint(QPainter& painter) const
{
    painter.save();
    HeatmapParts parts(painter, m_style);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_style.background);
    painter.drawRect(m_area);
    const QRectF plot = m_cells.rect();
    const double gap = m_cells.gap();
    parts.cells(m_data, m_cells);
    parts.lengthTicks(m_data, m_cells);
    parts.lengthTitle(plot.adjusted(0, 0, 0, -gap));
    parts.depthTicks(m_data, m_cells, m_area.left());
    parts.depthTitle(plot, m_area.left());
    parts.colourBar(colourBarRect(plot, m_style).adjusted(0, 0, 0, -gap), m_data.difference);
    if (!m_title.isEmpty())
        parts.title(m_title, m_data.title);
    if (!m_caption.isEmpty())
        parts.caption(m_caption, captionWithBlanks(m_data.caption, hasBlanks(m_data)));
    painter.restore();
}

} // namespace hayloft
