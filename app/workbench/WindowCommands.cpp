// SPDX-License-Identifier: GPL-3.0-or-later
// The commands' effects and their dialogs, none of which blocks.
#include "app/workbench/WindowCommands.h"

#include "app/workbench/InfoDialog.h"
#include "app/workbench/NeedleDialog.h"
#include "app/workbench/WorkbenchController.h"
#include "widgets/DocumentPanel.h"
#include "widgets/MemoryPanel.h"
#include "widgets/QueryPanel.h"
#include "widgets/RecallPanel.h"

#include <QApplication>
#include <QClipboard>
#include <QDockWidget>
#include <QFileDialog>
#include <QLineEdit>
#include <QMessageBox>
#include <QRandomGenerator>

namespace hayloft {

namespace {

constexpr int kPasskeyDigits = 5;
constexpr double kNeedleStep = 5; ///< percent, of Alt+Up and Alt+Down

} // namespace

WindowCommands::WindowCommands(WorkbenchController& controller, QObject* parent) : QObject(parent), m_controller(controller)
{
    tieFiles();
    tieNeedle();
    tieUndo();
    tieView();
    tieMemory();
    tieRecall();
    tieHelp();
    tieClosing();
}

void WindowCommands::tieFiles()
{
    MainWindow* window = &m_controller.window();
    const QString documents = tr("Documents and run records (*.txt *.md *.html *.htm *.pdf *.json);;All files (*)");
    connect(window->action(Command::Open), &QAction::triggered, this, [this, documents] { chooseFiles(tr("Open"), documents, false); });
    connect(window->action(Command::OpenFolder), &QAction::triggered, this, [this] { chooseFiles(tr("Open folder"), {}, true); });
    connect(window->action(Command::OpenRecord), &QAction::triggered, this,
            [this] { chooseFiles(tr("Open run record"), tr("Run and load records (*.json)"), false); });
    connect(window->action(Command::OpenSamples), &QAction::triggered, &m_controller, &WorkbenchController::openSamples);
    connect(window->action(Command::Paste), &QAction::triggered, this,
            [this] { m_controller.openText(QGuiApplication::clipboard()->text(), tr("Pasted text")); });
    connect(window, &MainWindow::recentFileChosen, this, [this](const QString& path) { m_controller.openPaths({path}); });
    connect(window->action(Command::ClearRecent), &QAction::triggered, this, [this, window] {
        m_controller.settings().recentFiles.clear();
        window->setRecentFiles({});
    });
    connect(window->action(Command::Quit), &QAction::triggered, window, &QWidget::close);
}

void WindowCommands::chooseFiles(const QString& title, const QString& filter, bool folder)
{
    auto* dialog = new QFileDialog(&m_controller.window(), title, m_controller.settings().lastFolder, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, &m_controller, &WorkbenchController::openPaths);
    dialog->open();
}

void WindowCommands::tieNeedle()
{
    MainWindow* window = &m_controller.window();
    connect(window->action(Command::EditNeedle), &QAction::triggered, this, &WindowCommands::editNeedle);
    connect(window->action(Command::NeedleSanFrancisco), &QAction::triggered, this,
            [this] { m_controller.changeNeedle(needleState(sanFranciscoNeedle(), m_controller.currentNeedle().depth)); });
    connect(window->action(Command::NeedlePasskey), &QAction::triggered, this, [this] {
        const std::uint64_t seed = QRandomGenerator::global()->generate64();
        m_controller.changeNeedle(passkeyState(kPasskeyDigits, seed, m_controller.currentNeedle().depth));
    });
    connect(window->action(Command::NeedleOther), &QAction::triggered, this, &WindowCommands::plantAnother);
    connect(window->action(Command::RemoveNeedle), &QAction::triggered, this, [this] { m_controller.changeNeedle(std::nullopt); });
    connect(window->action(Command::NeedleUp), &QAction::triggered, this, [this] { moveNeedle(-kNeedleStep); });
    connect(window->action(Command::NeedleDown), &QAction::triggered, this, [this] { moveNeedle(kNeedleStep); });
    connect(window, &MainWindow::depthChosen, &m_controller, &WorkbenchController::plantAt);
}

void WindowCommands::moveNeedle(double percent)
{
    if (const auto& needle = m_controller.document().needle())
        m_controller.plantAt(needle->depth + percent);
}

void WindowCommands::plantAnother()
{
    const NeedleFiles& files = m_controller.needleFiles();
    if (files.shipped().empty())
        m_controller.window().showMessage(MessageBar::Kind::Error, files.shippedProblem());
    else
        m_controller.changeNeedle(needleState(files.shipped()[m_nextNeedle++ % files.shipped().size()], m_controller.currentNeedle().depth));
}

void WindowCommands::editNeedle()
{
    const NeedleState current = m_controller.currentNeedle();
    auto* dialog = new NeedleDialog(needlePresets(m_controller.needleFiles().shipped(), QRandomGenerator::global()->generate64()), current.needle,
                                    current.depth, &m_controller.window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog, current] {
        NeedleState state = dialog->needleState();
        Settings& settings = m_controller.settings();
        settings.needleText = QString::fromStdString(state.needle.text);
        settings.needlePrefix = QString::fromStdString(state.needle.prefix);
        settings.needleQuestion = QString::fromStdString(state.needle.question);
        settings.needleDepth = state.depth;
        // The same text stays the same needle: a passkey is scored as one after its depth was edited.
        if (state.needle.text == current.needle.text) {
            state.kind = current.kind;
            state.expected = current.expected;
        }
        m_controller.changeNeedle(state);
    });
    dialog->open();
}

