// SPDX-License-Identifier: GPL-3.0-or-later
// Sweep settings, the live heatmap or chart by load, the history of runs and their export.
#include "widgets/RecallPanel.h"

#include "widgets/query/DisconnectChildren.h"
#include "widgets/recall/FigureControls.h"
#include "widgets/recall/LoadCurves.h"
#include "widgets/recall/LoadList.h"
#include "widgets/recall/RunControls.h"
#include "widgets/recall/RunFigure.h"
#include "widgets/recall/RunHistory.h"
#include "widgets/recall/StatusLine.h"
#include "widgets/recall/SweepColumn.h"
#include "widgets/recall/SweepSettings.h"
#include "widgets/recall/TaskPresets.h"
#include "widgets/recall/TaskSetDialog.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QMimeData>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace hayloft {

namespace {

constexpr int kHistoryWidth = 64; ///< letters: a whole title, and no more

} // namespace

class RecallPanel::Private {
public:
    explicit Private(RecallPanel* owner) : panel(owner) {}
    RecallPanel* panel;
    SweepColumn* form = nullptr;
    SweepSettings* settings = nullptr;
    RunControls* runBar = nullptr;
    LoadCurves* loads = nullptr;
    RunFigure* figure = nullptr;
    StatusLine* status = nullptr;
    QLabel* message = nullptr;
    RunHistory* history = nullptr;
    LoadList* loadList = nullptr;
    QStackedWidget* lists = nullptr; ///< of what the figure shows: runs, or curves
    std::shared_ptr<RunRecord> live; ///< grows while a sweep runs
    QStringList taskSet = taskSets()[1].keys;

    void createControls();
    QWidget* figureColumn();
    void layOut();
    void connectSettings();
    void connectFigure();
    void connectHistory();
    void connectLoads();
    void createShortcuts();

    RunView settled(const RunView& run) const;
    void showDifference(const RunView& a, const RunView& b);
    void showMultiples(std::vector<RunView> runs);
    void runSet(const QStringList& keys);
    void askWhereToExport(const QString& suffix, const QString& filter, bool together);
    void exportTo(const QString& path, bool together);
    QString hint() const
    {
        return figure->loadsShown() ? RecallPanel::tr("Point at a measured load, or move with the arrow keys; a double click or Enter loads its trial.")
                                    : RecallPanel::tr("Point at a cell, or move with the arrow keys; a click or Enter loads its trial.");
    }
};

void RecallPanel::Private::createControls()
{
    form = new SweepColumn;
    settings = &form->settings();
    runBar = &form->controls();
    loads = new LoadCurves(panel);
    figure = new RunFigure(*loads);
    status = new StatusLine;
    status->setAccessibleName(RecallPanel::tr("Cell under the pointer or cursor"));
    message = new QLabel;
    message->setWordWrap(true);
    message->setContentsMargins(4, 0, 4, 0); // in line with the status above
    message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    message->setAccessibleName(RecallPanel::tr("Sweep message"));
    message->hide();
    history = new RunHistory;
    loadList = new LoadList;
    lists = new QStackedWidget;
    lists->addWidget(history);
    lists->addWidget(loadList);
}

QWidget* RecallPanel::Private::figureColumn()
{
    auto* widget = new QWidget;
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(figure, 1);
    column->addWidget(status);
    column->addWidget(message);
    return widget;
}

void RecallPanel::Private::layOut()
{
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(form);
    splitter->addWidget(figureColumn());
    splitter->addWidget(lists);
    splitter->setStretchFactor(0, 0);
    // The figure takes most of a wide window, the history enough for its titles.
    splitter->setStretchFactor(1, 4);
    lists->setMaximumWidth(panel->fontMetrics().horizontalAdvance(QLatin1Char('x')) * kHistoryWidth);
    splitter->setStretchFactor(2, 1);
    splitter->setSizes({ 320, 640, 300 });
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(6, 4, 6, 6);
    column->addWidget(splitter);
}

void RecallPanel::Private::connectSettings()
{
    connect(settings, &SweepSettings::axisChosen, figure, &RunFigure::showLoads);
    connect(settings, &SweepSettings::needleFileRequested, panel, &RecallPanel::needleFileRequested);
    connect(runBar, &RunControls::runRequested, panel, &RecallPanel::requestRun);
    connect(runBar, &RunControls::taskSetRequested, panel, &RecallPanel::chooseTaskSet);
    connect(runBar, &RunControls::cancelRequested, panel, &RecallPanel::cancelRequested);
    connect(runBar, &RunControls::pauseRequested, panel, &RecallPanel::pauseRequested);
}

