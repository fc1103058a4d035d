// SPDX-License-Identifier: GPL-3.0-or-later
// Sweep settings, the live heatmap or chart by load, the history of runs and their export.
#pragma once

#include "core/store/RunRecord.h"
#include "widgets/Heatmap.h"
#include "widgets/recall/LoadSettings.h"
#include "widgets/recall/RunExport.h"

#include <QStringList>
#include <QWidget>
#include <memory>

namespace hayloft {

/// One run in the history list.
struct RunView {
    QString title;
    QString path; ///< of the saved record, may be empty
    std::shared_ptr<const RunRecord> record;
};

class LoadCurves;
struct ModelAbilities;

enum class SweepState { Idle, Running, Paused };

class RecallPanel : public QWidget {
    Q_OBJECT
public:
    explicit RecallPanel(QWidget* parent = nullptr);
    ~RecallPanel() override;

    /// The plan the settings describe. @throws Error for a bad length or depth text
    SweepPlan plan() const;
    void setPlan(const SweepPlan& plan);
    /// What recall is measured over. @throws Error for bad loads
    LoadAxis axis() const;
    void setAxis(const LoadAxis& axis);
    /// The chart by load: what is put in here is shown.
    LoadCurves& loads() const;
    /// Brings the chart by load, or the runs' figure and history, to the front.
    void showLoads(bool loads);
    void setState(SweepState state);
    /// Keys of the presets (TaskPresets.h) that the task set last held; none = RULER's.
    QStringList taskSet() const;
    void setTaskSet(const QStringList& keys);
    /// Which run of a set is under way, counted from 1; 1 of 1 is no set.
    void setPlaceInSet(int number, int count);
    /// done of total trials; secondsLeft < 0 = unknown.
    void setProgress(qint64 done, qint64 total, double secondsLeft);
    /// Starts an empty heatmap with this plan's grid.
    void beginRun(const SweepPlan& plan);
    void addCell(const Cell& cell);
    /// Adds a finished or opened run to the history and shows it.
    void addRun(const RunView& run);
    /// Selects these runs of the history and shows them side by side.
    void showTogether(const std::vector<std::shared_ptr<const RunRecord>>& records);
    void setMessage(const QString& message);
    /// What came of needleFileRequested; ignored when another file is named by now.
    void setNeedleFile(const QString& path, const std::vector<Needle>& needles);
    void setNeedleFileProblem(const QString& path, const QString& message);
    /// Asks by exportRequested for what is shown to be written; setExported or setNotExported answers.
    void exportTo(const QString& path);
    void setExported(const QStringList& files);
    void setNotExported(const QString& message);
    /// Asks by copyRequested for the figure and its table; setCopied (or setNotExported) answers.
    void copyFigure();
    /// Puts them on the clipboard.
    void setCopied(const FigureCopy& copy);
    /// The commands of the panel's buttons. Asks for what the form describes to be run; a form that is wrong gets a message.
    void requestRun();
    /// What settings the model that is open has a use for.
    void setModel(const ModelAbilities& model);
    /// Opens the memory settings that have no room in the form.
    void openMemoryDetails();
    /// Goes from depth x length to load, or back.
    void switchAxis();
    /// Takes all curves out of the chart by load.
    void clearLoads();
    /// Asks which tasks to run one after another.
    void chooseTaskSet();
    /// Shows the chosen runs as small multiples, or says that two must be chosen first.
    void showSideBySide();
    /// Asks for a name under which figure, table and records are written together.
    void exportTogether();

Q_SIGNALS:
    void runRequested(const hayloft::SweepPlan& plan);
    void loadsRequested(const hayloft::SweepPlan& plan, const std::vector<double>& loads);
    /// One run after another, all over the same grid.
    void taskSetRequested(const std::vector<hayloft::SweepPlan>& plans);
    void pauseRequested(bool paused);
    void cancelRequested();
    /// A cell was clicked: its first failed trial, or its first trial.
    void trialChosen(std::shared_ptr<const hayloft::RunRecord> record, qint64 lengthTokens, double depthPercent, int trial);
    void openRecordRequested();
    /// A needle file was named: setNeedleFile or setNeedleFileProblem answers.
    void needleFileRequested(const QString& path);
    void exportRequested(const hayloft::RunExport& run, const QString& path);
    void copyRequested(const hayloft::RunExport& run);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hayloft

Q_DECLARE_METATYPE(hayloft::SweepPlan)
