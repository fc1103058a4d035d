// SPDX-License-Identifier: GPL-3.0-or-later
// Sweep settings, the live heatmap, the history of runs and their export.
#include "widgets/RecallPanel.h"

#include "widgets/query/DisconnectChildren.h"
#include "widgets/recall/FigureControls.h"
#include "widgets/recall/HeatmapView.h"
#include "widgets/recall/LengthPlot.h"
#include "widgets/recall/RunControls.h"
#include "widgets/recall/RunHistory.h"
#include "widgets/recall/StatusLine.h"
#include "widgets/recall/SweepSettings.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QMenu>
#include <QMimeData>
#include <QScrollArea>
#include <QScrollBar>
#include <QShortcut>
#include <QSplitter>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

constexpr int kHistoryWidth = 64; ///< letters: a whole title, and no more

} // namespace

class RecallPanel::Private {
public:
    explicit Private(RecallPanel* owner) : panel(owner) {}
    RecallPanel* panel;
    SweepSettings* settings = nullptr;
    RunControls* runBar = nullptr;
    QScrollArea* form = nullptr;
    QTabWidget* tabs = nullptr;
    HeatmapView* map = nullptr;
    LengthPlot* lengths = nullptr;
    FigureControls* figure = nullptr;
    StatusLine* status = nullptr;
    QLabel* message = nullptr;
    RunHistory* history = nullptr;
    std::shared_ptr<RunRecord> live;        ///< grows while a sweep runs
    std::shared_ptr<const RunRecord> shown; ///< A of a difference
    std::shared_ptr<const RunRecord> other; ///< B of a difference, else null

    void createControls();
    QWidget* settingsColumn();
    QWidget* figureColumn();
    void layOut();
    void connectSettings();
    void connectFigure();
    void connectHistory();
    void createShortcuts();

    std::shared_ptr<const RunRecord> settled(const std::shared_ptr<const RunRecord>& record) const;
    void showRun(const RunView& run);
    void showDifference(const RunView& a, const RunView& b);
    void showFigure(const HeatmapData& heatmap, const std::vector<LengthSeries>& series);
    void chooseTrial(int lengthIndex, int depthIndex);
    void askWhereToExport(const QString& suffix, const QString& filter);
    RunExport runToExport() const;
    bool hasRun() const { return shown && !map->heatmap().cells.empty(); }
    static QString hint()
    {
        return RecallPanel::tr("Point at a cell, or move with the arrow keys; a click or Enter loads its trial.");
    }
    bool lengthsOnShow() const { return tabs->currentWidget() == lengths; }
};

void RecallPanel::Private::createControls()
{
    settings = new SweepSettings;
    runBar = new RunControls;
    map = new HeatmapView;
    lengths = new LengthPlot;
    figure = new FigureControls;
    status = new StatusLine;
    status->setAccessibleName(RecallPanel::tr("Cell under the pointer or cursor"));
    message = new QLabel;
    message->setWordWrap(true);
    message->setContentsMargins(4, 0, 4, 0); // in line with the status above
    message->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    message->setAccessibleName(RecallPanel::tr("Sweep message"));
    message->hide();
    history = new RunHistory;
}

QWidget* RecallPanel::Private::settingsColumn()
{
    form = new QScrollArea;
    form->setWidgetResizable(true);
    form->setFrameShape(QFrame::NoFrame);
    form->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    form->setFocusPolicy(Qt::NoFocus);
    form->setWidget(settings);
    form->setMinimumWidth(settings->minimumSizeHint().width() + form->verticalScrollBar()->sizeHint().width());
    auto* widget = new QWidget;
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(form, 1);
    column->addWidget(runBar);
    return widget;
}

QWidget* RecallPanel::Private::figureColumn()
{
    tabs = new QTabWidget;
    tabs->setDocumentMode(true);
    tabs->addTab(map, RecallPanel::tr("Heatmap"));
    tabs->addTab(lengths, RecallPanel::tr("By length"));
    tabs->setTabToolTip(1, RecallPanel::tr("Recall of each context length with its 95% interval"));
    tabs->setCornerWidget(figure, Qt::TopRightCorner);
    tabs->setAccessibleName(RecallPanel::tr("Figures"));
    auto* widget = new QWidget;
    auto* column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(tabs, 1);
    column->addWidget(status);
    column->addWidget(message);
    return widget;
}