void RecallPanel::Private::connectFigure()
{
    connect(figure, &RunFigure::cellPointed, status, &StatusLine::setPassing);
    connect(figure, &RunFigure::captionChanged, status, [this](const QString& caption) { status->setStanding(caption.isEmpty() ? hint() : caption); });
    connect(figure, &RunFigure::trialChosen, panel, &RecallPanel::trialChosen);
    const FigureControls& controls = figure->controls();
    connect(&controls, &FigureControls::copyRequested, panel, &RecallPanel::copyFigure);
    connect(&controls, &FigureControls::exportRequested, panel,
            [this](const QString& suffix, const QString& filter) { askWhereToExport(suffix, filter, false); });
    connect(&controls, &FigureControls::exportTogetherRequested, panel, &RecallPanel::exportTogether);
}

void RecallPanel::Private::connectHistory()
{
    connect(history, &RunHistory::runChosen, panel, [this](const RunView& run) { figure->showRun(run, run.record == live); });
    connect(history, &RunHistory::sideBySideRequested, panel, [this](const std::vector<RunView>& runs) { showMultiples(runs); });
    connect(history, &RunHistory::compareRequested, panel, [this](const RunView& a, const RunView& b) { showDifference(a, b); });
    connect(history, &RunHistory::openRequested, panel, &RecallPanel::openRecordRequested);
}

void RecallPanel::Private::connectLoads()
{
    connect(figure, &RunFigure::loadsShownChanged, panel, [this](bool shown) { lists->setCurrentIndex(shown ? 1 : 0); });
    connect(loads, &LoadCurves::changed, loadList, [this] { loadList->setLines(loads->lines()); });
    connect(loadList, &LoadList::openRequested, panel, &RecallPanel::openRecordRequested);
    connect(loadList, &LoadList::removeRequested, loads, &LoadCurves::remove);
    connect(loadList, &LoadList::clearRequested, loads, &LoadCurves::clear);
}

void RecallPanel::Private::createShortcuts()
{
    const auto add = [this](const QKeySequence& keys, auto&& action) {
        auto* shortcut = new QShortcut(keys, panel);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, panel, action);
    };
    add(QKeySequence::Copy, [this] { panel->copyFigure(); });
    add(QKeySequence(Qt::CTRL | Qt::Key_Return), [this] {
        if (form->canRun())
            panel->requestRun();
    });
}

/// The run, or of a running sweep a copy that no longer grows.
RunView RecallPanel::Private::settled(const RunView& run) const
{
    RunView view = run;
    if (view.record == live)
        view.record = std::make_shared<const RunRecord>(*live);
    return view;
}

void RecallPanel::Private::showDifference(const RunView& a, const RunView& b)
{
    try {
        figure->showDifference(settled(a), settled(b));
        message->hide();
    } catch (const Error& error) {
        panel->setMessage(QString::fromUtf8(error.what()));
    }
}

void RecallPanel::Private::showMultiples(std::vector<RunView> runs)
{
    for (RunView& run : runs)
        run = settled(run);
    figure->showMultiples(runs);
    message->hide();
}

void RecallPanel::Private::runSet(const QStringList& keys)
{
    taskSet = keys;
    std::vector<RecallTask> tasks;
    for (const TaskPreset& preset : taskPresets())
        if (keys.contains(preset.key))
            tasks.push_back(preset.task);
    try {
        const std::vector<SweepPlan> plans = settings->plansOf(tasks);
        message->hide();
        Q_EMIT panel->taskSetRequested(plans);
    } catch (const Error& error) {
        panel->setMessage(QString::fromUtf8(error.what()));
    }
}

