// SPDX-License-Identifier: GPL-3.0-or-later
// Panels, layout and what the window shows; the bars are built in MainWindowBars.cpp.
#include "app/workbench/MainWindow.h"

#include "app/workbench/Icons.h"
#include "widgets/DocumentPanel.h"
#include "widgets/MemoryPanel.h"
#include "widgets/QueryPanel.h"
#include "widgets/RecallPanel.h"

#include <QCloseEvent>
#include <QComboBox>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QMimeData>
#include <QProgressBar>
#include <QSignalBlocker>
#include <QToolBar>
#include <QToolButton>
#include <QUrl>

namespace hayloft {

namespace {

/// Raised when docks are added or renamed, so that an old layout is not half restored.
constexpr int kLayoutVersion = 1;

} // namespace

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(tr("Hayloft"));
    setWindowIcon(applicationIcon());
    setAcceptDrops(true);
    setDockOptions(AnimatedDocks | AllowNestedDocks | AllowTabbedDocks);
    m_actions = new WindowActions(this);
    createDocks();
    createToolBar();
    createMessageBar();
    createMenus();
    createStatusLine();
    resetLayout();
    setWorking(false, false);
    setSweepRunning(false, false);
}

QDockWidget* MainWindow::addDock(const QString& name, const QString& title, QWidget* panel)
{
    auto* dock = new QDockWidget(title, this);
    dock->setObjectName(name);
    dock->setAccessibleName(title);
    dock->setWidget(panel);
    dock->toggleViewAction()->setStatusTip(tr("Show or hide this panel"));
    return dock;
}

void MainWindow::createDocks()
{
    m_document = new DocumentPanel;
    m_memory = new MemoryPanel;
    m_query = new QueryPanel;
    m_recall = new RecallPanel;
    addDock(QStringLiteral("document"), tr("Document"), m_document);
    addDock(QStringLiteral("memory"), tr("Memory"), m_memory);
    addDock(QStringLiteral("query"), tr("Query"), m_query);
    addDock(QStringLiteral("recall"), tr("Recall"), m_recall);
    connect(m_document, &DocumentPanel::filesDropped, this, &MainWindow::filesDropped);
    // Without a central widget the docks share the whole window.
    setCentralWidget(nullptr);
    setCorner(Qt::BottomLeftCorner, Qt::BottomDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::BottomDockWidgetArea);
}

QDockWidget* MainWindow::dock(const QString& name) const
{
    return findChild<QDockWidget*>(name);
}

void MainWindow::resetLayout()
{
    const QStringList top = {QStringLiteral("document"), QStringLiteral("memory"), QStringLiteral("query")};
    QDockWidget* recall = dock(QStringLiteral("recall"));
    for (const QString& name : top + QStringList{recall->objectName()}) {
        dock(name)->setFloating(false);
        removeDockWidget(dock(name));
    }
    addDockWidget(Qt::TopDockWidgetArea, dock(top[0]));
    splitDockWidget(dock(top[0]), dock(top[1]), Qt::Horizontal);
    splitDockWidget(dock(top[1]), dock(top[2]), Qt::Horizontal);
    addDockWidget(Qt::BottomDockWidgetArea, recall);
    for (const QString& name : top)
        dock(name)->show();
    recall->show();
    const int w = width(), h = height();
    resizeDocks({dock(top[0]), dock(top[1]), dock(top[2])}, {w * 31 / 100, w * 38 / 100, w * 31 / 100}, Qt::Horizontal);
    resizeDocks({dock(top[0]), recall}, {h * 58 / 100, h * 42 / 100}, Qt::Vertical);
}

QByteArray MainWindow::saveLayout() const
{
    return saveState(kLayoutVersion);
}

void MainWindow::restoreLayout(const QByteArray& layout)
{
    if (layout.isEmpty() || !restoreState(layout, kLayoutVersion))
        resetLayout();
    // A message of the last time is over; the tool bar is the way to most commands.
    m_messageTools->hide();
    m_toolBar->show();
}

void MainWindow::showMessage(MessageBar::Kind kind, const QString& text, const QString& details)
{
    m_message->showMessage(kind, text, details);
    m_messageTools->show();
}

