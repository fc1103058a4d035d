// SPDX-License-Identifier: GPL-3.0-or-later
// How the scrolling text answers the mouse and the keys.
#include "widgets/document/ShownBlock.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QToolTip>
#include <algorithm>

namespace hayloft {

void SegmentTextView::mousePressEvent(QMouseEvent* event)
{
    const qint64 segment = segmentAt(event->pos());
    if (event->button() != Qt::LeftButton || segment < 0)
        return;
    setCurrent(segment, false);
    Q_EMIT segmentChosen(segment);
}

void SegmentTextView::hover(qint64 segment)
{
    if (segment == m_hovered)
        return;
    m_hovered = segment;
    viewport()->update();
    Q_EMIT segmentHovered(segment);
}

void SegmentTextView::mouseMoveEvent(QMouseEvent* event) { hover(segmentAt(event->pos())); }

bool SegmentTextView::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::Leave)
        hover(-1);
    if (event->type() == QEvent::ToolTip) {
        auto* help = static_cast<QHelpEvent*>(event);
        const qint64 segment = segmentAt(help->pos());
        QToolTip::showText(help->globalPos(), m_table.toolTip(segment), viewport());
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void SegmentTextView::keyPressEvent(QKeyEvent* event)
{
    const bool plain = !(event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::ShiftModifier));
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Left:
    case Qt::Key_Down:
    case Qt::Key_Right:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
    case Qt::Key_Home:
    case Qt::Key_End:
        if (plain || ((event->key() == Qt::Key_Home || event->key() == Qt::Key_End) && event->modifiers() == Qt::ControlModifier))
            return chooseByKey(event->key());
        break;
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_current >= 0)
            Q_EMIT segmentChosen(m_current);
        return;
    default: break;
    }
    if (event->matches(QKeySequence::Copy) && m_current >= 0)
        return QGuiApplication::clipboard()->setText(m_table.textOf(m_current, 1 << 20));
    event->ignore();
}

qint64 SegmentTextView::segmentOnePageAway(int direction) const
{
    const SegmentView& s = m_table.segments()[static_cast<std::size_t>(m_current)];
    const std::size_t block = blockOf(s.begin);
    const qint64 y = m_heights.above(block) + static_cast<qint64>(layoutOf(block).lineTop(s.begin - m_blocks[block].begin));
    const qint64 wanted = y + direction * static_cast<qint64>(viewport()->height() * 0.9);
    if (wanted <= 0 || wanted >= m_heights.total())
        return wanted <= 0 ? 0 : m_table.size() - 1;
    const std::size_t there = m_heights.find(wanted);
    const QPointF point(0, static_cast<qreal>(wanted - m_heights.above(there)));
    const qint64 found = m_table.at(m_blocks[there].begin + layoutOf(there).byteAt(point));
    return direction > 0 ? std::max(found, m_current + 1) : std::min(found, m_current - 1);
}

void SegmentTextView::chooseByKey(int key)
{
    if (m_table.size() == 0 || m_blocks.empty())
        return;
    qint64 next = m_current;
    if (key == Qt::Key_Home || key == Qt::Key_End)
        next = key == Qt::Key_Home ? 0 : m_table.size() - 1;
    else if (m_current < 0)
        next = m_table.at(topByte());
    else if (key == Qt::Key_Up || key == Qt::Key_Left)
        next = m_current - 1;
    else if (key == Qt::Key_Down || key == Qt::Key_Right)
        next = m_current + 1;
    else
        next = segmentOnePageAway(key == Qt::Key_PageDown ? 1 : -1);
    next = std::clamp<qint64>(next, 0, m_table.size() - 1);
    if (next == m_current)
        return;
    setCurrent(next, true);
    Q_EMIT segmentChosen(next);
}

void SegmentTextView::contextMenuEvent(QContextMenuEvent* event)
{
    const qint64 segment = event->reason() == QContextMenuEvent::Keyboard ? m_current : segmentAt(event->pos());
    if (segment < 0)
        return;
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("Plant the needle before this segment"), this, [this, segment] { Q_EMIT plantHereRequested(segment); });
    menu->addAction(tr("Copy this segment"), this,
                    [this, segment] { QGuiApplication::clipboard()->setText(m_table.textOf(segment, 1 << 20)); });
    menu->popup(event->globalPos());
}

} // namespace hayloft
