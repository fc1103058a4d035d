// SPDX-License-Identifier: GPL-3.0-or-later
// The window: dockable panels, tool bar, menus, status line. It knows no engine; the controller wires it.
#pragma once

#include "app/workbench/MessageBar.h"
#include "app/workbench/WindowActions.h"

#include <QMainWindow>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QMenu;
class QProgressBar;
class QToolBar;
class QToolButton;

namespace hayloft {

class DocumentPanel;
class MemoryPanel;
class QueryPanel;
class RecallPanel;

class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    explicit MainWindow(QWidget* parent = nullptr);

    DocumentPanel& documentPanel() const { return *m_document; }
    MemoryPanel& memoryPanel() const { return *m_memory; }
    QueryPanel& queryPanel() const { return *m_query; }
    RecallPanel& recallPanel() const { return *m_recall; }
    QAction* action(Command command) const { return (*m_actions)[command]; }
    const WindowActions& commands() const { return *m_actions; }
    QDockWidget* dock(const QString& name) const;

    /// Bytes to give to restoreLayout later.
    QByteArray saveLayout() const;
    /// Restores a saved layout; one that does not fit this version leaves the default.
    void restoreLayout(const QByteArray& layout);
    void resetLayout();

    void showMessage(MessageBar::Kind kind, const QString& text, const QString& details = {});
    void hideMessage();
    MessageBar& messageBar() const { return *m_message; }

    void setRecentFiles(const QStringList& files);
    /// The models to choose from: names to show and folders.
    void setModels(const QList<QPair<QString, QString>>& models, const QString& current);
    void setNeedle(const QString& text, bool planted, double depthPercent);
    void setCounts(qint64 tokens, qint64 segments, qint64 rows);
    void setMachine(const QString& note, const QString& advice);
    /// `done` of `total` (0 = unknown); an empty phase hides the bar.
    void setProgress(const QString& phase, double done = 0, double total = 0);
    /// Which commands make sense now.
    void setWorking(bool writing, bool documentOpen);
    /// The Run command is Cancel while a sweep runs.
    void setSweepRunning(bool running, bool paused);

Q_SIGNALS:
    void recentFileChosen(const QString& path);
    void modelChosen(const QString& folder);
    void depthChosen(double percent);
    void filesDropped(const QStringList& paths);
    void closing();

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void createDocks();
    void createMessageBar();
    void createToolBar();
    void createMenus();
    void createStatusLine();
    void addCommands(QWidget* target, std::initializer_list<int> commands);
    QDockWidget* addDock(const QString& name, const QString& title, QWidget* panel);

    WindowActions* m_actions = nullptr;
    DocumentPanel* m_document = nullptr;
    MemoryPanel* m_memory = nullptr;
    QueryPanel* m_query = nullptr;
    RecallPanel* m_recall = nullptr;
    QToolBar* m_toolBar = nullptr;
    QToolBar* m_messageTools = nullptr;
    MessageBar* m_message = nullptr;
    QMenu* m_recent = nullptr;
    QToolButton* m_needle = nullptr;
    QDoubleSpinBox* m_depth = nullptr;
    QComboBox* m_model = nullptr;
    QLabel* m_phase = nullptr;
    QLabel* m_counts = nullptr;
    QLabel* m_machine = nullptr;
    QProgressBar* m_progress = nullptr;
};

} // namespace hayloft