void RecallPanel::Private::layOut()
{
    auto* splitter = new QSplitter(Qt::Horizontal);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(settingsColumn());
    splitter->addWidget(figureColumn());
    splitter->addWidget(history);
    splitter->setStretchFactor(0, 0);
    // The figure takes most of a wide window, the history enough for its titles.
    splitter->setStretchFactor(1, 4);
    history->setMaximumWidth(panel->fontMetrics().horizontalAdvance(QLatin1Char('x')) * kHistoryWidth);
    splitter->setStretchFactor(2, 1);
    splitter->setSizes({ 320, 640, 300 });
    auto* column = new QVBoxLayout(panel);
    column->setContentsMargins(6, 4, 6, 6);
    column->addWidget(splitter);
}

void RecallPanel::Private::connectSettings()
{
    connect(settings, &SweepSettings::checked, panel, [this] { runBar->setProblem(settings->problem()); });
    runBar->setProblem(settings->problem());
    connect(settings, &SweepSettings::needleFileRequested, panel, &RecallPanel::needleFileRequested);
    connect(runBar, &RunControls::runRequested, panel, [this] {
        message->hide();
        Q_EMIT panel->runRequested(settings->plan());
    });
    connect(runBar, &RunControls::cancelRequested, panel, &RecallPanel::cancelRequested);
    connect(runBar, &RunControls::pauseRequested, panel, &RecallPanel::pauseRequested);
}

void RecallPanel::Private::connectFigure()
{
    connect(map, &HeatmapView::cellPointed, status, &StatusLine::setPassing);
    connect(map, &HeatmapView::cellChosen, panel, [this](int length, int depth) { chooseTrial(length, depth); });
    connect(tabs, &QTabWidget::currentChanged, figure, [this] { figure->setHeatmapShown(!lengthsOnShow()); });
    connect(figure, &FigureControls::coloursChanged, map, &HeatmapView::setColours);
    connect(figure, &FigureControls::valuesToggled, map, &HeatmapView::setValuesShown);
    connect(figure, &FigureControls::copyRequested, panel, &RecallPanel::copyFigure);
    connect(figure, &FigureControls::exportRequested, panel,
            [this](const QString& suffix, const QString& filter) { askWhereToExport(suffix, filter); });
    for (QWidget* widget : { static_cast<QWidget*>(map), static_cast<QWidget*>(lengths) }) {
        widget->setContextMenuPolicy(Qt::CustomContextMenu);
        connect(widget, &QWidget::customContextMenuRequested, panel,
                [this, widget](const QPoint& point) { figure->menu()->popup(widget->mapToGlobal(point)); });
    }
}

void RecallPanel::Private::connectHistory()
{
    connect(history, &RunHistory::runChosen, panel, [this](const RunView& run) { showRun(run); });
    connect(history, &RunHistory::compareRequested, panel, [this](const RunView& a, const RunView& b) { showDifference(a, b); });
    connect(history, &RunHistory::openRequested, panel, &RecallPanel::openRecordRequested);
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
        if (runBar->state() == SweepState::Idle && settings->problem().isEmpty())
            Q_EMIT runBar->runRequested();
    });
}

void RecallPanel::Private::showFigure(const HeatmapData& heatmap, const std::vector<LengthSeries>& series)
{
    map->setHeatmap(heatmap);
    lengths->setSeries(series);
    status->setStanding(heatmap.caption.isEmpty() ? hint() : heatmap.caption);
    const bool measured = std::any_of(heatmap.cells.begin(), heatmap.cells.end(), [](const HeatmapCell& c) { return c.measured; });
    figure->setAvailable(measured, heatmap.difference ? 2 : 1);
}

/// The record, or of a running sweep a copy that no longer grows.
std::shared_ptr<const RunRecord> RecallPanel::Private::settled(const std::shared_ptr<const RunRecord>& record) const
{
    return record == live ? std::make_shared<const RunRecord>(*live) : record;
}

void RecallPanel::Private::showRun(const RunView& view)
{
    shown = view.record;
    other = nullptr;
    HeatmapData heatmap = shown == live ? emptyHeatmap(live->plan) : heatmapOf(*shown);
    if (shown == live)
        for (const Cell& cell : live->result.cells)
            setCell(heatmap, cell);
    const QString title = view.title.isEmpty() ? heatmap.title : view.title;
    showFigure(heatmap, { { title, recallByLength(*shown) } });
}

void RecallPanel::Private::showDifference(const RunView& a, const RunView& b)
{
    try {
        const HeatmapData heatmap = differenceOf(*a.record, *b.record);
        shown = settled(a.record);
        other = settled(b.record);
        const auto title = [](const QString& letter, const RunView& run) {
            return QStringLiteral("%1: %2").arg(letter, run.title.isEmpty() ? runTitle(*run.record) : run.title);
        };
        showFigure(heatmap, { { title(RecallPanel::tr("A"), a), recallByLength(*a.record) },
                              { title(RecallPanel::tr("B"), b), recallByLength(*b.record) } });
        message->hide();
    } catch (const Error& error) {
        panel->setMessage(QString::fromUtf8(error.what()));
    }
}

