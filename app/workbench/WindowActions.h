// SPDX-License-Identifier: GPL-3.0-or-later
// Every command of the window: its words, shortcut and icon, in one table.
#pragma once

#include <QAction>
#include <QHash>
#include <QObject>

namespace hayloft {

enum class Command {
    Open, OpenFolder, OpenRecord, OpenSamples, Paste, ClearRecent, Quit,
    Undo, Redo, EditNeedle, NeedleSanFrancisco, NeedlePasskey, NeedleOther, RemoveNeedle, NeedleUp, NeedleDown,
    ThemeSystem, ThemeLight, ThemeDark, ToggleTheme, ResetLayout, ShowDocument, ShowMemory, ShowQuery, ShowRecall, FullScreen,
    Write, SlowMotion, SlowStep, CancelWork, MemoryDetails, OpenModel, ModelCard,
    Ask, Run, RunTaskSet, Pause, CancelRun, SweepDetails, SwitchAxis, ClearLoads, SideBySide, ExportTogether,
    Shortcuts, About, AboutQt,
};

/// The commands as QActions, owned by `parent` (the window, so that shortcuts work everywhere in it).
class WindowActions : public QObject {
    Q_OBJECT
public:
    explicit WindowActions(QWidget* parent);

    QAction* operator[](Command command) const { return m_actions.value(static_cast<int>(command)); }
    /// Commands that have a shortcut, as an HTML table with one heading a menu.
    QString shortcutsHtml() const;

private:
    QHash<int, QAction*> m_actions;
    QList<QPair<QString, int>> m_order; ///< group, command
};

} // namespace hayloft
