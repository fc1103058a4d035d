// SPDX-License-Identifier: GPL-3.0-or-later
// Menu commands, tool bar and the connections that no longer story passes through.
#include "tests/workbench/WorkbenchBench.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDockWidget>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QProgressBar>
#include <QStatusBar>

using namespace hayloft;

class TestWorkbenchCommands : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void fileDialogsOpen();
    void chosenModelFolderOpens();
    void themesAreInTheMenu();
    void fullScreenAndBack();
    void aboutQtOpens();
    void quitCloses();
    void goToCommandsMoveTheFocus();
    void askByShortcut();
    void askFailureIsShown();
    void busyStatesAreShown();
    void evidenceLinksSelect();
    void previewAndHoverAreShown();
    void writeAndSlowStepCommands();
    void modelIsReopened();
    void brokenModelIsTold();
    void sweepProgressAndMessages();
    void exportsAreTold();
    void exportsAreNotLostAtTheEnd();
    void recordButtonOpensTheDialog();

private:
    static QFileDialog* visibleDialog(WorkbenchBench& bench)
    {
        for (auto* dialog : bench.window().findChildren<QFileDialog*>()) {
            if (dialog->isVisible())
                return dialog;
        }
        return nullptr;
    }
    /// Clicks through the menu bar: choose(bench, {"View", "Theme", "Light theme"}).
    static void choose(WorkbenchBench& bench, const QStringList& texts)
    {
        QMenuBar* bar = bench.window().menuBar();
        QWidget* shown = bar;
        for (const QString& text : texts) {
            QAction* found = nullptr;
            for (QAction* action : shown->actions()) {
                if (QString(action->text()).remove(QLatin1Char('&')) == text)
                    found = action;
            }
            QVERIFY2(found && found->isEnabled(), qPrintable(text));
            const QRect place = shown == bar ? bar->actionGeometry(found) : qobject_cast<QMenu*>(shown)->actionGeometry(found);
            QTest::mouseClick(shown, Qt::LeftButton, {}, place.center());
            if (QMenu* menu = found->menu()) {
                QTRY_VERIFY2(menu->isVisible(), qPrintable(text));
                shown = menu;
            }
        }
    }
};

void TestWorkbenchCommands::fileDialogsOpen()
{
    WorkbenchBench bench;
    bench.openStory(10);
    for (const Command command : {Command::Open, Command::OpenFolder, Command::OpenRecord, Command::OpenModel}) {
        bench.trigger(command);
        QFileDialog* dialog = visibleDialog(bench);
        QVERIFY2(dialog, qPrintable(bench.window().action(command)->text()));
        QCOMPARE(dialog->fileMode() == QFileDialog::Directory, command == Command::OpenFolder || command == Command::OpenModel);
        dialog->reject();
        QTRY_VERIFY(!visibleDialog(bench));
    }
    // What a dialog chose is opened.
    QSignalSpy written(&bench.controller->document(), &DocumentSession::written);
    bench.trigger(Command::Open);
    Q_EMIT visibleDialog(bench)->filesSelected({bench.writeFile(QStringLiteral("chosen.txt"), "Chosen by hand.")});
    QTRY_COMPARE(written.size(), 1);
    QVERIFY(bench.window().windowTitle().contains(QStringLiteral("chosen.txt")));
    bench.trigger(Command::OpenSamples);
    QTRY_COMPARE_WITH_TIMEOUT(written.size(), 2, 60000);
    QVERIFY(bench.window().windowTitle().contains(QStringLiteral("Sample haystack")));
}

void TestWorkbenchCommands::chosenModelFolderOpens()
{
    WorkbenchBench bench;
    bench.openStory(12);
    QSignalSpy opened(&bench.controller->document(), &DocumentSession::modelOpened);
    QVERIFY(QDir(bench.folder.path()).mkdir(QStringLiteral("other-model")));
    QTest::keyClick(&bench.window(), Qt::Key_M, Qt::ControlModifier | Qt::AltModifier);
    QFileDialog* dialog = visibleDialog(bench);
    QVERIFY(dialog);
    dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(bench.folder.filePath(QStringLiteral("other-model")));
    QTest::mouseClick(dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Open), Qt::LeftButton);
    QTRY_COMPARE(opened.size(), 1);
    QCOMPARE(bench.find<QComboBox>(QStringLiteral("Model"))->currentText(), QStringLiteral("other-model"));
}

