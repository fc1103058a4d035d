// SPDX-License-Identifier: GPL-3.0-or-later
// Brings functions from the compute thread to the GUI thread without ever holding it up for long.
#pragma once

#include <QObject>
#include <QTimer>
#include <deque>
#include <functional>
#include <mutex>

namespace hayloft {

/// Runs functions on its own thread in the order they were posted: a few milliseconds of them, then input and painting come
/// first. Queued calls would all run in one turn of the event loop, however many have come together.
class Deliveries : public QObject {
public:
    explicit Deliveries(QObject* parent = nullptr);
    /// Any thread. What is still waiting when this is destroyed never runs.
    void post(std::function<void()> function);

private:
    void run();

    std::mutex m_mutex;
    std::deque<std::function<void()>> m_waiting;
    QTimer m_again;
};

} // namespace hayloft
