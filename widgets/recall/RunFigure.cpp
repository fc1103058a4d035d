// SPDX-License-Identifier: GPL-3.0-or-later
// The figure of the runs that are chosen: a heatmap, a difference, or small multiples; recall by length, and by load, beside it.
#include "widgets/recall/RunFigure.h"

#include "widgets/query/DisconnectChildren.h"
#include "widgets/recall/FigureControls.h"
#include "widgets/recall/HeatmapGridView.h"
#include "widgets/recall/HeatmapView.h"
#include "widgets/recall/LengthPlot.h"
#include "widgets/recall/LoadCurves.h"
#include "widgets/recall/LoadView.h"

#include <QMenu>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

QString titleOf(const RunView& run) { return run.title.isEmpty() ? runTitle(*run.record) : run.title; }

bool isMeasured(const HeatmapData& heatmap)
{
    return std::any_of(heatmap.cells.begin(), heatmap.cells.end(), [](const HeatmapCell& cell) { return cell.measured; });
}

} // namespace

RunFigure::RunFigure(LoadCurves& loads, QWidget* parent)
    : QWidget(parent)
    , m_loads(loads)
{
    createControls();
    layOut();
    connectControls();
    followTab();
}

RunFigure::~RunFigure() { disconnectChildren(this); }

void RunFigure::createControls()
{
    m_map = new HeatmapView;
    m_grid = new HeatmapGridView;
    m_lengths = new LengthPlot;
    m_loadView = new LoadView;
    m_controls = new FigureControls;
    m_pages = new QStackedWidget;
    m_pages->addWidget(m_map);
    m_pages->addWidget(m_grid);
}