void TestWorkbenchCommands::themesAreInTheMenu()
{
    WorkbenchBench bench;
    const auto lightness = [] { return QGuiApplication::palette().color(QPalette::Window).lightness(); };
    choose(bench, {QStringLiteral("View"), QStringLiteral("Theme"), QStringLiteral("Dark theme")});
    QVERIFY(lightness() < 80);
    choose(bench, {QStringLiteral("View"), QStringLiteral("Theme"), QStringLiteral("Light theme")});
    QVERIFY(lightness() > 180);
    QCOMPARE(bench.controller->settings().theme, ThemeChoice::Light);
    choose(bench, {QStringLiteral("View"), QStringLiteral("Theme"), QStringLiteral("System theme")});
    QCOMPARE(bench.controller->settings().theme, ThemeChoice::System);
}

void TestWorkbenchCommands::fullScreenAndBack()
{
    WorkbenchBench bench;
    QTest::keyClick(&bench.window(), Qt::Key_F11);
    QVERIFY(bench.window().isFullScreen());
    QTest::keyClick(&bench.window(), Qt::Key_F11);
    QVERIFY(!bench.window().isFullScreen() && bench.window().isVisible());
}

void TestWorkbenchCommands::aboutQtOpens()
{
    WorkbenchBench bench;
    bool seen = false;
    // The toolkit's own box runs a loop of its own: it is closed from within.
    QTimer closer;
    connect(&closer, &QTimer::timeout, this, [&seen] {
        if (auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget())) {
            seen = box->windowTitle().contains(QStringLiteral("Qt"));
            box->accept();
        }
    });
    closer.start(10);
    choose(bench, {QStringLiteral("Help"), QStringLiteral("About Qt")});
    QTRY_VERIFY(seen);
}

void TestWorkbenchCommands::quitCloses()
{
    WorkbenchBench bench;
    bench.openStory(10);
    QTest::keyClick(&bench.window(), Qt::Key_Q, Qt::ControlModifier);
    QVERIFY(!bench.window().isVisible());
}

void TestWorkbenchCommands::goToCommandsMoveTheFocus()
{
    WorkbenchBench bench;
    bench.openStory(10);
    bench.find<QLineEdit>(QStringLiteral("Seed"))->setFocus(); // not in the panel that is gone to first
    const QList<QPair<Command, QWidget*>> panels = {{Command::ShowDocument, &bench.window().documentPanel()},
                                                    {Command::ShowMemory, &bench.window().memoryPanel()},
                                                    {Command::ShowQuery, &bench.window().queryPanel()},
                                                    {Command::ShowRecall, &bench.window().recallPanel()}};
    bench.window().dock(QStringLiteral("memory"))->hide();
    for (const auto& [command, panel] : panels) {
        bench.trigger(command);
        QVERIFY2(QApplication::focusWidget() && (panel == QApplication::focusWidget() || panel->isAncestorOf(QApplication::focusWidget())),
                 qPrintable(bench.window().action(command)->text()));
    }
    QVERIFY(bench.window().dock(QStringLiteral("memory"))->isVisible());
}

void TestWorkbenchCommands::askByShortcut()
{
    WorkbenchBench bench;
    bench.openStory(10);
    QSignalSpy answered(&bench.controller->document(), &DocumentSession::answered);
    QTest::keyClick(&bench.window(), Qt::Key_F5);
    QTRY_COMPARE(answered.size(), 1);
    auto* query = bench.find<QLineEdit>(QStringLiteral("Query"));
    query->setFocus();
    QTest::keyClick(query, Qt::Key_Return);
    QTRY_COMPARE(answered.size(), 2);
}

void TestWorkbenchCommands::askFailureIsShown()
{
    WorkbenchBench bench;
    bench.trigger(Command::Ask); // no document yet: not enabled, so nothing happens
    bench.controller->ask();
    QVERIFY(bench.label(QStringLiteral("Message")).contains(QStringLiteral("document")));
    bench.openStory(10);
    bench.window().queryPanel().setQuery(QString(4000, QLatin1Char('x')), KeyKind::Prefix);
    QSignalSpy answered(&bench.controller->document(), &DocumentSession::answered);
    QSignalSpy failed(&bench.controller->document(), &DocumentSession::askFailed);
    bench.window().queryPanel().setQuery(QStringLiteral("   "), KeyKind::Prefix);
    bench.controller->ask();
    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(answered.isEmpty());
    QVERIFY(!bench.find<QProgressBar>(QStringLiteral("Asking"))->isVisible());
}

