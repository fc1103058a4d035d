// SPDX-License-Identifier: GPL-3.0-or-later
// Runs sweeps, saves their records and reads old ones.
#pragma once

#include "app/workbench/ComputeWorker.h"
#include "app/workbench/Workspace.h"
#include "widgets/RecallPanel.h"

#include <QElapsedTimer>
#include <QObject>

namespace hayloft {

/// Knows no widget but the panel's plain values. Thread rule: GUI thread.
class SweepSession : public QObject {
    Q_OBJECT
public:
    /// @param runsFolder where records are saved; made when the first is.
    SweepSession(ComputeWorker& worker, std::shared_ptr<Workspace> workspace, QString runsFolder, QObject* parent = nullptr);

    void run(const SweepPlan& plan);
    void setPaused(bool paused);
    void cancel();
    /// Reads a run record; a wrong file is told by `failed`.
    void openRecord(const QString& path);
    /// Reads the newest saved records, oldest first.
    void restoreHistory();
    SweepState state() const { return m_state; }

Q_SIGNALS:
    void begun(const hayloft::SweepPlan& plan);
    void stateChanged(hayloft::SweepState state);
    void progressed(qint64 done, qint64 total, double secondsLeft);
    void phase(const QString& line);
    void cellMeasured(const hayloft::Cell& cell);
    /// `opened`: from a file, not just measured.
    void runAvailable(const hayloft::RunView& run, bool opened);
    void cancelled();
    void failed(const QString& message);

private:
    void setState(SweepState state);
    void onProgress(const Progress& progress);

    ComputeWorker& m_worker;
    std::shared_ptr<Workspace> m_workspace;
    QString m_runsFolder;
    SweepState m_state = SweepState::Idle;
    QElapsedTimer m_clock;       ///< since the first trial
    qint64 m_pausedMs = 0;       ///< of this clock, spent paused
    QElapsedTimer m_pauseClock;
};

} // namespace hayloft