void WindowCommands::tieUndo()
{
    MainWindow* window = &m_controller.window();
    QUndoStack* stack = &m_controller.undoStack();
    const auto tie = [this, stack](QAction* action, void (QUndoStack::*slot)(), void (QUndoStack::*can)(bool),
                                   void (QUndoStack::*name)(const QString&), const QString& plain, const QString& named) {
        action->setEnabled(false);
        connect(action, &QAction::triggered, stack, slot);
        connect(stack, can, action, &QAction::setEnabled);
        connect(stack, name, action, [action, plain, named](const QString& text) { action->setText(text.isEmpty() ? plain : named.arg(text)); });
    };
    tie(window->action(Command::Undo), &QUndoStack::undo, &QUndoStack::canUndoChanged, &QUndoStack::undoTextChanged, tr("&Undo"), tr("&Undo %1"));
    tie(window->action(Command::Redo), &QUndoStack::redo, &QUndoStack::canRedoChanged, &QUndoStack::redoTextChanged, tr("&Redo"), tr("&Redo %1"));
}

void WindowCommands::tieView()
{
    MainWindow* window = &m_controller.window();
    const auto theme = [this](ThemeChoice choice) { return [this, choice] { m_controller.setTheme(choice); }; };
    connect(window->action(Command::ThemeSystem), &QAction::triggered, this, theme(ThemeChoice::System));
    connect(window->action(Command::ThemeLight), &QAction::triggered, this, theme(ThemeChoice::Light));
    connect(window->action(Command::ThemeDark), &QAction::triggered, this, theme(ThemeChoice::Dark));
    connect(window->action(Command::ToggleTheme), &QAction::triggered, this, [this] {
        const bool dark = QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
        m_controller.setTheme(dark ? ThemeChoice::Light : ThemeChoice::Dark);
    });
    connect(&m_controller, &WorkbenchController::themeChanged, this, &WindowCommands::showTheme);
    connect(window->action(Command::ResetLayout), &QAction::triggered, window, &MainWindow::resetLayout);
    connect(window->action(Command::FullScreen), &QAction::triggered, this, [window](bool on) { on ? window->showFullScreen() : window->showNormal(); });
    connect(window->action(Command::ShowDocument), &QAction::triggered, this, [=, this] { focusPanel(QStringLiteral("document"), &window->documentPanel()); });
    connect(window->action(Command::ShowMemory), &QAction::triggered, this, [=, this] { focusPanel(QStringLiteral("memory"), &window->memoryPanel()); });
    connect(window->action(Command::ShowQuery), &QAction::triggered, this, [=, this] { focusPanel(QStringLiteral("query"), &window->queryPanel()); });
    connect(window->action(Command::ShowRecall), &QAction::triggered, this, [=, this] { focusPanel(QStringLiteral("recall"), &window->recallPanel()); });
    showTheme();
}

void WindowCommands::showTheme()
{
    const ThemeChoice theme = m_controller.settings().theme;
    MainWindow& window = m_controller.window();
    window.action(Command::ThemeSystem)->setChecked(theme == ThemeChoice::System);
    window.action(Command::ThemeLight)->setChecked(theme == ThemeChoice::Light);
    window.action(Command::ThemeDark)->setChecked(theme == ThemeChoice::Dark);
}

void WindowCommands::bringUp(const QString& name)
{
    QDockWidget* dock = m_controller.window().dock(name);
    dock->show();
    dock->raise();
}

void WindowCommands::focusPanel(const QString& name, QWidget* panel)
{
    bringUp(name);
    QWidget* target = panel;
    // A panel that takes no keys itself hands them to its first control that does.
    if (panel->focusPolicy() == Qt::NoFocus && !panel->focusProxy()) {
        for (QWidget* child = panel->nextInFocusChain(); child && child != panel; child = child->nextInFocusChain()) {
            if (panel->isAncestorOf(child) && (child->focusPolicy() & Qt::TabFocus) && child->isVisibleTo(panel) && child->isEnabled()) {
                target = child;
                break;
            }
        }
    }
    target->setFocus(Qt::ShortcutFocusReason);
}

