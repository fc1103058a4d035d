// SPDX-License-Identifier: GPL-3.0-or-later
// The list of runs: show one, or compare two.
#pragma once

#include "widgets/RecallPanel.h"

#include <QWidget>
#include <vector>

class QListWidget;
class QListWidgetItem;
class QPushButton;

namespace hayloft {

class RunHistory : public QWidget {
    Q_OBJECT
public:
    explicit RunHistory(QWidget* parent = nullptr);
    ~RunHistory() override;
    /// Puts a run on top and selects it (emits runChosen). The record of the run that was under way takes its line.
    void add(const RunView& run);
    /// Selects these runs and shows them side by side.
    void showTogether(const std::vector<std::shared_ptr<const RunRecord>>& records);
    /// Shows the selected runs side by side; nothing happens when there are fewer than two. @returns whether there are
    bool showSideBySide();
    /// A run under way: its line counts hits as cells arrive.
    void beginLive(const RunView& run);
    void updateLive();
    /// What becomes of the live run's line when it ends without a record of its own.
    void endLive();

Q_SIGNALS:
    void runChosen(const hayloft::RunView& run);
    void compareRequested(const hayloft::RunView& a, const hayloft::RunView& b);
    /// Three runs or more are selected, or two and the button is pressed; in the order in which they came.
    void sideBySideRequested(const std::vector<hayloft::RunView>& runs);
    void openRequested();

private:
    void createControls();
    void connectControls();
    QListWidgetItem* addLine(const RunView& run);
    void fillLine(QListWidgetItem* line, const RunView& run, const QString& state = {}) const;
    const RunView& runOf(const QListWidgetItem* line) const;
    bool isOfLive(const RunRecord& record) const;
    void choose(QListWidgetItem* line);
    void followSelection();
    void compare();
    /// Selected lines from the upper to the lower, whatever the order of clicks.
    std::vector<QListWidgetItem*> selectedLines() const;

    QListWidget* m_list;
    QPushButton* m_open;
    QPushButton* m_sideBySide;
    QPushButton* m_compare;
    std::vector<RunView> m_runs;       ///< in the order they came; lines hold the index
    QListWidgetItem* m_live = nullptr; ///< the latest run under way, until its record comes
    bool m_running = false;
    bool m_swap = false;               ///< the next comparison is B - A
};

} // namespace hayloft
