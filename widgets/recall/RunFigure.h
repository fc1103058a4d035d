// SPDX-License-Identifier: GPL-3.0-or-later
// The figure of the runs that are chosen: a heatmap, a difference, or small multiples; recall by length, and by load, beside it.
#pragma once

#include "widgets/RecallPanel.h"

#include <QWidget>
#include <functional>
#include <vector>

class QStackedWidget;
class QTabWidget;

namespace hayloft {

class FigureControls;
class HeatmapGridView;
class HeatmapView;
class LengthPlot;
class LoadCurves;
class LoadView;
struct LengthSeries;

class RunFigure : public QWidget {
    Q_OBJECT
public:
    /// @param loads shown beside the runs, as they change
    explicit RunFigure(LoadCurves& loads, QWidget* parent = nullptr);
    ~RunFigure() override;
    /// @param growing it is under way: cells come by addCell, and what leaves this widget is a copy that no longer grows
    void showRun(const RunView& run, bool growing);
    void showDifference(const RunView& a, const RunView& b); ///< @throws Error when the runs share no cell
    void showMultiples(const std::vector<RunView>& runs);
    /// A cell of the growing run, which holds it already; nothing happens while others are shown.
    void addCell(const Cell& cell);
    const std::shared_ptr<const RunRecord>& shown() const { return m_runs.front(); }
    /// Brings recall by load, or the runs' own figure, to the front.
    void showLoads(bool loads);
    bool loadsShown() const;
    /// Whether there is something to export in front.
    bool hasRun() const;
    RunExport toExport() const;
    FigureControls& controls() const { return *m_controls; }

Q_SIGNALS:
    void cellPointed(const QString& description);
    void loadsShownChanged(bool loads);
    void captionChanged(const QString& caption); ///< of what is in front; empty while nothing is finished
    void trialChosen(std::shared_ptr<const hayloft::RunRecord> record, qint64 lengthTokens, double depthPercent, int trial);

private:
    enum class Kind { None, Run, Growing, Difference, Multiples };
    void createControls();
    void layOut();
    void connectControls();
    void show(Kind kind, std::vector<std::shared_ptr<const RunRecord>> runs, const std::vector<LengthSeries>& series);
    void showHeatmap(const HeatmapData& heatmap);
    void followTab();
    void chooseLoad(int curve, int point);
    RunExport loadExport() const;
    void chooseTrial(const std::shared_ptr<const RunRecord>& record, const HeatmapData& heatmap, int lengthIndex, int depthIndex);
    std::shared_ptr<const RunRecord> settled(const std::shared_ptr<const RunRecord>& record) const;

    LoadCurves& m_loads;
    Kind m_kind = Kind::None;
    bool m_measured = false; ///< the runs' figure has something to export
    QString m_caption;       ///< its own
    std::vector<std::shared_ptr<const RunRecord>> m_runs { nullptr }; ///< A and B of a difference; all of small multiples
    QTabWidget* m_tabs;
    QStackedWidget* m_pages;
    HeatmapView* m_map;
    HeatmapGridView* m_grid;
    LengthPlot* m_lengths;
    LoadView* m_loadView;
    FigureControls* m_controls;
};

} // namespace hayloft
