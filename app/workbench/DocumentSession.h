// SPDX-License-Identifier: GPL-3.0-or-later
// The open document, its needle and its memory, as the window sees them: sends jobs, tells what came of them.
#pragma once

#include "app/workbench/ComputeWorker.h"
#include "app/workbench/Workspace.h"

#include <QObject>
#include <QTimer>

namespace hayloft {

/// Knows no widget. Thread rule: GUI thread.
class DocumentSession : public QObject {
    Q_OBJECT
public:
    DocumentSession(ComputeWorker& worker, std::shared_ptr<Workspace> workspace, QObject* parent = nullptr);

    void openModel(const QString& directory);
    /// @param title shown instead of the files' names
    void openPaths(const QStringList& paths, const QString& title = {});
    void openText(const QString& text, const QString& name);
    void openTrial(const TrialRequest& trial);
    /// Brings the open document back (after a trial, or with another model) and writes it.
    void reopen();
    /// Writes with other settings.
    void setMemory(const MemorySettings& memory);
    void setSegmenter(const SegmenterOptions& segmenter) { m_segmenter = segmenter; }
    /// Writes what a cancelled writing left, else everything anew.
    void write();
    void cancel();
    /// The needle that is wanted; planted as soon as the document is open.
    void setNeedle(const std::optional<NeedleState>& needle);
    /// Answered once everything is written.
    void ask(const QueryRequest& request);
    void lookAtRow(const RowExperiment& experiment);
    void setSlowMotion(bool on);
    void stepSlowMotion();
    void setSlowMotionInterval(int milliseconds) { m_slowTimer.setInterval(milliseconds); }
    /// Whether slow motion goes on by itself; a step by hand ends that.
    void setSlowMotionRuns(bool runs);

    const std::optional<ModelInfo>& model() const { return m_model; }
    const Snapshot& snapshot() const { return m_snapshot; }
    const std::optional<NeedleState>& needle() const { return m_needle; }
    const MemorySettings& memory() const { return m_memory; }
    bool isOpen() const { return m_open; }
    bool isWorking() const;
    bool isSlow() const { return m_slow; }

Q_SIGNALS:
    void modelOpened(const hayloft::ModelInfo& model, const hayloft::ModelAbilities& abilities);
    /// Cut and shown, writing begins.
    void shown(const hayloft::Snapshot& snapshot);
    void rowsWritten(const hayloft::RowsUpdate& rows);
    /// Everything is written.
    void written(const hayloft::Snapshot& snapshot);
    void needleChanged(const hayloft::NeedleChange& change);
    /// The needle could not be planted: the wanted one is again what it was.
    void needleRefused(const QString& message);
    void asking();
    void answered(const hayloft::AnswerView& answer);
    void askFailed(const QString& message);
    void rowSeen(const hayloft::RowDetail& detail);
    void slowMotionChanged(bool on);
    void slowStepped(const hayloft::SlowStep& step);
    void workingChanged(bool working);
    void failed(const QString& message);

private:
    void open(OpenRequest request);
    void submitWriting(std::function<Snapshot(const JobContext&, const WriteCallbacks&)> work);
    WriteCallbacks callbacks(const JobContext& context);
    void finishWriting(const Snapshot& snapshot);
    void plantWanted();
    void submitAsk(const QueryRequest& request);
    void endSlowMotion();

    ComputeWorker& m_worker;
    std::shared_ptr<Workspace> m_workspace;
    std::optional<ModelInfo> m_model;
    Snapshot m_snapshot;
    bool m_open = false;
    bool m_slow = false;
    bool m_slowRuns = true;
    std::optional<NeedleState> m_needle;
    MemorySettings m_memory;
    SegmenterOptions m_segmenter;
    std::optional<QueryRequest> m_pendingAsk;
    QTimer m_slowTimer;
};

} // namespace hayloft
