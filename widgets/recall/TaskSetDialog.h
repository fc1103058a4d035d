// SPDX-License-Identifier: GPL-3.0-or-later
// Which tasks are run one after another: ready-made sets, or a choice of one's own.
#pragma once

#include "core/recall/SweepPlan.h"

#include <QDialog>
#include <QStringList>

class QComboBox;
class QLabel;
class QListWidget;
class QListWidgetItem;
class QPushButton;

namespace hayloft {

/// Tasks are named by the keys of their presets (TaskPresets.h).
class TaskSetDialog : public QDialog {
    Q_OBJECT
public:
    /// @param each what is common to all runs; its task does not count
    TaskSetDialog(const QStringList& checked, const SweepPlan& each, QWidget* parent = nullptr);
    QStringList checkedKeys() const;

private:
    void createControls();
    void layOutControls();
    void fillTasks();
    void chooseSet();
    void follow();

    qint64 m_trialsEach;
    bool m_needlesLookAlike; ///< the keys are so short that RULER's needles share one
    QComboBox* m_sets;
    QListWidget* m_tasks;
    QLabel* m_size;
    QLabel* m_warning;
    QPushButton* m_run;
};

/// Whether prefix keys end before RULER's needles differ. P = 0 is the model's own.
bool needlesLookAlike(const MemorySettings& memory);

} // namespace hayloft
