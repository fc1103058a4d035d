// SPDX-License-Identifier: GPL-3.0-or-later
// Measures how long the GUI thread does not come back to its event loop.
#pragma once

#include <QElapsedTimer>
#include <QObject>

namespace hayloft {

/// The longest times between two turns of the event loop; they need not be the same two.
struct LoopBlock {
    double wallMs = 0;
    double cpuMs = 0; ///< of this thread's own computing: where others use the machine too, the rest is waiting for a core
};

/// Beats every few milliseconds; a beat that comes late was blocked. Thread rule: the thread that is measured.
class Heartbeat : public QObject {
public:
    explicit Heartbeat(QObject* parent = nullptr);
    /// The longest blocks since the last call (or the start), with what is under way.
    LoopBlock lap();

protected:
    void timerEvent(QTimerEvent* event) override;

private:
    void beat();

    QElapsedTimer m_clock;
    double m_cpuAtBeat = 0;
    LoopBlock m_longest;
};

} // namespace hayloft
