// SPDX-License-Identifier: GPL-3.0-or-later
// The heatmap on screen: hover, a cell cursor for the keyboard, and choosing a cell.
#include "widgets/recall/HeatmapView.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace hayloft {

HeatmapView::HeatmapView(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Recall heatmap"));
    setToolTip(tr("Click a cell, or move with the arrow keys and press Enter, to load its trial"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void HeatmapView::setHeatmap(const HeatmapData& heatmap)
{
    const bool sameGrid = heatmap.lengths == m_heatmap.lengths && heatmap.depths == m_heatmap.depths;
    m_heatmap = heatmap;
    if (!sameGrid) {
        m_current.reset();
        m_pressed.reset();
    }
    m_hovered.reset();
    point(hasFocus() ? m_current : std::nullopt);
    update();
}

void HeatmapView::addCell(const Cell& cell)
{
    setCell(m_heatmap, cell);
    update();
}

void HeatmapView::setColours(Palette palette)
{
    m_palette = palette;
    update();
}

void HeatmapView::setValuesShown(bool shown)
{
    m_values = shown;
    update();
}

HeatmapStyle HeatmapView::style() const { return screenStyle(*this, m_palette, m_values); }

HeatmapPainter HeatmapView::painterOf() const { return HeatmapPainter(m_heatmap, style(), QRectF(rect())); }

QRectF HeatmapView::cellRect(CellIndex cell) const { return painterOf().cellRect(cell); }

void HeatmapView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (isEmpty()) {
        paintNoRun(painter, *this);
        return;
    }
    const HeatmapPainter map = painterOf();
    map.paint(painter);
    paintMarks(painter, map);
}

void HeatmapView::paintMarks(QPainter& painter, const HeatmapPainter& map) const
{
    if (m_hovered)
        paintPointed(painter, map.cellRect(*m_hovered), palette());
    if (m_current && hasFocus())
        paintCursor(painter, map.cellRect(*m_current), palette());
}

void HeatmapView::point(std::optional<CellIndex> cell)
{
    const QString words = cell ? describeCell(m_heatmap, *cell) : QString();
    if (words != accessibleDescription())
        setAccessibleDescription(words);
    Q_EMIT cellPointed(words);
}

bool HeatmapView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto cell = isEmpty() ? std::nullopt : painterOf().cellAt(help->pos());
    if (cell)
        QToolTip::showText(help->globalPos(), describeCell(m_heatmap, *cell).replace(QStringLiteral(" · "), QStringLiteral("\n")), this,
                           cellRect(*cell).toAlignedRect());
    else
        QToolTip::hideText();
    return true;
}

void HeatmapView::mouseMoveEvent(QMouseEvent* event)
{
    const auto cell = isEmpty() ? std::nullopt : painterOf().cellAt(event->position());
    if (cell == m_hovered)
        return;
    m_hovered = cell;
    setCursor(cell ? Qt::PointingHandCursor : Qt::ArrowCursor);
    point(cell ? cell : hasFocus() ? m_current : std::nullopt);
    update();
}

void HeatmapView::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->button() == Qt::LeftButton && !isEmpty() ? painterOf().cellAt(event->position()) : std::nullopt;
}

void HeatmapView::mouseReleaseEvent(QMouseEvent* event)
{
    const auto pressed = std::exchange(m_pressed, std::nullopt);
    if (!pressed || painterOf().cellAt(event->position()) != pressed)
        return;
    m_current = pressed;
    update();
    Q_EMIT cellChosen(pressed->length, pressed->depth);
}

void HeatmapView::leaveEvent(QEvent*)
{
    m_hovered.reset();
    point(hasFocus() ? m_current : std::nullopt);
    update();
}

void HeatmapView::moveCurrent(int lengths, int depths)
{
    const CellIndex from = m_current.value_or(CellIndex { 0, 0 });
    const CellIndex to { std::clamp(from.length + lengths, 0, int(m_heatmap.lengths.size()) - 1),
                         std::clamp(from.depth + depths, 0, int(m_heatmap.depths.size()) - 1) };
    m_current = to;
    point(m_current);
    update();
}

bool HeatmapView::moveByKey(int key)
{
    const int lengths = int(m_heatmap.lengths.size()), depths = int(m_heatmap.depths.size());
    switch (key) {
    case Qt::Key_Left:
        moveCurrent(-1, 0);
        return true;
    case Qt::Key_Right:
        moveCurrent(1, 0);
        return true;
    case Qt::Key_Up:
        moveCurrent(0, -1);
        return true;
    case Qt::Key_Down:
        moveCurrent(0, 1);
        return true;
    case Qt::Key_Home:
        moveCurrent(-lengths, 0);
        return true;
    case Qt::Key_End:
        moveCurrent(lengths, 0);
        return true;
    case Qt::Key_PageUp:
        moveCurrent(0, -depths);
        return true;
    case Qt::Key_PageDown:
        moveCurrent(0, depths);
        return true;
    default:
        return false;
    }
}

void HeatmapView::keyPressEvent(QKeyEvent* event)
{
    if (!isEmpty() && moveByKey(event->key()))
        return;
    const bool choose = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
    if (choose && m_current && !isEmpty())
        Q_EMIT cellChosen(m_current->length, m_current->depth);
    else
        QWidget::keyPressEvent(event);
}

void HeatmapView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    if (!isEmpty() && event->reason() != Qt::MouseFocusReason)
        moveCurrent(0, 0);
    update();
}

void HeatmapView::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    point(m_hovered);
    update();
}

} // namespace hayloft
