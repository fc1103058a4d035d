// SPDX-License-Identifier: GPL-3.0-or-later
// Task sets in the window: one run after another, cancelling, what is remembered, and what is shown at the end.
#include "tests/workbench/WorkbenchBench.h"
#include "widgets/recall/HeatmapGridView.h"
#include "widgets/recall/TaskPresets.h"
#include "widgets/recall/TaskSetDialog.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QListWidget>
#include <QProgressBar>

using namespace hayloft;

class TestWorkbenchSets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyTaskBecomesARun();
    void oneTaskIsNoSet();
    void cancelStopsTheWholeSet();
    void failureStopsTheSet();
    void pausedSetStaysPaused();
    void cellOfASetReplays();
    void commandsHaveKeys();

private:
    static SweepPlan setPlan(WorkbenchBench& bench)
    {
        SweepPlan plan = bench.smallPlan();
        plan.lengths = {700};
        plan.depths = {0, 100};
        plan.trials = 2;
        plan.memory.prefixTokens = 16;
        bench.window().recallPanel().setPlan(plan);
        return plan;
    }
    static TaskSetDialog* openDialog(WorkbenchBench& bench)
    {
        QTest::keyClick(&bench.window(), Qt::Key_R, Qt::ControlModifier | Qt::AltModifier);
        for (auto* dialog : bench.window().findChildren<TaskSetDialog*>())
            if (dialog->isVisible())
                return dialog;
        return nullptr;
    }
};

void TestWorkbenchSets::everyTaskBecomesARun()
{
    WorkbenchBench bench;
    bench.openStory(80);
    const SweepPlan plan = setPlan(bench);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    QSignalSpy finished(&bench.controller->sweep(), &SweepSession::setFinished);
    QStringList places;
    connect(&bench.controller->sweep(), &SweepSession::cellMeasured, this, [&] {
        places << bench.find<QProgressBar>(QStringLiteral("Sweep progress"))->text().section(QLatin1Char(':'), 0, 0);
    });
    TaskSetDialog* dialog = openDialog(bench);
    QVERIFY(dialog);
    QTest::keyClick(dialog, Qt::Key_Return); // RULER's, as at first
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 120000);
    QCOMPARE(runs.size(), 8);
    for (int i = 0; i < 8; ++i) {
        const RunView run = runs[i][0].value<RunView>();
        QCOMPARE(run.record->plan.task.ruler, kRulerTasks[std::size_t(i)]);
        QCOMPARE(run.record->plan.lengths, plan.lengths);
        QVERIFY(QFileInfo::exists(run.path));
    }
    QVERIFY(places.contains(QStringLiteral("Task 3 of 8")) && places.contains(QStringLiteral("Task 8 of 8")));
    auto* history = bench.find<QListWidget>(QStringLiteral("History of runs"));
    QCOMPARE(history->count(), 8);
    QCOMPARE(history->selectedItems().size(), 8);
    auto* grid = bench.find<HeatmapGridView>(QStringLiteral("Recall heatmaps side by side"));
    QVERIFY(grid && grid->isVisible());
    QCOMPARE(grid->grid().maps.size(), std::size_t(8));
    QCOMPARE(grid->grid().maps[7].title, QStringLiteral("niah_multiquery"));
    // What the panel shows as its own task is not the set's last one, now or at the next start.
    QCOMPARE(bench.window().recallPanel().plan().task.kind, TaskKind::Passkey);
    QCOMPARE(bench.controller->settings().sweepTaskSet.size(), 8);
    bench.window().close();
    bench.close();
    bench.make();
    QCOMPARE(bench.window().recallPanel().plan().task.kind, TaskKind::Passkey);
    QCOMPARE(bench.window().recallPanel().plan().lengths, plan.lengths);
}

void TestWorkbenchSets::oneTaskIsNoSet()
{
    WorkbenchBench bench;
    bench.openStory(60);
    setPlan(bench);
    bench.window().recallPanel().setTaskSet({QStringLiteral("passkey-7")});
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    QSignalSpy finished(&bench.controller->sweep(), &SweepSession::setFinished);
    QTest::keyClick(openDialog(bench), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
    QCOMPARE(runs[0][0].value<RunView>().record->plan.task.digits, 7);
    QVERIFY(finished.isEmpty());
    QCOMPARE(bench.controller->settings().sweepTaskSet, QStringList{QStringLiteral("passkey-7")});
}

void TestWorkbenchSets::cancelStopsTheWholeSet()
{
    WorkbenchBench bench;
    bench.openStory(60);
    setPlan(bench);
    bench.window().recallPanel().setTaskSet(taskSets()[2].keys);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    QSignalSpy begun(&bench.controller->sweep(), &SweepSession::begun);
    QSignalSpy cancelled(&bench.controller->sweep(), &SweepSession::cancelled);
    // The third task lasts, and is cancelled.
    connect(&bench.controller->sweep(), &SweepSession::begun, this, [&](const SweepPlan&, int number) { *bench.slowness = number > 2 ? 200 : 0; });
    QTest::keyClick(openDialog(bench), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(begun.size(), 3, 60000);
    bench.click(QStringLiteral("Cancel sweep"));
    QTRY_COMPARE_WITH_TIMEOUT(cancelled.size(), 1, 30000);
    QCOMPARE(bench.controller->sweep().state(), SweepState::Idle);
    QCOMPARE(runs.size(), 2);
    *bench.slowness = 0;
    QTest::qWait(200);
    QCOMPARE(begun.size(), 3);
    QCOMPARE(QDir(bench.folder.filePath(QStringLiteral("runs"))).entryList({QStringLiteral("*.json")}).size(), 2);
    auto* history = bench.find<QListWidget>(QStringLiteral("History of runs"));
    QVERIFY(history->count() == 2 || history->item(0)->data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("not finished")));
}

void TestWorkbenchSets::failureStopsTheSet()
{
    WorkbenchBench bench;
    bench.openStory(60);
    SweepPlan plan = setPlan(bench);
    plan.lengths = {3};
    QSignalSpy begun(&bench.controller->sweep(), &SweepSession::begun);
    QSignalSpy failed(&bench.controller->sweep(), &SweepSession::failed);
    bench.controller->sweep().runSet({plan, plan, plan});
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 30000);
    QTest::qWait(100);
    QCOMPARE(begun.size(), 1);
    QCOMPARE(bench.controller->sweep().state(), SweepState::Idle);
    QVERIFY(bench.window().messageBar().isVisible());
}