void RunFigure::layOut()
{
    m_tabs = new QTabWidget;
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(m_pages, tr("Heatmap"));
    m_tabs->addTab(m_lengths, tr("By length"));
    m_tabs->setTabToolTip(1, tr("Recall of each context length with its 95% interval"));
    m_tabs->addTab(m_loadView, tr("By load"));
    m_tabs->setTabToolTip(2, tr("Recall by segments per memory row, a curve for each sweep over loads (Ctrl+L)"));
    m_tabs->setCornerWidget(m_controls, Qt::TopRightCorner);
    m_tabs->setAccessibleName(tr("Figures"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_tabs);
}

void RunFigure::connectControls()
{
    connect(m_map, &HeatmapView::cellPointed, this, &RunFigure::cellPointed);
    connect(m_grid, &HeatmapGridView::cellPointed, this, &RunFigure::cellPointed);
    connect(m_map, &HeatmapView::cellChosen, this,
            [this](int length, int depth) { chooseTrial(m_runs.front(), m_map->heatmap(), length, depth); });
    connect(m_grid, &HeatmapGridView::cellChosen, this, [this](int map, int length, int depth) {
        chooseTrial(m_runs[std::size_t(map)], m_grid->grid().maps[std::size_t(map)], length, depth);
    });
    connect(m_tabs, &QTabWidget::currentChanged, this, [this] {
        followTab();
        Q_EMIT loadsShownChanged(loadsShown());
    });
    connect(&m_loads, &LoadCurves::changed, this, [this] {
        m_loadView->setFigure(m_loads.figure());
        followTab();
    });
    connect(m_loadView, &LoadView::pointPointed, this, &RunFigure::cellPointed);
    connect(m_loadView, &LoadView::pointChosen, this, &RunFigure::chooseLoad);
    connect(m_controls, &FigureControls::coloursChanged, m_map, &HeatmapView::setColours);
    connect(m_controls, &FigureControls::coloursChanged, m_grid, &HeatmapGridView::setColours);
    connect(m_controls, &FigureControls::valuesToggled, m_map, &HeatmapView::setValuesShown);
    connect(m_controls, &FigureControls::valuesToggled, m_grid, &HeatmapGridView::setValuesShown);
    for (QWidget* widget : { static_cast<QWidget*>(m_map), static_cast<QWidget*>(m_grid), static_cast<QWidget*>(m_lengths),
                             static_cast<QWidget*>(m_loadView) }) {
        widget->setContextMenuPolicy(Qt::CustomContextMenu);
        connect(widget, &QWidget::customContextMenuRequested, this,
                [this, widget](const QPoint& point) { m_controls->menu()->popup(widget->mapToGlobal(point)); });
    }
}

void RunFigure::show(Kind kind, std::vector<std::shared_ptr<const RunRecord>> runs, const std::vector<LengthSeries>& series)
{
    m_kind = kind;
    m_runs = std::move(runs);
    m_lengths->setSeries(series);
    m_pages->setCurrentWidget(kind == Kind::Multiples ? static_cast<QWidget*>(m_grid) : m_map);
    m_tabs->setTabText(0, kind == Kind::Multiples ? tr("Heatmaps") : tr("Heatmap"));
}

void RunFigure::showHeatmap(const HeatmapData& heatmap)
{
    m_map->setHeatmap(heatmap);
    m_measured = isMeasured(heatmap);
    m_caption = heatmap.caption;
    followTab();
}

void RunFigure::showLoads(bool loads)
{
    if (loads != loadsShown())
        m_tabs->setCurrentWidget(loads ? static_cast<QWidget*>(m_loadView) : m_pages);
}

bool RunFigure::loadsShown() const { return m_tabs->currentWidget() == m_loadView; }

void RunFigure::followTab()
{
    m_controls->setHeatmapShown(m_tabs->currentWidget() == m_pages);
    if (loadsShown())
        m_controls->setAvailable(hasRun(), int(m_loads.figure().curves.size()));
    else
        m_controls->setAvailable(m_measured, int(m_runs.size()));
    Q_EMIT captionChanged(loadsShown() ? m_loads.figure().caption : m_caption);
}

void RunFigure::showRun(const RunView& run, bool growing)
{
    HeatmapData heatmap = growing ? emptyHeatmap(run.record->plan) : heatmapOf(*run.record);
    if (growing)
        for (const Cell& cell : run.record->result.cells)
            setCell(heatmap, cell);
    const QString title = run.title.isEmpty() ? heatmap.title : run.title;
    show(growing ? Kind::Growing : Kind::Run, { run.record }, { { title, recallByLength(*run.record) } });
    showHeatmap(heatmap);
}

void RunFigure::showDifference(const RunView& a, const RunView& b)
{
    const HeatmapData heatmap = differenceOf(*a.record, *b.record);
    const auto title = [](const QString& letter, const RunView& run) { return QStringLiteral("%1: %2").arg(letter, titleOf(run)); };
    show(Kind::Difference, { a.record, b.record },
         { { title(tr("A"), a), recallByLength(*a.record) }, { title(tr("B"), b), recallByLength(*b.record) } });
    showHeatmap(heatmap);
}

void RunFigure::showMultiples(const std::vector<RunView>& runs)
{
    std::vector<std::shared_ptr<const RunRecord>> records;
    for (const RunView& run : runs)
        records.push_back(run.record);
    const HeatmapGrid grid = heatmapGridOf(records);
    std::vector<LengthSeries> series;
    for (std::size_t i = 0; i < records.size(); ++i)
        series.push_back({ grid.maps[i].title, recallByLength(*records[i]) });
    show(Kind::Multiples, std::move(records), series);
    m_grid->setGrid(grid);
    m_measured = std::any_of(grid.maps.begin(), grid.maps.end(), isMeasured);
    m_caption = grid.caption;
    followTab();
}

void RunFigure::addCell(const Cell& cell)
{
    if (m_kind != Kind::Growing)
        return;
    m_map->addCell(cell);
    m_lengths->setSeries({ { runTitle(*m_runs.front()), recallByLength(*m_runs.front()) } });
    m_measured = true;
    followTab();
}

std::shared_ptr<const RunRecord> RunFigure::settled(const std::shared_ptr<const RunRecord>& record) const
{
    return m_kind == Kind::Growing ? std::make_shared<const RunRecord>(*record) : record;
}

void RunFigure::chooseTrial(const std::shared_ptr<const RunRecord>& record, const HeatmapData& heatmap, int lengthIndex, int depthIndex)
{
    const std::int64_t length = heatmap.lengths[std::size_t(lengthIndex)];
    const double depth = heatmap.depths[std::size_t(depthIndex)];
    if (!record || !heatmap.cells[std::size_t(lengthIndex) * heatmap.depths.size() + std::size_t(depthIndex)].measured)
        return;
    const auto& cells = record->result.cells;
    const auto cell = std::find_if(cells.begin(), cells.end(), [&](const Cell& c) {
        return c.lengthTokens == length && std::abs(c.depthPercent - depth) < 5e-4;
    });
    if (cell == cells.end())
        return;
    const auto missed = std::find_if(cell->samples.begin(), cell->samples.end(), [](const Sample& s) { return !s.correct; });
    const int trial = missed == cell->samples.end() ? 0 : int(missed - cell->samples.begin());
    Q_EMIT trialChosen(settled(record), cell->lengthTokens, cell->depthPercent, trial);
}

/// The first trial of that load that was missed, or its first one.
void RunFigure::chooseLoad(int curve, int point)
{
    const auto record = m_loads.records()[std::size_t(curve)];
    const std::shared_ptr<const RunRecord> run(record, &record->runs[std::size_t(point)].run);
    const Cell* chosen = nullptr;
    for (const Cell& cell : run->result.cells)
        if (!cell.samples.empty() && (!chosen || (cell.hits < cell.trials && chosen->hits == chosen->trials)))
            chosen = &cell;
    if (!chosen)
        return;
    const auto missed = std::find_if(chosen->samples.begin(), chosen->samples.end(), [](const Sample& s) { return !s.correct; });
    const int trial = missed == chosen->samples.end() ? 0 : int(missed - chosen->samples.begin());
    Q_EMIT trialChosen(run, chosen->lengthTokens, chosen->depthPercent, trial);
}

bool RunFigure::hasRun() const
{
    if (loadsShown())
        return !m_loads.figure().curves.empty();
    return m_kind == Kind::Multiples ? !m_grid->grid().maps.empty() : m_runs.front() && !m_map->heatmap().cells.empty();
}

RunExport RunFigure::loadExport() const
{
    RunExport run;
    run.options.size = loadFigureSize();
    LoadFigure figure = m_loads.figure();
    figure.awaited.clear();
    run.sheet = loadSheet(figure, run.options);
    run.loads = m_loads.records();
    return run;
}

RunExport RunFigure::toExport() const
{
    if (loadsShown())
        return loadExport();
    RunExport run;
    run.options.palette = m_controls->colours();
    run.options.values = m_controls->valuesShown();
    if (m_kind == Kind::Multiples) {
        run.grid = m_grid->grid();
        run.options.size = gridFigureSize(m_runs.size());
    } else {
        run.heatmap = m_map->heatmap();
    }
    if (m_tabs->currentWidget() == m_lengths) {
        run.options.size = FigureOptions().size;
        run.lengths = m_lengths->figure(run.options.size);
    }
    for (const auto& record : m_runs)
        run.runs.push_back(settled(record));
    return run;
}

} // namespace hayloft
