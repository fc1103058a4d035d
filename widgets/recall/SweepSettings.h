// SPDX-License-Identifier: GPL-3.0-or-later
// The form that describes a sweep plan.
#pragma once

#include "core/recall/SweepPlan.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace hayloft {

class MemorySettingsBox;
class TaskSettings;

/// "1k:137k:10" or "1k,2k,4k": a text that gives these lengths when parsed.
QString lengthsText(const std::vector<std::int64_t>& lengths);
QString depthsText(const std::vector<double>& depths);

class SweepSettings : public QWidget {
    Q_OBJECT
public:
    explicit SweepSettings(QWidget* parent = nullptr);
    ~SweepSettings() override;
    /// @throws Error for what the form says is wrong.
    SweepPlan plan() const;
    void setPlan(const SweepPlan& plan);
    /// What the form says but for the task. @throws Error
    SweepPlan planWithoutTask() const;
    /// The same sweep with other tasks: placed and read as the form says. @throws Error as plan() does, but for the task's
    std::vector<SweepPlan> plansOf(const std::vector<RecallTask>& tasks) const;
    /// One line on what is wrong; empty when the plan can run.
    QString problem() const;
    /// The same for plansOf().
    QString problemOfSets() const;
    void setNeedleFile(const QString& path, const std::vector<Needle>& needles);
    void setNeedleFileProblem(const QString& path, const QString& message);

Q_SIGNALS:
    void checked(); ///< after any change: problem() is new
    void needleFileRequested(const QString& path);

private:
    void createGridControls();
    void createRunControls();
    void layOutControls();
    void connectControls();
    void check();
    SweepPlan planOf(RecallTask task) const;

    SweepPlan m_base; ///< what has no control here; its task is empty
    TaskSettings* m_task;
    MemorySettingsBox* m_memory;
    QLineEdit* m_lengths;
    QLabel* m_lengthsNote;
    QLineEdit* m_depths;
    QLabel* m_depthsNote;
    QSpinBox* m_trials;
    QSpinBox* m_controls;
    QLineEdit* m_seed;
    QComboBox* m_segmenter;
    QSpinBox* m_maxTokens;
    QComboBox* m_path;
    QLabel* m_summary;
    QLabel* m_keysNote;
};

} // namespace hayloft
