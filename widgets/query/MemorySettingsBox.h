// SPDX-License-Identifier: GPL-3.0-or-later
// Kind of key, P, key memory and its rows: one row of controls for MemorySettings.
#pragma once

#include "core/recall/SweepPlan.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QRadioButton;
class QSpinBox;
class QToolButton;

namespace hayloft {

class MemoryDetails;
class RowsSpinBox;
struct ModelAbilities;

class MemorySettingsBox : public QWidget {
    Q_OBJECT
public:
    /// `scope` goes before the accessible names ("Sweep: Key memory") where a window holds two of these.
    /// @param detailsKeys the window's shortcut of openDetails(), for the button's tool tip
    explicit MemorySettingsBox(const QString& scope = {}, const QString& detailsKeys = {}, QWidget* parent = nullptr);
    ~MemorySettingsBox() override;
    void setSettings(const MemorySettings& settings); ///< emits nothing
    MemorySettings settings() const;
    /// For sweeps over loads: key memories that share rows only, and where the nearest row is read, K is the load's to choose.
    void setRowsByLoad(bool byLoad);
    void setModel(const ModelAbilities& model);
    /// Opens the settings that have no room in the row (MemoryDetails), unless the box is disabled.
    void openDetails();

Q_SIGNALS:
    void changed(); ///< by the user

private:
    void createControls(const QString& scope);
    void createDetails(const QString& scope, const QString& keys);
    void layOutControls();
    void connectControls();
    MemorySettings chosen() const; ///< what the controls say, whether it goes together or not
    void enableControls();
    void takeUsualRows();
    void followPrior();
    void showWords();
    bool readsAllRows() const;

    MemorySettings m_base; ///< what has no control here
    qint64 m_priorRows = 0;      ///< of the model; 0 = it has no prior
    qint64 m_shownPriorRows = 0; ///< K says these; 0 = the user's own
    int m_ownRows = 0;           ///< K as it was before
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
    QToolButton* m_more;
    QLabel* m_words; ///< of the details that are not as usual
    MemoryDetails* m_details;
};

} // namespace hayloft
