// SPDX-License-Identifier: GPL-3.0-or-later
// Measures how long the GUI thread does not come back to its event loop.
#pragma once

#include <QElapsedTimer>
#include <QObject>

namespace hayloft {

/// A block of the event loop.
struct LoopBlock {
    double wallMs = 0; ///< between two turns of the event loop
    double cpuMs = 0;  ///< of it, this thread's own computing: the rest it waited, e.g. for a core
};

/// Beats every few milliseconds; a beat that comes late was blocked. Thread rule: the thread that is measured.
class Heartbeat : public QObject {
public:
    explicit Heartbeat(QObject* parent = nullptr);
    /// The longest block since the last call (or the start), with the one that is under way.
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
