// SPDX-License-Identifier: GPL-3.0-or-later
// How the memory matrix is painted.
#include "widgets/ColourMap.h"
#include "widgets/PanelColours.h"
#include "widgets/memory/MatrixLayout.h"
#include "widgets/memory/MatrixView.h"

#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace hayloft {
namespace {

/// The next of 1, 2, 5, 10, 20, ... at or above `least`.
qint64 niceStep(double least)
{
    qint64 step = 1;
    for (int i = 0; static_cast<double>(step) < least && i < 54; ++i)
        step = step * (i % 3 == 1 ? 5 : 2) / (i % 3 == 1 ? 2 : 1);
    return step;
}

} // namespace

QFont matrixSmallFont(const QFont& font)
{
    QFont small = font;
    small.setPointSizeF(font.pointSizeF() * 0.85);
    return small;
}

QString MatrixView::describe(qint64 row, int column) const
{
    if (!m_store.contains(row))
        return {};
    const QLocale locale;
    QStringList parts;
    parts << (column < 0 ? tr("row %1").arg(locale.toString(row)) : tr("row %1, column %2").arg(locale.toString(row)).arg(column));
    if (m_store.empty(row)) {
        parts << tr("empty");
        return parts.join(QStringLiteral(" \u00b7 "));
    }
    if (column >= 0)
        parts << tr("value %1").arg(locale.toString(m_store.value(row, column), 'f', 4));
    parts << tr("norm %1").arg(locale.toString(m_store.norm(row), 'f', 2));
    parts << (m_store.count(row) == 1 ? tr("1 segment") : tr("%1 segments").arg(locale.toString(m_store.count(row))));
    return parts.join(QStringLiteral(" \u00b7 "));
}

void MatrixView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const PanelColours colours = panelColours(palette());
    painter.fillRect(rect(), colours.base);
    painter.setFont(matrixSmallFont(font()));
    if (m_store.rows() == 0 || m_store.columns() == 0) {
        painter.setFont(font());
        painter.setPen(colours.faint);
        painter.drawText(rect().adjusted(24, 8, -24, -8), Qt::AlignCenter | Qt::TextWordWrap,
                         tr("The memory is empty.\nWriting a document fills it row by row."));
        return;
    }
    paintHeat(painter, colours);
    paintStrips(painter, colours);
    paintAxis(painter, colours);
    paintHeader(painter, colours);
    paintMarks(painter, colours);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        painter.setPen(QPen(colours.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect().adjusted(1, 1, -1, -1));
    }
}

void MatrixView::paintHeat(QPainter& painter, const PanelColours& colours)
{
    const QRect image = imageRect();
    const qreal ratio = devicePixelRatioF();
    const QSize size = (QSizeF(image.size()) * ratio).toSize();
    if (m_stale || m_image.size() != size || m_imageRegion != m_region) {
        HeatColours heat;
        heat.table = divergingTable(colours.heatCentre);
        heat.empty = mixed(colours.base, colours.text, 0.02).rgb();
        heat.emptyHatch = mixed(colours.base, colours.text, 0.20).rgb();
        heat.pending = colours.gutter.rgb();
        heat.outside = colours.base.rgb();
        HeatRegion region = m_region;
        region.pixelsPerColumn *= ratio;
        region.pixelsPerRow *= ratio;
        m_image = renderHeat(m_store, region, size, heat);
        m_image.setDevicePixelRatio(ratio);
        m_imageRegion = m_region;
        m_stale = false;
    }
    painter.drawImage(image.topLeft(), m_image);
    painter.setPen(colours.line);
    painter.drawRect(QRectF(image).adjusted(-0.5, -0.5, 0.5, 0.5));
}

void MatrixView::paintStrips(QPainter& painter, const PanelColours& colours) const
{
    const QRect image = imageRect();
    const int normLeft = image.right() + 1 + kStripGap, countLeft = normLeft + kNormWidth + kStripGap;
    const double largestNorm = std::max(1e-9F, m_store.largestNorm());
    const double largestCount = static_cast<double>(std::max<qint64>(3, m_store.largestCount()));
    const bool labelled = m_region.pixelsPerRow >= QFontMetrics(painter.font()).height();
    painter.fillRect(normLeft, image.top(), kNormWidth, image.height(), colours.gutter);
    painter.fillRect(countLeft, image.top(), kCountWidth, image.height(), colours.gutter);
    // One bar per row where rows are tall, else one per pixel for the largest of its rows.
    const double step = std::max(1.0, m_region.pixelsPerRow);
    const double start = m_region.pixelsPerRow > 1 ? std::floor(m_region.top) : m_region.top;
    for (double y = (start - m_region.top) * m_region.pixelsPerRow; y < image.height(); y += step) {
        const auto from = static_cast<qint64>(std::floor(m_region.top + y / m_region.pixelsPerRow + 1e-6));
        if (from >= m_store.rows())
            break;
        const auto to = std::clamp<qint64>(static_cast<qint64>(m_region.top + (y + step) / m_region.pixelsPerRow), from + 1, m_store.rows());
        float norm = 0;
        qint64 count = 0;
        for (qint64 row = std::max<qint64>(0, from); row < to; ++row) {
            norm = std::max(norm, m_store.norm(row));
            count = std::max(count, m_store.count(row));
        }
        const double gap = step >= 4 ? 1 : 0;
        const double top = image.top() + std::max(0.0, y), height = step - gap - std::max(0.0, -y);
        painter.fillRect(QRectF(normLeft, top, kNormWidth * norm / largestNorm, height), mixed(colours.gutter, colours.text, 0.42));
        const QRectF bar(countLeft, top, std::max(count > 0 ? 2.0 : 0.0, kCountWidth * static_cast<double>(count) / largestCount), height);
        painter.fillRect(bar, count > 1 ? colours.shared : mixed(colours.gutter, colours.written, 0.75));
        if (labelled && count > 1) {
            painter.setPen(bar.width() > kCountWidth / 2 ? textOn(colours.shared) : colours.text);
            painter.drawText(QRectF(countLeft, top, kCountWidth - 3, height), Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(count));
        }
    }
}

