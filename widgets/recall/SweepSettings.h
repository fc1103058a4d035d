// SPDX-License-Identifier: GPL-3.0-or-later
// The form that describes a sweep plan.
#pragma once

#include "core/recall/SweepPlan.h"
#include "widgets/recall/LoadSettings.h"

#include <QWidget>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace hayloft {

class MemorySettingsBox;
class TaskSettings;
struct ModelAbilities;

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
    /// What the form says but for the task. Over loads: one length, or none with pseudo-inverse addressing. @throws Error
    SweepPlan planWithoutTask() const;
    /// What recall is measured over. @throws Error for bad loads
    LoadAxis axis() const;
    bool isOverLoads() const;
    void setAxis(const LoadAxis& axis);
    void switchAxis(); ///< as the user would
    void setModel(const ModelAbilities& model);
    void openMemoryDetails(); ///< as their button does
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
    void axisChosen(bool overLoads);
    void needleFileRequested(const QString& path);

private:
    void createAxisControls();
    void createGridControls();
    void createRunControls();
    void layOutControls();
    void connectControls();
    void check();
    void showAxis();
    void summarize(std::size_t lengths, std::size_t depths);
    SweepPlan planOf(RecallTask task) const;

    SweepPlan m_base; ///< what has no control here; its task is empty
    QFormLayout* m_form;
    QComboBox* m_axis;
    LoadSettings* m_loads;
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
