// SPDX-License-Identifier: GPL-3.0-or-later
// Small multiples on screen: hover, one cell cursor that walks over all maps, and choosing a cell.
#include "widgets/recall/HeatmapGridView.h"

#include "widgets/recall/HeatmapScreen.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <utility>

namespace hayloft {

HeatmapGridView::HeatmapGridView(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Recall heatmaps side by side"));
    setToolTip(tr("Click a cell, or move with the arrow keys (from map to map with Ctrl) and press Enter, to load its trial"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void HeatmapGridView::setGrid(const HeatmapGrid& grid)
{
    m_grid = grid;
    m_current.reset();
    m_pressed.reset();
    m_hovered.reset();
    point(std::nullopt);
    refresh();
}

void HeatmapGridView::setColours(Palette palette)
{
    m_palette = palette;
    refresh();
}

void HeatmapGridView::setValuesShown(bool shown)
{
    m_values = shown;
    refresh();
}

void HeatmapGridView::refresh()
{
    m_layout.reset();
    update();
}

const HeatmapGridPainter& HeatmapGridView::painterOf() const
{
    if (!m_layout)
        m_layout.emplace(m_grid, screenStyle(*this, m_palette, m_values), QRectF(rect()));
    return *m_layout;
}

QRectF HeatmapGridView::cellRect(GridCell cell) const { return painterOf().cellRect(cell); }

std::optional<GridCell> HeatmapGridView::cellAt(const QPointF& point) const
{
    return isEmpty() ? std::nullopt : painterOf().cellAt(point);
}

QString HeatmapGridView::describe(const GridCell& cell) const
{
    const HeatmapData& map = m_grid.maps[std::size_t(cell.map)];
    return QStringLiteral("%1 · %2").arg(map.title, describeCell(map, cell.cell));
}

void HeatmapGridView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (isEmpty()) {
        paintNoRun(painter, *this);
        return;
    }
    painterOf().paint(painter);
    if (m_hovered)
        paintPointed(painter, cellRect(*m_hovered), palette());
    if (m_current && hasFocus())
        paintCursor(painter, cellRect(*m_current), palette());
}

void HeatmapGridView::resizeEvent(QResizeEvent*) { refresh(); }

void HeatmapGridView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        refresh();
}

void HeatmapGridView::point(std::optional<GridCell> cell)
{
    const QString words = cell ? describe(*cell) : QString();
    if (words != accessibleDescription())
        setAccessibleDescription(words);
    Q_EMIT cellPointed(words);
}

bool HeatmapGridView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto cell = cellAt(help->pos()))
        QToolTip::showText(help->globalPos(), describe(*cell).replace(QStringLiteral(" · "), QStringLiteral("\n")), this,
                           cellRect(*cell).toAlignedRect());
    else
        QToolTip::hideText();
    return true;
}

void HeatmapGridView::mouseMoveEvent(QMouseEvent* event)
{
    const auto cell = cellAt(event->position());
    if (cell == m_hovered)
        return;
    m_hovered = cell;
    setCursor(cell ? Qt::PointingHandCursor : Qt::ArrowCursor);
    point(cell ? cell : hasFocus() ? m_current : std::nullopt);
    update();
}

void HeatmapGridView::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->button() == Qt::LeftButton ? cellAt(event->position()) : std::nullopt;
}

void HeatmapGridView::mouseReleaseEvent(QMouseEvent* event)
{
    const auto pressed = std::exchange(m_pressed, std::nullopt);
    if (!pressed || cellAt(event->position()) != pressed)
        return;
    m_current = pressed;
    update();
    Q_EMIT cellChosen(pressed->map, pressed->cell.length, pressed->cell.depth);
}

void HeatmapGridView::leaveEvent(QEvent*)
{
    m_hovered.reset();
    point(hasFocus() ? m_current : std::nullopt);
    update();
}

/// At a map's edge the cursor goes on in the next map of that row or column, as the eye does.
void HeatmapGridView::moveCurrent(int lengths, int depths)
{
    GridCell to = m_current.value_or(GridCell {});
    const int columns = int(m_grid.maps.front().lengths.size()), rows = int(m_grid.maps.front().depths.size());
    const int maps = int(m_grid.maps.size()), across = painterOf().columns();
    to.cell.length += lengths;
    to.cell.depth += depths;
    const int beside = to.cell.length < 0 ? -1 : to.cell.length >= columns ? 1 : 0;
    const int below = to.cell.depth < 0 ? -1 : to.cell.depth >= rows ? 1 : 0;
    const int map = to.map + beside + below * across;
    const bool sameRow = beside == 0 || map / across == to.map / across;
    if ((beside != 0 || below != 0) && map >= 0 && map < maps && sameRow) {
        to = { map, { beside == 0 ? to.cell.length : beside > 0 ? 0 : columns - 1, below == 0 ? to.cell.depth : below > 0 ? 0 : rows - 1 } };
    }
    to.cell = { std::clamp(to.cell.length, 0, columns - 1), std::clamp(to.cell.depth, 0, rows - 1) };
    m_current = to;
    point(m_current);
    update();
}

void HeatmapGridView::moveToMap(int steps)
{
    GridCell to = m_current.value_or(GridCell {});
    to.map = std::clamp(to.map + steps, 0, int(m_grid.maps.size()) - 1);
    m_current = to;
    point(m_current);
    update();
}

bool HeatmapGridView::moveByKey(int key)
{
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
        moveToMap(-int(m_grid.maps.size()));
        return true;
    case Qt::Key_End:
        moveToMap(int(m_grid.maps.size()));
        return true;
    default:
        return false;
    }
}

void HeatmapGridView::keyPressEvent(QKeyEvent* event)
{
    const bool byMap = event->modifiers() & Qt::ControlModifier;
    if (!isEmpty() && byMap && (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)) {
        moveToMap(event->key() == Qt::Key_Left ? -1 : 1);
        return;
    }
    if (!isEmpty() && moveByKey(event->key()))
        return;
    const bool choose = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
    if (choose && !byMap && m_current && !isEmpty())
        Q_EMIT cellChosen(m_current->map, m_current->cell.length, m_current->cell.depth);
    else
        QWidget::keyPressEvent(event);
}

void HeatmapGridView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    if (!isEmpty() && event->reason() != Qt::MouseFocusReason)
        moveCurrent(0, 0);
    update();
}

void HeatmapGridView::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    point(m_hovered);
    update();
}

} // namespace hayloft