void TestWorkbenchCommands::busyStatesAreShown()
{
    WorkbenchBench bench;
    *bench.slowness = 60;
    QSignalSpy shown(&bench.controller->document(), &DocumentSession::shown);
    bench.controller->start({{bench.writeFile(QStringLiteral("s.txt"), WorkbenchBench::story(400))}, needleState(sanFranciscoNeedle(), 50)});
    QTRY_COMPARE(shown.size(), 1);
    auto* bar = bench.find<QProgressBar>(QStringLiteral("Progress of the work"));
    QTRY_VERIFY(bar->isVisible() && bar->value() > 0);
    QVERIFY(bench.window().action(Command::CancelWork)->isEnabled());
    bench.click(QStringLiteral("Ask"));
    QVERIFY(bench.find<QProgressBar>(QStringLiteral("Asking"))->isVisible());
    *bench.slowness = 0;
    QTRY_VERIFY_WITH_TIMEOUT(!bar->isVisible(), 20000);
    QTRY_VERIFY(!bench.find<QProgressBar>(QStringLiteral("Asking"))->isVisible());
    QVERIFY(!bench.window().action(Command::CancelWork)->isEnabled());
}

void TestWorkbenchCommands::evidenceLinksSelect()
{
    WorkbenchBench bench;
    bench.openStory(30);
    Q_EMIT bench.window().queryPanel().rowChosen(7);
    QCOMPARE(bench.window().memoryPanel().currentRow(), 7);
    Q_EMIT bench.window().queryPanel().segmentChosen(3);
    QCOMPARE(bench.window().documentPanel().currentSegment(), 3);
    QCOMPARE(bench.window().memoryPanel().currentRow(), (*bench.controller->document().snapshot().document.segments)[3].row);
}

void TestWorkbenchCommands::previewAndHoverAreShown()
{
    WorkbenchBench bench;
    bench.openStory(30);
    Q_EMIT bench.window().documentPanel().plantPreviewed(25);
    QVERIFY(bench.window().statusBar()->currentMessage().contains(QStringLiteral("25")));
    Q_EMIT bench.window().documentPanel().segmentHovered(4);
    QVERIFY(bench.window().statusBar()->currentMessage().contains(QStringLiteral("row")));
    Q_EMIT bench.window().documentPanel().segmentHovered(-1);
    QVERIFY(bench.window().statusBar()->currentMessage().isEmpty());
}

void TestWorkbenchCommands::writeAndSlowStepCommands()
{
    WorkbenchBench bench;
    bench.openStory(12);
    DocumentSession& document = bench.controller->document();
    QSignalSpy written(&document, &DocumentSession::written);
    QTest::keyClick(&bench.window(), Qt::Key_W, Qt::ControlModifier);
    QTRY_COMPARE(written.size(), 1);
    QSignalSpy stepped(&document, &DocumentSession::slowStepped);
    QTest::keyClick(&bench.window(), Qt::Key_Period, Qt::ControlModifier);
    QTRY_COMPARE(stepped.size(), 1);
    QVERIFY(document.isSlow());
    QTest::keyClick(&bench.window(), Qt::Key_Period, Qt::ControlModifier);
    QTRY_COMPARE(stepped.size(), 2);
    QTRY_VERIFY(!bench.label(QStringLiteral("Decoded text")).isEmpty());
    bench.trigger(Command::SlowMotion); // off: the rest is written
    QTRY_COMPARE(written.size(), 2);
    QVERIFY(document.snapshot().complete);
}

void TestWorkbenchCommands::modelIsReopened()
{
    WorkbenchBench bench;
    bench.openStory(12);
    QSignalSpy written(&bench.controller->document(), &DocumentSession::written);
    QSignalSpy opened(&bench.controller->document(), &DocumentSession::modelOpened);
    auto* models = bench.find<QComboBox>(QStringLiteral("Model"));
    QVERIFY(models && models->count() >= 1);
    Q_EMIT models->activated(0);
    QTRY_COMPARE(opened.size(), 1);
    QTRY_COMPARE(written.size(), 1);
    bench.askAndWait();
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
}

