// SPDX-License-Identifier: GPL-3.0-or-later
// The memory as a heat image: geometry and input. Painting is in MatrixPaint.cpp.
#include "widgets/memory/MatrixView.h"

#include "widgets/memory/MatrixLayout.h"

#include <QApplication>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QStyle>
#include <QToolTip>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace hayloft {

MatrixView::MatrixView(const MatrixStore& store, QWidget* parent) : QWidget(parent), m_store(store)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("Memory matrix"));
    m_flash.setStartValue(1.0);
    m_flash.setEndValue(0.0);
    connect(&m_flash, &QVariantAnimation::valueChanged, this, [this] { update(); });
    connect(&m_flash, &QVariantAnimation::finished, this, [this] {
        m_flashed = -1;
        update();
    });
}

int MatrixView::axisWidth() const
{
    const QString widest = QLocale().toString(std::max<qint64>(99, m_store.rows() - 1));
    return QFontMetrics(matrixSmallFont(font())).horizontalAdvance(widest) + 16;
}

int MatrixView::headerHeight() const { return QFontMetrics(matrixSmallFont(font())).height() + 6; }

QRect MatrixView::imageRect() const
{
    const int left = axisWidth(), top = headerHeight();
    return {left, top, std::max(1, width() - left - kStripGap * 2 - kNormWidth - kCountWidth), std::max(1, height() - top)};
}

double MatrixView::fitColumns() const { return static_cast<double>(imageRect().width()) / std::max(1, m_store.columns()); }

double MatrixView::fitRows() const
{
    return std::min(kLargestFitRow, static_cast<double>(imageRect().height()) / static_cast<double>(std::max<qint64>(1, m_store.rows())));
}

void MatrixView::storeChanged(bool reset)
{
    m_stale = true;
    if (reset) {
        m_fitted = true;
        m_current = m_hoverRow = m_hoverColumn = -1;
    }
    if (!m_store.contains(m_current))
        m_current = -1;
    if (m_fitted)
        fit();
    else
        keepInside();
    update();
}

void MatrixView::fit()
{
    m_fitted = true;
    m_region = {0, 0, fitColumns(), fitRows()};
    update();
}

void MatrixView::keepInside()
{
    const QRect image = imageRect();
    HeatRegion& r = m_region;
    r.pixelsPerColumn = std::clamp(r.pixelsPerColumn, fitColumns(), std::max(fitColumns(), kLargestCell));
    r.pixelsPerRow = std::clamp(r.pixelsPerRow, fitRows(), std::max(fitRows(), kLargestCell));
    r.left = std::clamp(r.left, 0.0, std::max(0.0, m_store.columns() - image.width() / r.pixelsPerColumn));
    r.top = std::clamp(r.top, 0.0, std::max(0.0, static_cast<double>(m_store.rows()) - image.height() / r.pixelsPerRow));
    m_fitted = r.pixelsPerColumn <= fitColumns() * 1.0001 && r.pixelsPerRow <= fitRows() * 1.0001;
    update();
}

void MatrixView::zoomAt(const QPointF& point, double columnFactor, double rowFactor)
{
    const QRect image = imageRect();
    const double x = std::clamp<double>(point.x() - image.left(), 0, image.width());
    const double y = std::clamp<double>(point.y() - image.top(), 0, image.height());
    const double column = m_region.left + x / m_region.pixelsPerColumn, row = m_region.top + y / m_region.pixelsPerRow;
    m_region.pixelsPerColumn = std::clamp(m_region.pixelsPerColumn * columnFactor, fitColumns(), std::max(fitColumns(), kLargestCell));
    m_region.pixelsPerRow = std::clamp(m_region.pixelsPerRow * rowFactor, fitRows(), std::max(fitRows(), kLargestCell));
    m_region.left = column - x / m_region.pixelsPerColumn;
    m_region.top = row - y / m_region.pixelsPerRow;
    keepInside();
}

void MatrixView::zoom(double factor)
{
    QPointF at = QRectF(imageRect()).center();
    if (m_store.contains(m_current) && imageRect().contains(QPoint(imageRect().left(), yOf(m_current))))
        at.setY(yOf(m_current));
    zoomAt(at, factor, factor);
}

qint64 MatrixView::rowAt(qreal y) const
{
    const double row = m_region.top + (y - imageRect().top()) / m_region.pixelsPerRow;
    return y < imageRect().top() || row < 0 || row >= static_cast<double>(m_store.rows()) ? -1 : static_cast<qint64>(row);
}

int MatrixView::columnAt(qreal x) const
{
    const double column = m_region.left + (x - imageRect().left()) / m_region.pixelsPerColumn;
    return x < imageRect().left() || x > imageRect().right() || column >= m_store.columns() ? -1 : static_cast<int>(column);
}

int MatrixView::yOf(qint64 row) const
{
    return imageRect().top() + static_cast<int>((static_cast<double>(row) + 0.5 - m_region.top) * m_region.pixelsPerRow);
}

void MatrixView::reveal(qint64 row)
{
    const double visible = imageRect().height() / m_region.pixelsPerRow;
    const auto r = static_cast<double>(row);
    if (r < m_region.top || r + 1 > m_region.top + visible)
        m_region.top = r + 0.5 - visible / 2;
    keepInside();
}