void TestWorkbenchSets::pausedSetStaysPaused()
{
    WorkbenchBench bench;
    bench.openStory(60);
    setPlan(bench);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    QSignalSpy finished(&bench.controller->sweep(), &SweepSession::setFinished);
    bench.window().recallPanel().setTaskSet(taskSets()[0].keys);
    *bench.slowness = 20;
    QTest::keyClick(openDialog(bench), Qt::Key_Return);
    bench.click(QStringLiteral("Pause sweep"));
    QTest::qWait(1000);
    QCOMPARE(bench.controller->sweep().state(), SweepState::Paused);
    const auto before = runs.size();
    QTest::qWait(500);
    QCOMPARE(runs.size(), before);
    QVERIFY(runs.size() < 4);
    *bench.slowness = 0;
    bench.click(QStringLiteral("Resume sweep"));
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60000);
    QCOMPARE(runs.size(), 4);
}

void TestWorkbenchSets::cellOfASetReplays()
{
    WorkbenchBench bench;
    bench.openStory(60);
    setPlan(bench);
    bench.window().recallPanel().setTaskSet({QStringLiteral("passkey-4"), QStringLiteral("niah_multikey_2"), QStringLiteral("niah_multiquery")});
    QSignalSpy finished(&bench.controller->sweep(), &SweepSession::setFinished);
    QTest::keyClick(openDialog(bench), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60000);
    const auto records = finished[0][0].value<std::vector<std::shared_ptr<const RunRecord>>>();
    auto* grid = bench.find<HeatmapGridView>(QStringLiteral("Recall heatmaps side by side"));
    DocumentSession& document = bench.controller->document();
    for (int map = 0; map < 3; ++map) {
        QSignalSpy answered(&document, &DocumentSession::answered);
        QTest::mouseClick(grid, Qt::LeftButton, {}, grid->cellRect({map, {0, 1}}).center().toPoint());
        QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 30000);
        QVERIFY(document.snapshot().trial);
        const auto& samples = records[std::size_t(map)]->result.cells[1].samples;
        const auto found = std::find_if(samples.begin(), samples.end(), [&](const Sample& s) { return s.expected == document.snapshot().needle->expected; });
        QVERIFY(found != samples.end());
        QCOMPARE(answered[0][0].value<AnswerView>().answers.front().row, qint64(found->readRow));
    }
}

void TestWorkbenchSets::commandsHaveKeys()
{
    WorkbenchBench bench;
    bench.openStory(60);
    RecallPanel& panel = bench.window().recallPanel();
    QTest::keyClick(&bench.window(), Qt::Key_M, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(bench.label(QStringLiteral("Sweep message")).contains(QStringLiteral("two or more runs")));
    setPlan(bench);
    panel.setTaskSet({QStringLiteral("passkey-3"), QStringLiteral("passkey-4")});
    QSignalSpy finished(&bench.controller->sweep(), &SweepSession::setFinished);
    QTest::keyClick(openDialog(bench), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 60000);
    auto* history = bench.find<QListWidget>(QStringLiteral("History of runs"));
    QTest::mouseClick(history->viewport(), Qt::LeftButton, {}, history->visualItemRect(history->item(0)).center());
    QVERIFY(!bench.find<HeatmapGridView>(QStringLiteral("Recall heatmaps side by side"))->isVisible());
    QTest::keyClick(history, Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(history->selectedItems().size(), 2);
    bench.window().activateWindow(); // no window manager gives it back after the dialog
    QVERIFY(QTest::qWaitForWindowActive(&bench.window()));
    QTest::keyClick(&bench.window(), Qt::Key_M, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(bench.find<HeatmapGridView>(QStringLiteral("Recall heatmaps side by side"))->isVisible());
    QTest::keyClick(&bench.window(), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
    auto* dialog = panel.findChild<QFileDialog*>();
    QVERIFY(dialog && dialog->isVisible());
    Q_EMIT dialog->fileSelected(bench.folder.filePath(QStringLiteral("pair.pdf")));
    QTRY_VERIFY_WITH_TIMEOUT(QFileInfo::exists(bench.folder.filePath(QStringLiteral("pair-2-passkey4.json"))), 30000);
    QVERIFY(QFileInfo::exists(bench.folder.filePath(QStringLiteral("pair.svg"))));
}

QTEST_MAIN(TestWorkbenchSets)
#include "tst_workbenchsets.moc"