void RecallPanel::Private::chooseTrial(int lengthIndex, int depthIndex)
{
    const HeatmapData& heatmap = map->heatmap();
    const std::int64_t length = heatmap.lengths[std::size_t(lengthIndex)];
    const double depth = heatmap.depths[std::size_t(depthIndex)];
    if (!shown || !heatmap.cells[std::size_t(lengthIndex) * heatmap.depths.size() + std::size_t(depthIndex)].measured)
        return;
    const auto& cells = shown->result.cells;
    const auto cell = std::find_if(cells.begin(), cells.end(), [&](const Cell& c) {
        return c.lengthTokens == length && std::abs(c.depthPercent - depth) < 5e-4;
    });
    if (cell == cells.end())
        return;
    const auto missed = std::find_if(cell->samples.begin(), cell->samples.end(), [](const Sample& s) { return !s.correct; });
    const int trial = missed == cell->samples.end() ? 0 : int(missed - cell->samples.begin());
    Q_EMIT panel->trialChosen(settled(shown), cell->lengthTokens, cell->depthPercent, trial);
}

RunExport RecallPanel::Private::runToExport() const
{
    RunExport run;
    run.heatmap = map->heatmap();
    run.options.palette = figure->colours();
    run.options.values = figure->valuesShown();
    if (lengthsOnShow())
        run.lengths = lengths->figure(run.options.size);
    run.a = settled(shown);
    run.b = other;
    return run;
}

void RecallPanel::Private::askWhereToExport(const QString& suffix, const QString& filter)
{
    auto* dialog = new QFileDialog(panel, RecallPanel::tr("Export"), QString(), filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(suffix);
    dialog->selectFile(QStringLiteral("recall.%1").arg(suffix));
    connect(dialog, &QFileDialog::fileSelected, panel, &RecallPanel::exportTo);
    dialog->open();
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
    d->createShortcuts();
    d->figure->setAvailable(false);
    d->status->setStanding(d->hint());
}

RecallPanel::~RecallPanel() { disconnectChildren(this); }

SweepPlan RecallPanel::plan() const { return d->settings->plan(); }

void RecallPanel::setPlan(const SweepPlan& plan) { d->settings->setPlan(plan); }

void RecallPanel::setState(SweepState state)
{
    d->runBar->setState(state);
    d->settings->setEnabled(state == SweepState::Idle);
    if (state == SweepState::Idle)
        d->history->endLive();
}

void RecallPanel::setProgress(qint64 done, qint64 total, double secondsLeft) { d->runBar->setProgress(done, total, secondsLeft); }

void RecallPanel::beginRun(const SweepPlan& plan)
{
    d->live = std::make_shared<RunRecord>();
    d->live->plan = plan;
    d->message->hide();
    d->history->beginLive({ QString(), QString(), d->live });
}

void RecallPanel::addCell(const Cell& cell)
{
    if (!d->live)
        return;
    d->live->result.cells.push_back(cell);
    d->history->updateLive();
    if (d->shown != d->live || d->map->heatmap().difference)
        return;
    d->map->addCell(cell);
    d->lengths->setSeries({ { runTitle(*d->live), recallByLength(*d->live) } });
    d->figure->setAvailable(true);
}

void RecallPanel::addRun(const RunView& run)
{
    d->history->add(run);
}

void RecallPanel::setMessage(const QString& message)
{
    d->message->setText(message);
    d->message->setVisible(!message.isEmpty());
}

void RecallPanel::setNeedleFile(const QString& path, const std::vector<Needle>& needles) { d->settings->setNeedleFile(path, needles); }

void RecallPanel::setNeedleFileProblem(const QString& path, const QString& message) { d->settings->setNeedleFileProblem(path, message); }

void RecallPanel::exportTo(const QString& path)
{
    if (d->hasRun())
        Q_EMIT exportRequested(d->runToExport(), path);
    else
        setNotExported(tr("there is no run to export; run a sweep or open a run record"));
}

void RecallPanel::setExported(const QStringList& files) { setMessage(tr("Exported to %1").arg(files.join(tr(" and ")))); }

void RecallPanel::setNotExported(const QString& message) { setMessage(tr("Not exported: %1").arg(message)); }

void RecallPanel::copyFigure()
{
    if (d->hasRun())
        Q_EMIT copyRequested(d->runToExport());
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
