// SPDX-License-Identifier: GPL-3.0-or-later
// Sweep settings, the live heatmap, the history of runs and their export.
#pragma once

#include "core/store/RunRecord.h"
#include "widgets/Heatmap.h"

#include <QWidget>
#include <memory>

namespace hayloft {

/// One run in the history list.
struct RunView {
    QString title;
    QString path; ///< of the saved record, may be empty
    std::shared_ptr<const RunRecord> record;
};

enum class SweepState { Idle, Running, Paused };

class RecallPanel : public QWidget {
    Q_OBJECT
public:
    explicit RecallPanel(QWidget* parent = nullptr);
    ~RecallPanel() override;

    /// The plan the settings describe. @throws Error for a bad length or depth text
    SweepPlan plan() const;
    void setPlan(const SweepPlan& plan);
    void setState(SweepState state);
    /// done of total trials; secondsLeft < 0 = unknown.
    void setProgress(qint64 done, qint64 total, double secondsLeft);
    /// Starts an empty heatmap with this plan's grid.
    void beginRun(const SweepPlan& plan);
    void addCell(const Cell& cell);
    /// Adds a finished or opened run to the history and shows it.
    void addRun(const RunView& run);
    void setMessage(const QString& message);
    /// What came of needleFileRequested; ignored when another file is named by now.
    void setNeedleFile(const QString& path, const std::vector<Needle>& needles);
    void setNeedleFileProblem(const QString& path, const QString& message);
    /// Writes what is shown by the suffix: .png, .svg, .pdf (the figure), .csv (its table) or .json (the record; of a
    /// difference both records, as NAME-A.json and NAME-B.json). Emits exported for each file, or says in the panel what went wrong. @returns whether it was written.
    bool exportTo(const QString& path);
    /// The figure as image and its table as text to the clipboard.
    void copyFigure();

Q_SIGNALS:
    void runRequested(const hayloft::SweepPlan& plan);
    void pauseRequested(bool paused);
    void cancelRequested();
    /// A cell was clicked: its first failed trial, or its first trial.
    void trialChosen(std::shared_ptr<const hayloft::RunRecord> record, qint64 lengthTokens, double depthPercent, int trial);
    void openRecordRequested();
    /// A needle file was named: setNeedleFile or setNeedleFileProblem answers.
    void needleFileRequested(const QString& path);
    /// A figure, table or record was written.
    void exported(const QString& path);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hayloft

Q_DECLARE_METATYPE(hayloft::SweepPlan)
