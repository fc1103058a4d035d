// SPDX-License-Identifier: GPL-3.0-or-later
// Runs sweeps, saves their records and reads old ones.
#pragma once

#include "app/workbench/ComputeWorker.h"
#include "app/workbench/LoadProgress.h"
#include "app/workbench/Workspace.h"
#include "widgets/RecallPanel.h"
#include "widgets/recall/LoadCurves.h"

#include <QElapsedTimer>
#include <QObject>
#include <vector>

namespace hayloft {

/// Where a record comes from: measured just now, from a file the user named, or from an earlier start.
enum class RecordOrigin { Measured, Opened, Restored };

/// Knows no widget but the panel's plain values. Thread rule: GUI thread.
class SweepSession : public QObject {
    Q_OBJECT
public:
    /// @param runsFolder where records are saved; made when the first is.
    SweepSession(ComputeWorker& worker, std::shared_ptr<Workspace> workspace, QString runsFolder, QObject* parent = nullptr);

    void run(const SweepPlan& plan) { runSet({plan}); }
    /// One run for each plan, one after another. One that fails, or cancelling, ends the set; what is finished stays.
    void runSet(std::vector<SweepPlan> plans);
    /// One run for each load, one after another, that make one record.
    void runLoads(const SweepPlan& plan, const std::vector<double>& loads);
    void setPaused(bool paused);
    void cancel();
    /// Reads records of runs and of sweeps over loads; a wrong file is told by `failed`, the others are read.
    void openRecords(const QStringList& paths);
    /// Reads the newest saved runs, oldest first, and these records of sweeps over loads, as far as they are there.
    void restoreHistory(const QStringList& loadRecords);
    SweepState state() const { return m_state; }

Q_SIGNALS:
    /// Run `number` of `count`, counted from 1.
    void begun(const hayloft::SweepPlan& plan, int number, int count);
    void stateChanged(hayloft::SweepState state);
    void progressed(qint64 done, qint64 total, double secondsLeft);
    void phase(const QString& line);
    void cellMeasured(const hayloft::Cell& cell);
    void runAvailable(const hayloft::RunView& run, hayloft::RecordOrigin origin);
    void loadsBegun(const hayloft::SweepPlan& plan, const std::vector<double>& loads);
    void loadMeasured(const hayloft::LoadRun& point);
    void loadsAvailable(const hayloft::LoadEntry& loads, hayloft::RecordOrigin origin);
    /// Every run of a set of several has ended well; each was told by runAvailable before.
    void setFinished(const std::vector<std::shared_ptr<const hayloft::RunRecord>>& records);
    void cancelled();
    void failed(const QString& message);

private:
    /// One of both.
    struct OpenedRecord {
        std::optional<RunView> run;
        std::optional<LoadEntry> loads;
    };
    static OpenedRecord read(const QString& path);
    void begin();
    void startNext();
    bool save(const std::string& record, const QString& file, const JobContext& context);
    void tell(const std::vector<OpenedRecord>& records, RecordOrigin origin);
    void finish(const RunView& view);
    void fail(const JobFailure& failure);
    void setState(SweepState state);
    void onProgress(const Progress& progress);
    void tellPhase(const Progress& progress);
    double secondsLeft(double share) const;

    ComputeWorker& m_worker;
    std::shared_ptr<Workspace> m_workspace;
    QString m_runsFolder;
    SweepState m_state = SweepState::Idle;
    std::vector<SweepPlan> m_plans; ///< of the set
    std::vector<std::shared_ptr<const RunRecord>> m_records; ///< of those that are finished
    std::unique_ptr<LoadProgress> m_loads; ///< of the sweep over loads that is under way
    bool m_phaseTold = false;              ///< the panel shows what such a sweep is about
    QElapsedTimer m_clock;       ///< since the first trial, or the first load's beginning
    qint64 m_pausedMs = 0;       ///< of this clock, spent paused
    QElapsedTimer m_pauseClock;
};

} // namespace hayloft