void TestWorkbenchCommands::brokenModelIsTold()
{
    QTemporaryDir folder;
    WorkbenchConfig config;
    bool broken = true;
    config.openModel = [&](const std::filesystem::path&) -> std::unique_ptr<LatentModel> {
        if (broken)
            throw Error("the weights are truncated", "model.safetensors", "copy the model folder again");
        return std::make_unique<ToyModel>();
    };
    config.runsFolder = folder.filePath(QStringLiteral("runs"));
    config.settingsFile = folder.filePath(QStringLiteral("s.ini"));
    WorkbenchController controller(config);
    controller.window().show();
    QFile file(folder.filePath(QStringLiteral("d.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("One sentence. And another one.");
    file.close();
    QSignalSpy written(&controller.document(), &DocumentSession::written);
    controller.start({{file.fileName()}, std::nullopt});
    QTRY_VERIFY(controller.window().messageBar().isVisible());
    QVERIFY(controller.window().messageBar().text().contains(QStringLiteral("truncated")));
    // Another model opens what was asked for at first.
    broken = false;
    controller.openModel(folder.path());
    QTRY_COMPARE(written.size(), 1);
}

void TestWorkbenchCommands::sweepProgressAndMessages()
{
    WorkbenchBench bench;
    bench.openStory(60);
    SweepPlan plan = bench.smallPlan();
    plan.trials = 60;
    plan.path = SweepPath::Naive;
    *bench.slowness = 5;
    bench.window().recallPanel().setPlan(plan);
    QTest::keyClick(&bench.window(), Qt::Key_R, Qt::ControlModifier);
    auto* bar = bench.find<QProgressBar>(QStringLiteral("Sweep progress"));
    QTRY_VERIFY_WITH_TIMEOUT(bar->isVisible() && bar->value() > 0, 60000);
    QVERIFY(bench.window().action(Command::Run)->text().contains(QStringLiteral("Cancel")));
    auto* map = bench.find<QWidget>(QStringLiteral("Recall heatmap"));
    const QImage before = map->grab().toImage();
    QSignalSpy cells(&bench.controller->sweep(), &SweepSession::cellMeasured);
    QTRY_VERIFY_WITH_TIMEOUT(!cells.isEmpty(), 60000);
    QTRY_VERIFY(map->grab().toImage() != before);
    bench.trigger(Command::Pause);
    QCOMPARE(bench.controller->sweep().state(), SweepState::Paused);
    bench.trigger(Command::Pause);
    QCOMPARE(bench.controller->sweep().state(), SweepState::Running);
    bench.trigger(Command::CancelRun);
    QTRY_COMPARE(bench.controller->sweep().state(), SweepState::Idle);
    QTRY_VERIFY(bench.label(QStringLiteral("Sweep message")).contains(QStringLiteral("Cancelled")));
    Q_EMIT bench.controller->sweep().phase(QStringLiteral("encode: 5 %"));
    QCOMPARE(bench.label(QStringLiteral("Sweep message")), QStringLiteral("encode: 5 %"));
}

void TestWorkbenchCommands::exportsAreTold()
{
    WorkbenchBench bench;
    bench.openStory(60);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.controller->sweep().run(bench.smallPlan());
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
    const QString file = bench.folder.filePath(QStringLiteral("out.csv"));
    bench.window().recallPanel().exportTo(file);
    QTRY_VERIFY(bench.window().statusBar()->currentMessage().contains(file));
    QVERIFY(bench.label(QStringLiteral("Sweep message")).contains(file));
    QVERIFY(QFileInfo(file).size() > 0);
    bench.window().recallPanel().exportTo(bench.folder.filePath(QStringLiteral("missing/out.svg")));
    QTRY_VERIFY(bench.label(QStringLiteral("Sweep message")).contains(QStringLiteral("Not exported")));
    QApplication::clipboard()->clear();
    bench.click(QStringLiteral("Copy figure"));
    const auto copied = [] { return QApplication::clipboard()->mimeData() && QApplication::clipboard()->mimeData()->hasImage(); };
    QTRY_VERIFY(copied());
}

void TestWorkbenchCommands::exportsAreNotLostAtTheEnd()
{
    QTemporaryDir folder;
    {
        WorkbenchBench bench;
        bench.openStory(60);
        QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
        bench.controller->sweep().run(bench.smallPlan());
        QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
        for (const char* name : {"1.pdf", "2.png", "3.json"})
            bench.window().recallPanel().exportTo(folder.filePath(QLatin1String(name)));
    }
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList({"1.pdf", "2.png", "3.json"}));
}

void TestWorkbenchCommands::recordButtonOpensTheDialog()
{
    WorkbenchBench bench;
    bench.click(QStringLiteral("Open a run record"));
    QVERIFY(visibleDialog(bench));
    visibleDialog(bench)->reject();
}

QTEST_MAIN(TestWorkbenchCommands)
#include "tst_workbenchcommands.moc"
