// SPDX-License-Identifier: GPL-3.0-or-later
// Tool bar, message bar, menus and status line of the main window.
#include "app/workbench/Icons.h"
#include "app/workbench/MainWindow.h"

#include <QActionGroup>
#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QProgressBar>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>

namespace hayloft {

namespace {

constexpr int kSeparator = -1;

QLabel* toolLabel(const QString& text, QWidget* buddy)
{
    auto* label = new QLabel(text);
    label->setBuddy(buddy);
    label->setContentsMargins(8, 0, 4, 0);
    return label;
}

} // namespace

void MainWindow::addCommands(QWidget* target, std::initializer_list<int> commands)
{
    for (const int command : commands) {
        if (command == kSeparator) {
            auto* separator = new QAction(target);
            separator->setSeparator(true);
            target->addAction(separator);
        } else {
            target->addAction(action(static_cast<Command>(command)));
        }
    }
}

void MainWindow::createToolBar()
{
    m_toolBar = addToolBar(tr("Tools"));
    m_toolBar->setObjectName(QStringLiteral("tools"));
    m_toolBar->setAccessibleName(tr("Tools"));
    m_toolBar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_toolBar->setIconSize(QSize(18, 18));
    m_toolBar->setMovable(false);

    m_needle = new QToolButton;
    m_needle->setText(tr("Needle"));
    m_needle->setAccessibleName(tr("Needle menu"));
    m_needle->setIcon(themedIcon(QStringLiteral("needle")));
    m_needle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_needle->setPopupMode(QToolButton::MenuButtonPopup);
    connect(m_needle, &QToolButton::clicked, action(Command::EditNeedle), &QAction::trigger);
    m_needle->setFocusPolicy(Qt::TabFocus);
    auto* needles = new QMenu(m_needle);
    m_needle->setMenu(needles);
    addCommands(needles, {int(Command::NeedleSanFrancisco), int(Command::NeedlePasskey), int(Command::NeedleOther), kSeparator,
                          int(Command::EditNeedle), int(Command::RemoveNeedle)});

    m_depth = new QDoubleSpinBox;
    m_depth->setAccessibleName(tr("Depth"));
    m_depth->setToolTip(tr("The needle's depth in percent of the haystack; 0 is the top"));
    m_depth->setStatusTip(m_depth->toolTip());
    m_depth->setRange(0, 100);
    m_depth->setDecimals(1);
    m_depth->setSingleStep(5);
    m_depth->setSuffix(tr(" %"));
    m_depth->setKeyboardTracking(false);
    connect(m_depth, &QDoubleSpinBox::valueChanged, this, &MainWindow::depthChosen);

    m_model = new QComboBox;
    m_model->setAccessibleName(tr("Model"));
    m_model->setToolTip(tr("The model that encodes and decodes"));
    m_model->setStatusTip(m_model->toolTip());
    m_model->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_model->setMinimumContentsLength(12);
    connect(m_model, &QComboBox::activated, this, [this](int index) { Q_EMIT modelChosen(m_model->itemData(index).toString()); });

    addCommands(m_toolBar, {int(Command::Open), int(Command::Paste), kSeparator});
    m_toolBar->addWidget(m_needle);
    m_toolBar->addWidget(toolLabel(tr("Depth"), m_depth));
    m_toolBar->addWidget(m_depth);
    m_toolBar->addSeparator();
    m_toolBar->addWidget(toolLabel(tr("Model"), m_model));
    m_toolBar->addWidget(m_model);
    addCommands(m_toolBar, {kSeparator, int(Command::Write), int(Command::Ask), int(Command::Run), kSeparator, int(Command::SlowMotion)});
    auto* space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_toolBar->addWidget(space);
    addCommands(m_toolBar, {int(Command::ToggleTheme)});
    // Menu texts are sentences; buttons are words.
    action(Command::Open)->setIconText(tr("Open"));
    action(Command::Paste)->setIconText(tr("Paste"));
    action(Command::Run)->setIconText(tr("Run"));
    action(Command::ToggleTheme)->setIconText(tr("Theme"));
    for (QAction* each : m_toolBar->actions()) {
        if (auto* button = qobject_cast<QToolButton*>(m_toolBar->widgetForAction(each)); button && button != m_needle) {
            button->setAccessibleName(tr("%1 (tool bar)").arg(each->iconText()));
            button->setFocusPolicy(Qt::TabFocus);
        }
    }
    if (auto* theme = qobject_cast<QToolButton*>(m_toolBar->widgetForAction(action(Command::ToggleTheme))))
        theme->setToolButtonStyle(Qt::ToolButtonIconOnly);
}

void MainWindow::createMessageBar()
{
    addToolBarBreak(Qt::TopToolBarArea);
    m_messageTools = addToolBar(tr("Messages"));
    m_messageTools->setObjectName(QStringLiteral("messages"));
    m_messageTools->setMovable(false);
    m_messageTools->setContentsMargins(0, 0, 0, 0);
    m_messageTools->toggleViewAction()->setVisible(false);
    m_message = new MessageBar;
    m_messageTools->addWidget(m_message);
    m_messageTools->hide();
    connect(m_message, &MessageBar::dismissed, this, &MainWindow::hideMessage);
}

void MainWindow::createMenus()
{
    QMenu* file = menuBar()->addMenu(tr("&File"));
    addCommands(file, {int(Command::Open), int(Command::OpenFolder), int(Command::Paste), int(Command::OpenSamples)});
    m_recent = file->addMenu(tr("&Recent files"));
    addCommands(file, {kSeparator, int(Command::OpenRecord), kSeparator, int(Command::Quit)});

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    addCommands(edit, {int(Command::Undo), int(Command::Redo), kSeparator, int(Command::EditNeedle), int(Command::NeedleSanFrancisco),
                       int(Command::NeedlePasskey), int(Command::NeedleOther), int(Command::RemoveNeedle), kSeparator,
                       int(Command::NeedleUp), int(Command::NeedleDown)});

    QMenu* view = menuBar()->addMenu(tr("&View"));
    for (const char* name : {"document", "memory", "query", "recall"})
        view->addAction(dock(QLatin1String(name))->toggleViewAction());
    view->addSeparator();
    QMenu* go = view->addMenu(tr("&Go to"));
    addCommands(go, {int(Command::ShowDocument), int(Command::ShowMemory), int(Command::ShowQuery), int(Command::ShowRecall)});
    addCommands(view, {int(Command::ResetLayout), int(Command::FullScreen), kSeparator});
    QMenu* theme = view->addMenu(tr("&Theme"));
    auto* group = new QActionGroup(this);
    for (const Command command : {Command::ThemeSystem, Command::ThemeLight, Command::ThemeDark})
        group->addAction(action(command));
    addCommands(theme, {int(Command::ThemeSystem), int(Command::ThemeLight), int(Command::ThemeDark), kSeparator, int(Command::ToggleTheme)});

    QMenu* memory = menuBar()->addMenu(tr("&Memory"));
    addCommands(memory, {int(Command::Write), int(Command::CancelWork), kSeparator, int(Command::SlowMotion), int(Command::SlowStep),
                         kSeparator, int(Command::MemoryDetails), int(Command::OpenModel), int(Command::ModelCard)});

    QMenu* recall = menuBar()->addMenu(tr("&Recall"));
    addCommands(recall, {int(Command::Ask), kSeparator, int(Command::Run), int(Command::RunTaskSet), int(Command::Pause), int(Command::CancelRun),
                         kSeparator, int(Command::SweepDetails), int(Command::SwitchAxis), int(Command::ClearLoads), int(Command::SideBySide),
                         int(Command::ExportTogether)});

    QMenu* help = menuBar()->addMenu(tr("&Help"));
    addCommands(help, {int(Command::Shortcuts), kSeparator, int(Command::About), int(Command::AboutQt)});
    for (QMenu* menu : {file, edit, view, memory, recall, help, m_recent, m_needle->menu()})
        menu->setToolTipsVisible(true);
    setRecentFiles({});
}

void MainWindow::createStatusLine()
{
    m_phase = new QLabel;
    m_phase->setAccessibleName(tr("Work in progress"));
    m_progress = new QProgressBar;
    m_progress->setAccessibleName(tr("Progress of the work"));
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(160);
    m_progress->setMaximumHeight(12);
    m_counts = new QLabel;
    m_counts->setAccessibleName(tr("Size of the document and memory"));
    m_machine = new QLabel;
    m_machine->setAccessibleName(tr("Machine"));
    for (QWidget* widget : {static_cast<QWidget*>(m_phase), static_cast<QWidget*>(m_progress), static_cast<QWidget*>(m_counts),
                            static_cast<QWidget*>(m_machine)}) {
        widget->setContentsMargins(6, 0, 6, 0);
        statusBar()->addPermanentWidget(widget);
    }
    setProgress({});
}

} // namespace hayloft