void MatrixView::paintAxis(QPainter& painter, const PanelColours& colours) const
{
    const QRect image = imageRect();
    const int textHeight = QFontMetrics(painter.font()).height();
    const qint64 step = niceStep((textHeight + 10) / m_region.pixelsPerRow);
    const auto first = static_cast<qint64>(std::ceil(m_region.top / static_cast<double>(step))) * step;
    for (qint64 row = first; row < m_store.rows(); row += step) {
        const int y = yOf(row);
        if (y > image.bottom())
            break;
        const int top = std::clamp(y - textHeight / 2, image.top(), std::max(image.top(), height() - textHeight));
        if (m_current >= 0 && std::abs(yOf(m_current) - (top + textHeight / 2)) < textHeight)
            continue;
        painter.setPen(colours.line);
        painter.drawLine(image.left() - 5, y, image.left() - 2, y);
        painter.setPen(colours.faint);
        painter.drawText(QRect(0, top, image.left() - 9, textHeight), Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(row));
    }
}

void MatrixView::paintHeader(QPainter& painter, const PanelColours& colours) const
{
    const QRect image = imageRect();
    const int height = headerHeight() - 3;
    painter.setPen(colours.faint);
    painter.drawText(QRect(0, 0, image.left() - 9, height), Qt::AlignRight | Qt::AlignVCenter, tr("row"));
    const int normLeft = image.right() + 1 + kStripGap;
    painter.drawText(QRect(normLeft, 0, kNormWidth, height), Qt::AlignLeft | Qt::AlignVCenter, tr("norm"));
    painter.drawText(QRect(normLeft + kNormWidth + kStripGap, 0, kCountWidth, height), Qt::AlignLeft | Qt::AlignVCenter, tr("segs"));
    const QFontMetrics metrics(painter.font());
    const qint64 step = niceStep((metrics.horizontalAdvance(QStringLiteral("0000")) + 24) / m_region.pixelsPerColumn);
    for (auto column = static_cast<qint64>(std::ceil(m_region.left / static_cast<double>(step))) * step; column < m_store.columns(); column += step) {
        const int x = image.left() + static_cast<int>((static_cast<double>(column) + 0.5 - m_region.left) * m_region.pixelsPerColumn);
        const QString label = QString::number(column);
        const int width = metrics.horizontalAdvance(label);
        if (x + width / 2 > image.right())
            break;
        painter.setPen(colours.line);
        painter.drawLine(x, image.top() - 3, x, image.top() - 1);
        painter.setPen(colours.faint);
        painter.drawText(QRect(std::max(image.left(), x - width / 2), 0, width + 2, height), Qt::AlignLeft | Qt::AlignVCenter, label);
    }
}

QRectF MatrixView::bandOf(qint64 row) const
{
    const QRect image = imageRect();
    const double height = std::max(3.0, m_region.pixelsPerRow);
    const double middle = image.top() + (static_cast<double>(row) + 0.5 - m_region.top) * m_region.pixelsPerRow;
    return QRectF(image.left(), middle - height / 2, width() - image.left(), height);
}

void MatrixView::paintMarks(QPainter& painter, const PanelColours& colours) const
{
    const QRect image = imageRect();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(QRect(0, image.top() - 6, width(), image.height() + 6));
    if (m_hoverRow >= 0 && m_hoverRow != m_current) {
        QColor line = colours.text;
        line.setAlphaF(0.45f);
        painter.setPen(QPen(line, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(bandOf(m_hoverRow));
    }
    if (m_flashed >= 0) {
        QColor glow = colours.needle;
        glow.setAlphaF(static_cast<float>(0.85 * m_flash.currentValue().toDouble()));
        painter.fillRect(bandOf(m_flashed).adjusted(0, -3, 0, 3), glow);
    }
    if (m_current < 0)
        return;
    const QRectF band = bandOf(m_current);
    // A dark or light rim keeps the mark visible on every colour of the image.
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colours.base, 3.5));
    painter.drawRect(band.adjusted(0, -1, -2, 1));
    painter.setPen(QPen(colours.accent, 2));
    painter.drawRect(band.adjusted(0, -1, -2, 1));
    const QPointF tip(image.left() - 1, band.center().y());
    painter.setPen(Qt::NoPen);
    painter.setBrush(colours.accent);
    painter.drawPolygon(QPolygonF({tip, tip + QPointF(-6, -5), tip + QPointF(-6, 5)}));
    QFont bold = matrixSmallFont(font());
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(colours.text);
    const int textHeight = QFontMetrics(bold).height();
    const int top = std::clamp(static_cast<int>(band.center().y()) - textHeight / 2, image.top(), std::max(image.top(), height() - textHeight));
    painter.drawText(QRect(0, top, image.left() - 9, textHeight), Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(m_current));
}

} // namespace hayloft
