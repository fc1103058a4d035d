// SPDX-License-Identifier: GPL-3.0-or-later
// The margin in which the needle is planted and moved.
#include "widgets/document/NeedleMargin.h"

#include "widgets/PanelColours.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

namespace hayloft {
namespace {

constexpr int kSteps = 1000;
double rounded(double depth) { return std::round(std::clamp(depth, 0.0, 100.0) * 10) / 10; }

} // namespace

NeedleMargin::NeedleMargin(QWidget* parent) : QAbstractSlider(parent)
{
    setRange(0, kSteps);
    setOrientation(Qt::Vertical);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::SplitVCursor);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setAccessibleName(tr("Needle depth"));
    setToolTip(tr("Click or drag to plant or move the needle (0% is the top of the document)\n"
                  "Shift+Alt+Up, Shift+Alt+Down: move by 1%; with Ctrl: by 10%"));
}

QSize NeedleMargin::sizeHint() const
{
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    return {QFontMetrics(small).horizontalAdvance(QStringLiteral("100")) + 22, 200};
}

QSize NeedleMargin::minimumSizeHint() const { return {sizeHint().width(), 60}; }

int NeedleMargin::yOf(double depthPercent) const
{
    return static_cast<int>(std::lround(depthPercent / 100 * std::max(1, height() - 1)));
}

double NeedleMargin::depthAt(qreal y) const { return rounded(100 * y / std::max(1, height() - 1)); }

void NeedleMargin::setNeedle(bool planted, double depthPercent)
{
    if (m_dragging)
        return;
    m_planted = planted;
    show(depthPercent);
}

void NeedleMargin::show(double depth)
{
    m_depth = std::clamp(depth, 0.0, 100.0);
    setValue(static_cast<int>(std::lround(m_depth * kSteps / 100)));
    setAccessibleDescription(m_planted ? tr("Needle at %1%").arg(QLocale().toString(m_depth, 'f', 1)) : tr("No needle planted"));
    update();
}

void NeedleMargin::nudge(double percent)
{
    const double depth = m_planted ? rounded(m_depth + percent) : 50;
    m_planted = true;
    show(depth);
    Q_EMIT requested(depth);
}

void NeedleMargin::drawHandle(QPainter& painter, double depth, const QColor& fill, const QColor& line) const
{
    const qreal half = 6.5;
    const qreal y = std::clamp<qreal>(yOf(depth), half, std::max(half, height() - 1 - half));
    const qreal right = width() - 1.5, left = right - 19;
    QPainterPath path(QPointF(left, y - half));
    path.lineTo(right - 7, y - half);
    path.lineTo(right, y);
    path.lineTo(right - 7, y + half);
    path.lineTo(left, y + half);
    path.closeSubpath();
    painter.setPen(QPen(line, 1.2));
    painter.setBrush(fill);
    painter.drawPath(path);
}

void NeedleMargin::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const PanelColours colours = panelColours(palette());
    painter.fillRect(rect(), colours.gutter);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    painter.setFont(small);
    const int right = width() - 1;
    painter.setPen(QPen(colours.line, 1));
    painter.drawLine(QPointF(right + 0.5, 0), QPointF(right + 0.5, height()));
    const int textHeight = QFontMetrics(small).height();
    for (int depth = 0; depth <= 100; depth += 5) {
        const int y = yOf(depth);
        const bool labelled = depth % 25 == 0;
        painter.setPen(QPen(colours.line, 1));
        painter.drawLine(QPointF(right - (labelled ? 7 : 4), y + 0.5), QPointF(right, y + 0.5));
        // A label half under the handle reads as another number.
        if (!labelled || (m_planted && std::abs(y - yOf(m_depth)) < textHeight))
            continue;
        const int top = std::clamp(y - textHeight / 2, 0, std::max(0, height() - textHeight));
        painter.setPen(colours.faint);
        painter.drawText(QRect(0, top, right - 10, textHeight), Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(depth));
    }
    if (m_hover >= 0 && !m_dragging && isEnabled()) {
        QColor ghost = colours.needle;
        ghost.setAlphaF(0.30f);
        drawHandle(painter, m_hover, ghost, colours.needle);
    }
    if (m_planted)
        drawHandle(painter, m_depth, colours.needle, mixed(colours.needle, colours.text, 0.55));
    // A frame for those who came by keyboard only.
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        painter.setPen(QPen(colours.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(rect()).adjusted(1, 1, -1, -1));
    }
}

void NeedleMargin::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    m_before = m_depth;
    m_plantedBefore = m_planted;
    m_dragging = m_planted = true;
    show(depthAt(event->position().y()));
    Q_EMIT previewed(m_depth);
}

void NeedleMargin::mouseMoveEvent(QMouseEvent* event)
{
    m_hover = depthAt(event->position().y());
    if (m_dragging && m_hover != m_depth) {
        show(m_hover);
        Q_EMIT previewed(m_depth);
    }
    update();
}

void NeedleMargin::mouseReleaseEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || !m_dragging)
        return;
    m_dragging = false;
    show(depthAt(event->position().y()));
    Q_EMIT previewEnded();
    Q_EMIT requested(m_depth);
}

void NeedleMargin::leaveEvent(QEvent*)
{
    m_hover = -1;
    update();
}

void NeedleMargin::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && m_dragging) {
        m_dragging = false;
        m_planted = m_plantedBefore;
        show(m_before);
        Q_EMIT previewEnded();
        return;
    }
    const auto jump = [this](double depth) {
        if (!m_planted)
            m_planted = true;
        nudge(depth - m_depth);
    };
    switch (event->key()) {
    case Qt::Key_Up: return nudge(-1);
    case Qt::Key_Down: return nudge(1);
    case Qt::Key_PageUp: return nudge(-10);
    case Qt::Key_PageDown: return nudge(10);
    case Qt::Key_Home: return jump(0);
    case Qt::Key_End: return jump(100);
    default: event->ignore();
    }
}

void NeedleMargin::wheelEvent(QWheelEvent* event)
{
    // A needle must not move because the pointer crossed the margin while scrolling.
    event->ignore();
}

} // namespace hayloft
