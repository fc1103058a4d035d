// SPDX-License-Identifier: GPL-3.0-or-later
// What a row of memory settings has no room for, in a popup: the decoder's prompt, and how pseudo-inverse addressing reads.
#pragma once

#include "core/recall/SweepPlan.h"

#include <QFrame>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QRadioButton;
class QSpinBox;

namespace hayloft {

class NumberSpinBox;

/// What a model can do, as far as memory settings ask for it.
struct ModelAbilities {
    qint64 priorRows = 0; ///< K of its learned prior; 0 = it has none
    bool prompts = true;  ///< its decoder goes on from a prompt
};

class MemoryDetails : public QFrame {
    Q_OBJECT
public:
    /// `scope` goes before the accessible names, as in MemorySettingsBox.
    explicit MemoryDetails(const QString& scope, QWidget* parent = nullptr);
    ~MemoryDetails() override;
    /// What applies to these settings can be changed. Emits nothing, and keeps what is being typed where nothing else changed.
    void setSettings(const MemorySettings& settings);
    void setModel(const ModelAbilities& model);
    /// What the controls say, and the rest as it is.
    MemorySettings appliedTo(MemorySettings settings) const;
    /// Opens below its anchor, inside the screen; Escape or a click elsewhere closes it and keeps what was typed.
    void openAt(QWidget* anchor);

Q_SIGNALS:
    void changed(); ///< by the user

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void createPrompt();
    void createInverses();
    void createReading();
    void createNote();
    void name(const QString& scope);
    void layOutControls();
    void layOutInverses(QGridLayout* grid);
    void connectControls();
    void enableControls();
    void showWhy();
    void takeDefaults();

    MemorySettings m_shown; ///< as set, or changed by the user
    ModelAbilities m_model;
    QWidget* m_anchor = nullptr;
    QComboBox* m_prompted;
    QRadioButton* m_drawn;
    QRadioButton* m_prior;
    QRadioButton* m_exact;
    QRadioButton* m_newton;
    QSpinBox* m_steps;
    NumberSpinBox* m_scale;
    QSpinBox* m_reads;
    NumberSpinBox* m_noise;
    QCheckBox* m_sampled;
    NumberSpinBox* m_logVariance;
    QList<QLabel*> m_published; ///< names of what is for pseudo-inverse addressing only
    QLabel* m_stepsLabel;
    QLabel* m_scaleLabel;
    QLabel* m_logVarianceLabel;
    QLabel* m_promptLabel;
    QLabel* m_note;
    QPushButton* m_defaults;
};

} // namespace hayloft
