// SPDX-License-Identifier: GPL-3.0-or-later
// What the menus and the tool bar do: each command is tied to the controller here.
#pragma once

#include <QObject>

namespace hayloft {

class WorkbenchController;

class WindowCommands : public QObject {
    Q_OBJECT
public:
    /// Ties all commands of the controller's window.
    explicit WindowCommands(WorkbenchController& controller, QObject* parent = nullptr);

private:
    void tieFiles();
    void tieNeedle();
    void tieUndo();
    void tieView();
    void tieMemory();
    void tieRecall();
    void tieHelp();
    void tieClosing();
    void chooseFiles(const QString& title, const QString& filter, bool folder);
    void editNeedle();
    void plantAnother();
    void moveNeedle(double percent);
    void showTheme();
    void bringUp(const QString& dock);
    void focusPanel(const QString& dock, QWidget* panel);
    void showAbout();

    WorkbenchController& m_controller;
    std::size_t m_nextNeedle = 0; ///< of the file that comes with Hayloft
};

} // namespace hayloft