void RecallPanel::Private::askWhereToExport(const QString& suffix, const QString& filter, bool together)
{
    auto* dialog = new QFileDialog(panel, RecallPanel::tr("Export"), QString(), filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(QStringLiteral("recall.%1").arg(suffix));
    connect(dialog, &QFileDialog::fileSelected, panel, [this, together](const QString& path) { exportTo(path, together); });
    dialog->open();
}

void RecallPanel::Private::exportTo(const QString& path, bool together)
{
    if (!figure->hasRun()) {
        panel->setNotExported(RecallPanel::tr("there is nothing to export; run a sweep or open a record"));
        return;
    }
    RunExport run = figure->toExport();
    run.together = together;
    Q_EMIT panel->exportRequested(run, path);
}

RecallPanel::RecallPanel(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>(this))
{
    setAccessibleName(tr("Recall panel"));
    d->createControls();
    d->layOut();
    d->connectSettings();
    d->connectFigure();
    d->connectHistory();
    d->connectLoads();
    d->createShortcuts();
    d->status->setStanding(d->hint());
}

RecallPanel::~RecallPanel() { disconnectChildren(this); }

SweepPlan RecallPanel::plan() const { return d->settings->plan(); }

void RecallPanel::setPlan(const SweepPlan& plan) { d->settings->setPlan(plan); }

LoadAxis RecallPanel::axis() const { return d->settings->axis(); }

void RecallPanel::setAxis(const LoadAxis& axis) { d->settings->setAxis(axis); }

LoadCurves& RecallPanel::loads() const { return *d->loads; }

void RecallPanel::showLoads(bool loads) { d->figure->showLoads(loads); }

void RecallPanel::clearLoads() { d->loads->clear(); }

void RecallPanel::setModel(const ModelAbilities& model) { d->settings->setModel(model); }

void RecallPanel::openMemoryDetails() { d->settings->openMemoryDetails(); }

void RecallPanel::switchAxis()
{
    if (d->settings->isEnabled())
        d->settings->switchAxis();
}

void RecallPanel::requestRun()
{
    d->message->hide();
    try {
        const SweepPlan plan = d->settings->plan();
        const LoadAxis axis = d->settings->axis();
        if (axis.on)
            Q_EMIT loadsRequested(plan, axis.loads);
        else
            Q_EMIT runRequested(plan);
    } catch (const Error& error) {
        setMessage(QString::fromUtf8(error.what()));
    }
}

void RecallPanel::setState(SweepState state)
{
    d->runBar->setState(state);
    d->settings->setEnabled(state == SweepState::Idle);
    if (state != SweepState::Idle)
        return;
    d->history->endLive();
    d->loads->end();
}

QStringList RecallPanel::taskSet() const { return d->taskSet; }

void RecallPanel::setTaskSet(const QStringList& keys)
{
    if (!keys.isEmpty())
        d->taskSet = keys;
}

void RecallPanel::setPlaceInSet(int number, int count) { d->runBar->setPlaceInSet(number, count); }

void RecallPanel::setProgress(qint64 done, qint64 total, double secondsLeft) { d->runBar->setProgress(done, total, secondsLeft); }

void RecallPanel::beginRun(const SweepPlan& plan)
{
    d->live = std::make_shared<RunRecord>();
    d->live->plan = plan;
    d->message->hide();
    d->figure->showLoads(false);
    d->history->beginLive({ QString(), QString(), d->live });
}

void RecallPanel::addCell(const Cell& cell)
{
    if (!d->live)
        return;
    d->live->result.cells.push_back(cell);
    d->history->updateLive();
    d->figure->addCell(cell);
}

void RecallPanel::addRun(const RunView& run)
{
    d->history->add(run);
}

void RecallPanel::showTogether(const std::vector<std::shared_ptr<const RunRecord>>& records) { d->history->showTogether(records); }

void RecallPanel::setMessage(const QString& message)
{
    d->message->setText(message);
    d->message->setVisible(!message.isEmpty());
}

void RecallPanel::setNeedleFile(const QString& path, const std::vector<Needle>& needles) { d->settings->setNeedleFile(path, needles); }

void RecallPanel::setNeedleFileProblem(const QString& path, const QString& message) { d->settings->setNeedleFileProblem(path, message); }

void RecallPanel::exportTo(const QString& path) { d->exportTo(path, false); }

void RecallPanel::exportTogether() { d->askWhereToExport(QStringLiteral("pdf"), tr("Figures, table and run records (*.pdf)"), true); }

void RecallPanel::setExported(const QStringList& files) { setMessage(tr("Exported to %1").arg(files.join(tr(" and ")))); }

void RecallPanel::setNotExported(const QString& message) { setMessage(tr("Not exported: %1").arg(message)); }

void RecallPanel::copyFigure()
{
    if (d->figure->hasRun())
        Q_EMIT copyRequested(d->figure->toExport());
}

void RecallPanel::chooseTaskSet()
{
    if (d->runBar->state() != SweepState::Idle || !d->settings->problemOfSets().isEmpty())
        return;
    auto* dialog = new TaskSetDialog(d->taskSet, d->settings->planWithoutTask(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] { d->runSet(dialog->checkedKeys()); });
    dialog->open();
}

void RecallPanel::showSideBySide()
{
    if (!d->history->showSideBySide())
        setMessage(tr("Choose two or more runs of the history first (Ctrl+click)."));
}

void RecallPanel::setCopied(const FigureCopy& copy)
{
    auto* mime = new QMimeData;
    mime->setImageData(copy.image);
    mime->setData(QStringLiteral("image/png"), copy.png);
    mime->setText(copy.table);
    QGuiApplication::clipboard()->setMimeData(mime);
    setMessage(tr("Copied the figure and its table."));
}

} // namespace hayloft
