// SPDX-License-Identifier: GPL-3.0-or-later
// Runs sweeps, saves their records and reads old ones.
#pragma once

#include "app/workbench/ComputeWorker.h"
#include "app/workbench/Workspace.h"
#include "widgets/RecallPanel.h"

#include <QElapsedTimer>
#include <QObject>
#include <vector>

namespace hayloft {

/// Knows no widget but the panel's plain values. Thread rule: GUI thread.
class SweepSession : public QObject {
    Q_OBJECT
public:
    /// @param runsFolder where records are saved; made when the first is.
    SweepSession(ComputeWorker& worker, std::shared_ptr<Workspace> workspace, QString runsFolder, QObject* parent = nullptr);

    void run(const SweepPlan& plan) { runSet({plan}); }
    /// One run for each plan, one after another. One that fails, or cancelling, ends the set; what is finished stays.
    void runSet(std::vector<SweepPlan> plans);
    void setPaused(bool paused);
    void cancel();
    /// Reads a run record; a wrong file is told by `failed`.
    void openRecord(const QString& path);
    /// Reads the newest saved records, oldest first.
    void restoreHistory();
    SweepState state() const { return m_state; }

Q_SIGNALS:
    /// Run `number` of `count`, counted from 1.
    void begun(const hayloft::SweepPlan& plan, int number, int count);
    void stateChanged(hayloft::SweepState state);
    void progressed(qint64 done, qint64 total, double secondsLeft);
    void phase(const QString& line);
    void cellMeasured(const hayloft::Cell& cell);
    /// `opened`: from a file, not just measured.
    void runAvailable(const hayloft::RunView& run, bool opened);
    /// Every run of a set of several has ended well; each was told by runAvailable before.
    void setFinished(const std::vector<std::shared_ptr<const hayloft::RunRecord>>& records);
    void cancelled();
    void failed(const QString& message);

private:
    void startNext();
    void finish(const RunView& view);
    void fail(const JobFailure& failure);
    void setState(SweepState state);
    void onProgress(const Progress& progress);

    ComputeWorker& m_worker;
    std::shared_ptr<Workspace> m_workspace;
    QString m_runsFolder;
    SweepState m_state = SweepState::Idle;
    std::vector<SweepPlan> m_plans; ///< of the set
    std::vector<std::shared_ptr<const RunRecord>> m_records; ///< of those that are finished
    QElapsedTimer m_clock;       ///< since the first trial
    qint64 m_pausedMs = 0;       ///< of this clock, spent paused
    QElapsedTimer m_pauseClock;
};

} // namespace hayloft
