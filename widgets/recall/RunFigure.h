// SPDX-License-Identifier: GPL-3.0-or-later
// The figure of the runs that are chosen: a heatmap, a difference, or small multiples, and recall by length beside it.
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
struct LengthSeries;

class RunFigure : public QWidget {
    Q_OBJECT
public:
    explicit RunFigure(QWidget* parent = nullptr);
    ~RunFigure() override;
    /// @param growing it is under way: cells come by addCell, and what leaves this widget is a copy that no longer grows
    void showRun(const RunView& run, bool growing);
    void showDifference(const RunView& a, const RunView& b); ///< @throws Error when the runs share no cell
    void showMultiples(const std::vector<RunView>& runs);
    /// A cell of the growing run, which holds it already; nothing happens while others are shown.
    void addCell(const Cell& cell);
    const std::shared_ptr<const RunRecord>& shown() const { return m_runs.front(); }
    bool hasRun() const;
    RunExport toExport() const;
    FigureControls& controls() const { return *m_controls; }

Q_SIGNALS:
    void cellPointed(const QString& description);
    void captionChanged(const QString& caption); ///< empty while nothing is finished
    void trialChosen(std::shared_ptr<const hayloft::RunRecord> record, qint64 lengthTokens, double depthPercent, int trial);

private:
    enum class Kind { None, Run, Growing, Difference, Multiples };
    void createControls();
    void layOut();
    void connectControls();
    void show(Kind kind, std::vector<std::shared_ptr<const RunRecord>> runs, const std::vector<LengthSeries>& series);
    void showHeatmap(const HeatmapData& heatmap);
    void chooseTrial(const std::shared_ptr<const RunRecord>& record, const HeatmapData& heatmap, int lengthIndex, int depthIndex);
    std::shared_ptr<const RunRecord> settled(const std::shared_ptr<const RunRecord>& record) const;

    Kind m_kind = Kind::None;
    std::vector<std::shared_ptr<const RunRecord>> m_runs { nullptr }; ///< A and B of a difference; all of small multiples
    QTabWidget* m_tabs;
    QStackedWidget* m_pages;
    HeatmapView* m_map;
    HeatmapGridView* m_grid;
    LengthPlot* m_lengths;
    FigureControls* m_controls;
};

} // namespace hayloft