void MainWindow::hideMessage()
{
    m_messageTools->hide();
}

void MainWindow::setRecentFiles(const QStringList& files)
{
    m_recent->clear();
    int number = 0;
    for (const QString& file : files) {
        ++number;
        auto* open = m_recent->addAction(tr("&%1  %2").arg(number).arg(QFileInfo(file).fileName()));
        open->setToolTip(file);
        open->setStatusTip(file);
        connect(open, &QAction::triggered, this, [this, file] { Q_EMIT recentFileChosen(file); });
    }
    m_recent->addSeparator();
    m_recent->addAction(action(Command::ClearRecent));
    m_recent->setEnabled(!files.isEmpty());
}

void MainWindow::setModels(const QList<QPair<QString, QString>>& models, const QString& current)
{
    const QSignalBlocker blocker(m_model);
    m_model->clear();
    for (const auto& [name, folder] : models) {
        m_model->addItem(name, folder);
        m_model->setItemData(m_model->count() - 1, folder, Qt::ToolTipRole);
    }
    m_model->setCurrentIndex(m_model->findData(current));
}

void MainWindow::setNeedle(const QString& text, bool planted, double depthPercent)
{
    m_needle->setToolTip(planted ? tr("Needle, planted: %1").arg(text) : tr("Needle (none planted)"));
    action(Command::RemoveNeedle)->setEnabled(planted);
    action(Command::NeedleUp)->setEnabled(planted);
    action(Command::NeedleDown)->setEnabled(planted);
    const QSignalBlocker blocker(m_depth);
    m_depth->setValue(depthPercent);
}

void MainWindow::setCounts(qint64 tokens, qint64 segments, qint64 rows)
{
    const QLocale locale;
    m_counts->setText(tr("%1 tokens  ·  %2 segments  ·  %3 rows")
                          .arg(locale.toString(tokens), locale.toString(segments), locale.toString(rows)));
}

void MainWindow::setMachine(const QString& note, const QString& advice)
{
    m_machine->setText(advice.isEmpty() ? note : tr("%1  ·  slow BLAS").arg(note));
    m_machine->setToolTip(advice.isEmpty() ? tr("What computes: BLAS kernel, threads, device") : advice);
}

void MainWindow::setProgress(const QString& phase, double done, double total)
{
    m_phase->setVisible(!phase.isEmpty());
    m_progress->setVisible(!phase.isEmpty());
    m_phase->setText(phase);
    // A bar of 1000 steps whatever the unit; an unknown total makes it a busy bar.
    m_progress->setRange(0, total > 0 ? 1000 : 0);
    m_progress->setValue(total > 0 ? static_cast<int>(1000 * done / total) : 0);
}

void MainWindow::setWorking(bool writing, bool documentOpen)
{
    action(Command::CancelWork)->setEnabled(writing);
    for (const Command command : {Command::Write, Command::Ask, Command::SlowMotion, Command::EditNeedle, Command::NeedleSanFrancisco,
                                  Command::NeedlePasskey, Command::NeedleOther})
        action(command)->setEnabled(documentOpen);
    m_needle->setEnabled(documentOpen);
    m_depth->setEnabled(documentOpen);
}

void MainWindow::setSweepRunning(bool running, bool paused)
{
    QAction* run = action(Command::Run);
    run->setText(running ? tr("&Cancel sweep") : tr("&Run sweep"));
    run->setIconText(running ? tr("Cancel") : tr("Run"));
    run->setIcon(themedIcon(running ? QStringLiteral("stop") : QStringLiteral("run")));
    action(Command::RunTaskSet)->setEnabled(!running);
    action(Command::Pause)->setEnabled(running);
    action(Command::Pause)->setChecked(paused);
    action(Command::CancelRun)->setEnabled(running);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    Q_EMIT closing();
    QMainWindow::closeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    QStringList paths;
    for (const QUrl& url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            paths << url.toLocalFile();
    }
    if (!paths.isEmpty()) {
        event->acceptProposedAction();
        Q_EMIT filesDropped(paths);
    }
}

} // namespace hayloft
