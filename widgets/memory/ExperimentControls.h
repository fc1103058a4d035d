// SPDX-License-Identifier: GPL-3.0-or-later
// Sliders that change the row that is decoded: scale, noise and mixing.
#pragma once

#include "widgets/MemoryPanel.h"

class QDoubleSpinBox;
class QGridLayout;
class QPushButton;
class QSlider;
class QSpinBox;
class QTimer;
class QToolButton;

namespace hayloft {

class ExperimentControls : public QWidget {
    Q_OBJECT
public:
    explicit ExperimentControls(QWidget* parent = nullptr);
    /// The row that is changed, -1 = none. Another row starts from the unchanged settings, without a signal.
    void setRow(qint64 row, qint64 totalRows);
    RowExperiment experiment() const;
    bool changed() const; ///< whether the settings change the row at all

Q_SIGNALS:
    /// At most about once in 30 ms.
    void experimentChanged(const hayloft::RowExperiment& experiment);
    void edited(); ///< at once

private:
    struct Pair {
        QSlider* slider;
        QDoubleSpinBox* box;
    };
    struct Range {
        double least, most, step, start;
    };
    Pair addPair(int line, const QString& label, const QString& tip, const Range& range);
    void addMixRow(int line);
    void restore();
    void settingsEdited();
    QGridLayout* m_grid;
    Pair m_scale, m_noise, m_mix;
    QSpinBox* m_mixRow = nullptr;
    QToolButton* m_draw = nullptr;
    QPushButton* m_reset = nullptr;
    QTimer* m_timer;
    qint64 m_row = -1;
    quint64 m_seed = 1;
    bool m_quiet = false;
};

} // namespace hayloft
