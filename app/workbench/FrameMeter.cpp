// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/FrameMeter.h"

#include <QEvent>
#include <QWidget>
#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

constexpr int kPatienceMs = 5000;

} // namespace

FrameMeter::FrameMeter(QObject* parent) : QObject(parent)
{
    m_patience.setSingleShot(true);
    m_patience.setInterval(kPatienceMs);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        release();
        Q_EMIT stalled();
    });
}

void FrameMeter::run(QWidget* widget, std::function<bool()> input, std::function<void()> painted)
{
    m_widget = widget;
    m_input = std::move(input);
    m_painted = std::move(painted);
    m_frames.clear();
    m_widget->installEventFilter(this);
    m_widget->window()->installEventFilter(this);
    QTimer::singleShot(0, this, &FrameMeter::next);
}

void FrameMeter::release()
{
    m_waiting = false;
    m_patience.stop();
    m_widget->removeEventFilter(this);
    m_widget->window()->removeEventFilter(this);
}

void FrameMeter::next()
{
    m_paintSeen = false;
    m_waiting = true;
    m_patience.start();
    m_clock.start();
    if (m_input())
        return;
    release();
    Q_EMIT finished();
}

bool FrameMeter::eventFilter(QObject* watched, QEvent* event)
{
    if (!m_waiting)
        return false;
    if (watched == m_widget && event->type() == QEvent::Paint)
        m_paintSeen = true;
    // Posted now, it comes after the request's own handling, which paints and flushes.
    if (watched == m_widget->window() && event->type() == QEvent::UpdateRequest)
        QMetaObject::invokeMethod(this, &FrameMeter::requestHandled, Qt::QueuedConnection);
    return false;
}

void FrameMeter::requestHandled()
{
    if (!m_waiting || !m_paintSeen)
        return;
    m_frames.push_back(static_cast<double>(m_clock.nsecsElapsed()) / 1e6);
    m_waiting = false;
    m_painted();
    QTimer::singleShot(0, this, &FrameMeter::next);
}

double percentile(std::vector<double> values, double share)
{
    if (values.empty())
        return 0;
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
    const std::size_t index = std::clamp<std::size_t>(rank, 1, values.size()) - 1;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(index), values.end());
    return values[index];
}

} // namespace hayloft