void WindowCommands::tieMemory()
{
    MainWindow* window = &m_controller.window();
    DocumentSession* document = &m_controller.document();
    connect(window->action(Command::Write), &QAction::triggered, document, &DocumentSession::write);
    connect(window->action(Command::CancelWork), &QAction::triggered, document, &DocumentSession::cancel);
    connect(window->action(Command::SlowMotion), &QAction::triggered, this, [this, document](bool on) {
        document->setSlowMotionRuns(m_controller.settings().slowMotionRuns);
        document->setSlowMotion(on);
    });
    connect(window->action(Command::SlowStep), &QAction::triggered, this, [document] {
        document->setSlowMotionRuns(false);
        document->stepSlowMotion();
    });
    connect(window->action(Command::MemoryDetails), &QAction::triggered, this, [this, window] {
        bringUp(QStringLiteral("query"));
        window->queryPanel().openMemoryDetails();
    });
    connect(window, &MainWindow::modelChosen, &m_controller, &WorkbenchController::openModel);
    connect(window->action(Command::OpenModel), &QAction::triggered, this, [this, window] {
        auto* dialog = new QFileDialog(window, tr("Open model folder"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        connect(dialog, &QFileDialog::fileSelected, &m_controller, &WorkbenchController::openModel);
        dialog->open();
    });
    connect(window->action(Command::ModelCard), &QAction::triggered, this, [window, document] {
        const auto& model = document->model();
        const QString card = model ? QString::fromStdString(model->card) : tr("No model is open.");
        (new InfoDialog(tr("Model card"), card.isEmpty() ? tr("This model brings no card.") : card, InfoDialog::Format::Markdown, window))->show();
    });
}

void WindowCommands::tieRecall()
{
    MainWindow* window = &m_controller.window();
    connect(window->action(Command::Ask), &QAction::triggered, &m_controller, &WorkbenchController::ask);
    connect(window->action(Command::Run), &QAction::triggered, &m_controller, &WorkbenchController::runOrCancelSweep);
    connect(window->action(Command::Pause), &QAction::triggered, &m_controller.sweep(), &SweepSession::setPaused);
    RecallPanel* panel = &window->recallPanel();
    connect(window->action(Command::RunTaskSet), &QAction::triggered, panel, &RecallPanel::chooseTaskSet);
    connect(window->action(Command::SideBySide), &QAction::triggered, panel, &RecallPanel::showSideBySide);
    connect(window->action(Command::ExportTogether), &QAction::triggered, panel, &RecallPanel::exportTogether);
    connect(window->action(Command::SwitchAxis), &QAction::triggered, panel, &RecallPanel::switchAxis);
    connect(window->action(Command::SweepDetails), &QAction::triggered, this, [this, panel] {
        bringUp(QStringLiteral("recall"));
        panel->openMemoryDetails();
    });
    connect(window->action(Command::ClearLoads), &QAction::triggered, panel, &RecallPanel::clearLoads);
    connect(window->action(Command::CancelRun), &QAction::triggered, &m_controller.sweep(), &SweepSession::cancel);
}

void WindowCommands::tieHelp()
{
    MainWindow* window = &m_controller.window();
    connect(window->action(Command::Shortcuts), &QAction::triggered, this, [window] {
        (new InfoDialog(tr("Keyboard shortcuts"), window->commands().shortcutsHtml(), InfoDialog::Format::Html, window))->show();
    });
    connect(window->action(Command::About), &QAction::triggered, this, &WindowCommands::showAbout);
    connect(window->action(Command::AboutQt), &QAction::triggered, qApp, &QApplication::aboutQt);
}

void WindowCommands::showAbout()
{
    const QString diagnostics = m_controller.diagnostics();
    const QString text = QStringLiteral("<table><tr><td><img src=':/hayloft/icons/hicolor/64x64/apps/org.hayloft.Hayloft.png'></td>"
                                        "<td width='14'></td><td><h2>%1</h2><p>%2</p></td></tr></table><p>%3</p><pre style='white-space: pre-wrap'>%4</pre><p>%5</p>")
                             .arg(tr("Hayloft"), tr("Needle-in-a-haystack experiments with an external memory."),
                                  tr("The method is Larimar's: arXiv 2403.11901 and 2407.01437."), diagnostics.toHtmlEscaped(),
                                  tr("Free software under the GNU General Public License, version 3 or later. No warranty."));
    auto* dialog = new InfoDialog(tr("About Hayloft"), text, InfoDialog::Format::Html, &m_controller.window());
    dialog->setCopyText(diagnostics);
    dialog->show();
}

void WindowCommands::tieClosing()
{
    connect(&m_controller.window(), &MainWindow::closing, this, [this] {
        m_controller.saveSettings();
        m_controller.document().cancel();
        m_controller.sweep().cancel();
    });
}

} // namespace hayloft
