// SPDX-License-Identifier: GPL-3.0-or-later
// One latent vector as a strip of bars.
#include "widgets/LatentStrip.h"

#include "widgets/ColourMap.h"
#include "widgets/PanelColours.h"

#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace hayloft {

LatentStrip::LatentStrip(QWidget* parent) : QWidget(parent)
{
    setMouseTracking(true);
    setFocusPolicy(Qt::TabFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Latent"));
    setToolTip(tr("The row's latent vector: point at a bar or use the arrow keys to read a value"));
}

QSize LatentStrip::sizeHint() const { return {320, 46}; }

QSize LatentStrip::minimumSizeHint() const { return {120, 46}; }

QRect LatentStrip::area() const { return rect().adjusted(1, 1, -1, -1); }

void LatentStrip::setLatent(const std::vector<float>& latent)
{
    m_latent = latent;
    m_range = 0;
    for (const float v : latent)
        m_range = std::isfinite(v) ? std::max(m_range, std::abs(v)) : m_range;
    m_range = m_range > 0 ? m_range : 1;
    if (m_probe >= static_cast<int>(latent.size()))
        m_probe = -1;
    update();
}

void LatentStrip::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const PanelColours colours = panelColours(palette());
    const QRect inside = area();
    painter.fillRect(rect(), colours.gutter);
    const double middle = inside.top() + inside.height() / 2.0;
    const auto n = static_cast<int>(m_latent.size());
    if (n == 0) {
        painter.setPen(colours.faint);
        painter.drawText(inside, Qt::AlignCenter, tr("The chosen row's latent"));
        painter.setPen(colours.line);
        painter.drawRect(rect().adjusted(0, 0, -1, -1));
        return;
    }
    const int bars = std::min(n, inside.width());
    for (int bar = 0; bar < bars; ++bar) {
        const int from = static_cast<int>(static_cast<qint64>(bar) * n / bars);
        const int to = std::max(from + 1, static_cast<int>(static_cast<qint64>(bar + 1) * n / bars));
        float strongest = 0;
        for (int i = from; i < to; ++i)
            strongest = std::abs(m_latent[static_cast<std::size_t>(i)]) > std::abs(strongest) ? m_latent[static_cast<std::size_t>(i)] : strongest;
        const double share = strongest / m_range;
        const double left = inside.left() + static_cast<double>(bar) * inside.width() / bars;
        const double right = inside.left() + static_cast<double>(bar + 1) * inside.width() / bars;
        const double length = std::abs(share) * inside.height() / 2.0;
        // Faint values keep a visible colour: the height already says how strong they are.
        const double shade = std::copysign(0.45 + 0.45 * std::abs(share), share);
        painter.fillRect(QRectF(left, share > 0 ? middle - length : middle, std::max(1.0, right - left), std::max(0.5, length)),
                         diverging(shade, colours.heatCentre));
    }
    painter.setPen(colours.line);
    painter.drawLine(QPointF(inside.left(), middle), QPointF(inside.right(), middle));
    if (m_probe >= 0 && n > 0) {
        const double x = inside.left() + (m_probe + 0.5) * inside.width() / n;
        painter.setPen(QPen(colours.text, 1));
        painter.drawLine(QPointF(x, inside.top()), QPointF(x, inside.bottom()));
        const QString text = accessibleDescription();
        const int width = fontMetrics().horizontalAdvance(text) + 8, height = fontMetrics().height() + 2;
        const QRect box(x > inside.center().x() ? inside.left() + 1 : inside.right() - width, inside.top() + 1, width, height);
        painter.fillRect(box, colours.base);
        painter.drawText(box, Qt::AlignCenter, text);
    }
    painter.setPen(hasFocus() ? QPen(colours.accent, 2) : QPen(colours.line, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void LatentStrip::probe(int dimension)
{
    const auto n = static_cast<int>(m_latent.size());
    m_probe = n == 0 ? -1 : std::clamp(dimension, -1, n - 1);
    update();
    const float value = m_probe < 0 ? 0 : m_latent[static_cast<std::size_t>(m_probe)];
    const QString text = m_probe < 0 ? QString() : tr("dimension %1: %2").arg(m_probe).arg(QLocale().toString(value, 'f', 4));
    setAccessibleDescription(text);
    Q_EMIT probed(m_probe, value);
}

void LatentStrip::mouseMoveEvent(QMouseEvent* event)
{
    if (m_latent.empty())
        return;
    const double share = (event->position().x() - area().left()) / std::max(1, area().width());
    probe(std::clamp(static_cast<int>(share * static_cast<double>(m_latent.size())), 0, static_cast<int>(m_latent.size()) - 1));
}

void LatentStrip::leaveEvent(QEvent*) { probe(-1); }

void LatentStrip::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Left: return probe(std::max(0, m_probe - 1));
    case Qt::Key_Right: return probe(m_probe + 1);
    case Qt::Key_Home: return probe(0);
    case Qt::Key_End: return probe(static_cast<int>(m_latent.size()) - 1);
    default: QWidget::keyPressEvent(event);
    }
}

} // namespace hayloft
