// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/Deliveries.h"

#include <QElapsedTimer>

namespace hayloft {

namespace {

constexpr int kAtOnceMs = 8;

} // namespace

Deliveries::Deliveries(QObject* parent) : QObject(parent)
{
    m_again.setSingleShot(true);
    m_again.setInterval(0);
    connect(&m_again, &QTimer::timeout, this, &Deliveries::run);
}

void Deliveries::post(std::function<void()> function)
{
    const std::lock_guard lock(m_mutex);
    m_waiting.push_back(std::move(function));
    if (m_waiting.size() == 1)
        QMetaObject::invokeMethod(&m_again, qOverload<>(&QTimer::start), Qt::QueuedConnection);
}

void Deliveries::run()
{
    QElapsedTimer clock;
    clock.start();
    do {
        std::function<void()> next;
        {
            const std::lock_guard lock(m_mutex);
            if (m_waiting.empty())
                return;
            next = std::move(m_waiting.front());
            m_waiting.pop_front();
            // Before it runs: should it open a dialog, the others are not to wait for that.
            if (!m_waiting.empty())
                m_again.start();
        }
        next();
    } while (clock.elapsed() < kAtOnceMs);
}

} // namespace hayloft