void MatrixView::setCurrent(qint64 row)
{
    m_current = m_store.contains(row) ? row : -1;
    if (m_current >= 0)
        reveal(m_current);
    setAccessibleDescription(m_current < 0 ? tr("No row chosen") : tr("Row %1 of %2 chosen").arg(m_current).arg(m_store.rows()));
    update();
}

void MatrixView::flash(qint64 row)
{
    if (!m_store.contains(row))
        return;
    reveal(row);
    m_flash.stop();
    m_flashed = row;
    // Styles report no animation time where the user wants no motion: the mark then stays still for a moment.
    const bool still = style()->styleHint(QStyle::SH_Widget_Animation_Duration, nullptr, this) == 0;
    m_flash.setStartValue(1.0);
    m_flash.setEndValue(still ? 1.0 : 0.0);
    m_flash.setDuration(700);
    m_flash.start();
}

void MatrixView::resizeEvent(QResizeEvent*)
{
    if (m_fitted)
        fit();
    else
        keepInside();
}

void MatrixView::wheelEvent(QWheelEvent* event)
{
    if (m_store.rows() == 0 || event->angleDelta().y() == 0)
        return event->ignore();
    const double factor = std::pow(1.25, event->angleDelta().y() / 120.0);
    const bool rowsOnly = event->modifiers() & Qt::ControlModifier;
    zoomAt(event->position(), rowsOnly ? 1 : factor, factor);
    event->accept();
}

void MatrixView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_pressing = true;
    m_panning = false;
    m_pressed = m_last = event->position();
}

void MatrixView::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    if (m_pressing && (m_panning || (at - m_pressed).manhattanLength() >= QApplication::startDragDistance())) {
        m_panning = true;
        setCursor(Qt::ClosedHandCursor);
        m_region.left -= (at.x() - m_last.x()) / m_region.pixelsPerColumn;
        m_region.top -= (at.y() - m_last.y()) / m_region.pixelsPerRow;
        m_last = at;
        keepInside();
        return;
    }
    const qint64 row = rowAt(at.y());
    const int column = row < 0 ? -1 : columnAt(at.x());
    if (row == m_hoverRow && column == m_hoverColumn)
        return;
    m_hoverRow = row;
    m_hoverColumn = column;
    update();
    Q_EMIT hovered(row, column);
}

void MatrixView::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_pressing)
        return;
    const bool clicked = !m_panning;
    m_pressing = m_panning = false;
    unsetCursor();
    const qint64 row = rowAt(event->position().y());
    if (!clicked || row < 0)
        return;
    setCurrent(row);
    Q_EMIT rowChosen(row);
}

void MatrixView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        fit();
}

void MatrixView::leaveEvent(QEvent*)
{
    m_hoverRow = m_hoverColumn = -1;
    update();
    Q_EMIT hovered(-1, -1);
}

void MatrixView::chooseByKey(int key)
{
    if (m_store.rows() == 0)
        return;
    const auto page = std::max<qint64>(1, static_cast<qint64>(imageRect().height() / std::max(1.0, m_region.pixelsPerRow) * 0.9));
    qint64 row = m_current;
    switch (key) {
    case Qt::Key_Up: row = m_current < 0 ? 0 : m_current - 1; break;
    case Qt::Key_Down: row = m_current + 1; break;
    case Qt::Key_PageUp: row = m_current - page; break;
    case Qt::Key_PageDown: row = m_current + page; break;
    case Qt::Key_Home: row = 0; break;
    default: row = m_store.rows() - 1; break;
    }
    row = std::clamp<qint64>(row, 0, m_store.rows() - 1);
    if (row == m_current)
        return;
    setCurrent(row);
    Q_EMIT rowChosen(row);
}

void MatrixView::keyPressEvent(QKeyEvent* event)
{
    const double step = 0.15 * imageRect().width() / m_region.pixelsPerColumn;
    switch (event->key()) {
    case Qt::Key_Up:
    case Qt::Key_Down:
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
    case Qt::Key_Home:
    case Qt::Key_End: return chooseByKey(event->key());
    case Qt::Key_Left:
    case Qt::Key_Right:
        m_region.left += event->key() == Qt::Key_Left ? -step : step;
        return keepInside();
    case Qt::Key_F: return fit();
    case Qt::Key_Plus:
    case Qt::Key_Equal: return zoom(1.5);
    case Qt::Key_Minus: return zoom(1 / 1.5);
    case Qt::Key_Return:
    case Qt::Key_Enter:
    case Qt::Key_Space:
        if (m_current >= 0)
            Q_EMIT rowChosen(m_current);
        return;
    default: QWidget::keyPressEvent(event);
    }
}

void MatrixView::changeEvent(QEvent* event)
{
    m_stale = true;
    if (event->type() == QEvent::FontChange)
        keepInside();
    update();
    QWidget::changeEvent(event);
}

bool MatrixView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const qint64 row = rowAt(help->pos().y());
    const QString text = row < 0 ? tr("Wheel: zoom (Ctrl: rows only). Drag: pan. Click: choose a row.\nDouble click or F: fit. + and -: zoom.")
                                 : describe(row, columnAt(help->pos().x()));
    QToolTip::showText(help->globalPos(), text, this);
    return true;
}

} // namespace hayloft
