// SPDX-License-Identifier: GPL-3.0-or-later
// Kind of key, P, key memory and its rows: one row of controls for MemorySettings.
#pragma once

#include "core/recall/SweepPlan.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QRadioButton;
class QSpinBox;

namespace hayloft {

class RowsSpinBox;

class MemorySettingsBox : public QWidget {
    Q_OBJECT
public:
    /// `scope` goes before the accessible names ("Sweep: Key memory") where a window holds two of these.
    explicit MemorySettingsBox(const QString& scope = {}, QWidget* parent = nullptr);
    void setSettings(const MemorySettings& settings); ///< emits nothing
    MemorySettings settings() const;
    /// For sweeps over loads: key memories that share rows only, and where the nearest row is read, K is the load's to choose.
    void setRowsByLoad(bool byLoad);

Q_SIGNALS:
    void changed(); ///< by the user

private:
    void createControls(const QString& scope);
    void layOutControls();
    void connectControls();
    void enableControls();
    void takeUsualRows();
    bool readsAllRows() const;

    MemorySettings m_base; ///< what has no control here
    bool m_rowsByLoad = false;
    bool m_grewBefore = false; ///< "grow" comes back when rows are no longer the load's
    QRadioButton* m_prefix;
    QRadioButton* m_whole;
    QRadioButton* m_content;
    QLabel* m_prefixTokensLabel;
    QSpinBox* m_prefixTokens;
    QComboBox* m_keyMemory;
    QLabel* m_rowsLabel;
    RowsSpinBox* m_rows;
};

} // namespace hayloft
