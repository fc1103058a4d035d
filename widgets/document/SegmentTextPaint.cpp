// SPDX-License-Identifier: GPL-3.0-or-later
// How the scrolling text is painted.
#include "widgets/PanelColours.h"
#include "widgets/document/ShownBlock.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace hayloft {
namespace {

constexpr qreal kRadius = 3;

void fill(QPainter& painter, const std::vector<QRectF>& rects, const QColor& colour)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    for (const QRectF& rect : rects)
        painter.drawRoundedRect(rect.adjusted(-1.5, 0.5, 1.5, -0.5), kRadius, kRadius);
}

} // namespace

void SegmentTextView::paintEvent(QPaintEvent*)
{
    QPainter painter(viewport());
    painter.setRenderHint(QPainter::Antialiasing);
    const PanelColours colours = panelColours(palette());
    painter.fillRect(viewport()->rect(), colours.base);
    if (m_blocks.empty())
        return paintHint(painter, colours);
    layOutVisible();
    const std::vector<Shown> blocks = shown();
    for (const Shown& block : blocks) {
        paintSegments(painter, block, colours);
        paintHits(painter, block, colours);
    }
    paintCurrent(painter, blocks, colours);
    painter.setPen(colours.text);
    for (const Shown& block : blocks)
        block.layout->draw(&painter, block.origin);
    paintMarker(painter, blocks, colours);
}

void SegmentTextView::paintSegments(QPainter& painter, const Shown& block, const PanelColours& colours) const
{
    const qreal bottom = viewport()->height();
    for (qint64 i = std::max<qint64>(0, m_table.at(block.block->begin)); i < m_table.size(); ++i) {
        const SegmentView& s = m_table.segments()[static_cast<std::size_t>(i)];
        if (s.begin >= block.block->end)
            break;
        const std::vector<QRectF> rects = rectsOf(block, s.begin, s.end);
        if (rects.empty() || rects.back().bottom() < 0)
            continue;
        if (rects.front().top() > bottom)
            break;
        const bool written = m_table.row(i) >= 0;
        QColor tint = s.needle ? colours.needleFill : (written ? colours.segment : colours.unwritten)[i % 2];
        if (i == m_hovered)
            tint = mixed(tint, s.needle ? colours.needle : colours.accent, 0.22);
        fill(painter, rects, tint);
        if (!s.needle)
            continue;
        for (const QRectF& rect : rects) {
            painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 2), colours.needle);
            painter.fillRect(QRectF(0, rect.top(), 4, rect.height()), colours.needle);
        }
    }
}

void SegmentTextView::paintHits(QPainter& painter, const Shown& block, const PanelColours& colours) const
{
    if (!m_hits)
        return;
    const auto& hits = m_hits->hits;
    auto hit = std::lower_bound(hits.begin(), hits.end(), block.block->begin,
                                [](const TextRange& range, std::size_t byte) { return range.end <= byte; });
    for (; hit != hits.end() && hit->begin < block.block->end; ++hit)
        fill(painter, rectsOf(block, hit->begin, hit->end), hit - hits.begin() == m_currentHit ? colours.hitCurrent : colours.hit);
}

void SegmentTextView::paintCurrent(QPainter& painter, const std::vector<Shown>& blocks, const PanelColours& colours) const
{
    if (!m_table.contains(m_current))
        return;
    const SegmentView& s = m_table.segments()[static_cast<std::size_t>(m_current)];
    QPainterPath outline;
    outline.setFillRule(Qt::WindingFill);
    for (const Shown& block : blocks) {
        for (const QRectF& rect : rectsOf(block, s.begin, s.end)) {
            QPainterPath line;
            line.addRect(rect.adjusted(-2, -0.5, 2, 0.5));
            outline = outline.united(line);
        }
    }
    QColor tint = colours.accent;
    tint.setAlphaF(s.needle ? 0 : 0.16f); // the needle keeps its own colour
    painter.setBrush(tint);
    painter.setPen(QPen(colours.accent, hasFocus() ? 2.0 : 1.5, Qt::SolidLine, Qt::SquareCap, Qt::RoundJoin));
    painter.drawPath(outline);
}

void SegmentTextView::paintMarker(QPainter& painter, const std::vector<Shown>& blocks, const PanelColours& colours) const
{
    if (m_marker < 0 || m_table.size() == 0)
        return;
    // At the end of the text there is no segment to stand before: the mark goes behind the last one.
    const auto byte = static_cast<std::size_t>(m_marker);
    const bool end = byte >= m_table.text().size();
    const SegmentView& s = m_table.segments()[static_cast<std::size_t>(end ? m_table.size() - 1 : m_table.at(byte))];
    for (const Shown& block : blocks) {
        const std::vector<QRectF> rects = rectsOf(block, s.begin, s.end);
        if (rects.empty())
            continue;
        const QRectF rect = end ? rects.back() : rects.front();
        const qreal x = end ? rect.right() + 2 : rect.left() - 3;
        painter.fillRect(QRectF(x, rect.top() - 1, 3, rect.height() + 2), colours.needle);
        painter.fillRect(QRectF(0, rect.top() - 1, x, 2), colours.needle);
        if (!end)
            return;
    }
}

void SegmentTextView::paintHint(QPainter& painter, const PanelColours& colours) const
{
    const QRect area = viewport()->rect().adjusted(24, 24, -24, -24);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.35);
    const QString title = m_preparing ? tr("Preparing the document\u2026") : tr("No document");
    const QString hint = m_preparing ? QString() : tr("Open a text or drop files or a folder here.\nIt is cut into segments that are written into the memory.");
    const int titleHeight = QFontMetrics(large).height(), gap = 10;
    const int hintHeight = QFontMetrics(font()).boundingRect(area, Qt::AlignHCenter | Qt::TextWordWrap, hint).height();
    const int top = area.top() + std::max(0, (area.height() - titleHeight - gap - hintHeight) / 2);
    painter.setFont(large);
    painter.setPen(colours.text);
    painter.drawText(QRect(area.left(), top, area.width(), titleHeight), Qt::AlignHCenter, title);
    painter.setFont(font());
    painter.setPen(colours.faint);
    painter.drawText(QRect(area.left(), top + titleHeight + gap, area.width(), hintHeight + 4), Qt::AlignHCenter | Qt::TextWordWrap, hint);
}

} // namespace hayloft
