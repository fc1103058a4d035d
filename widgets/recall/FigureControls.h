// SPDX-License-Identifier: GPL-3.0-or-later
// Colours, values, copy and export of the figure on show.
#pragma once

#include "widgets/Heatmap.h"

#include <QWidget>

class QAction;
class QCheckBox;
class QComboBox;
class QMenu;

namespace hayloft {

class FigureControls : public QWidget {
    Q_OBJECT
public:
    explicit FigureControls(QWidget* parent = nullptr);
    Palette colours() const;
    bool valuesShown() const;
    /// The export menu; the heatmap's context menu is the same.
    QMenu* menu() const { return m_menu; }
    /// Nothing measured, nothing to export; a difference of two runs has two records, small multiples have more.
    void setAvailable(bool measured, int records = 1);
    /// Colours and values are the heatmap's; the plot by length has neither.
    void setHeatmapShown(bool shown);

Q_SIGNALS:
    void coloursChanged(hayloft::Palette palette);
    void valuesToggled(bool shown);
    void copyRequested();
    void exportRequested(const QString& suffix, const QString& filter);
    void exportTogetherRequested();

private:
    void createMenu();
    QMenu* m_menu;
    QAction* m_copy;
    QAction* m_record;
    QAction* m_together;
    QComboBox* m_palette;
    QCheckBox* m_values;
};

} // namespace hayloft
