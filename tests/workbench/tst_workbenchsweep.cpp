// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps in the window: cells, queries meanwhile, pausing, cancelling, closing, records, trials; and a GUI thread that lives.
#include "core/recall/TaskHaystack.h"
#include "tests/workbench/WorkbenchBench.h"

#include <QDir>
#include <QElapsedTimer>
#include <QListWidget>
#include <QTimer>

using namespace hayloft;

class TestWorkbenchSweep : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void sweepFillsCellsAndIsSaved();
    void historyIsRestored();
    void recordOpensFromTheCommandLine();
    void queryDuringASweepIsAnswered();
    void pauseHoldsAndQueriesGoOn();
    void cancelKeepsTheWindowUsable();
    void closingDuringASweepIsClean();
    void cellLoadsItsTrialAndWriteBringsTheDocumentBack();
    void trialOfAnotherHaystackIsRefused();
    void trialOfAnotherModelIsTold();
    void taskWithItsOwnHaystackIsSweptAndReplayed_data();
    void taskWithItsOwnHaystackIsSweptAndReplayed();
    void badPlanIsTold();
    void windowStaysAlive();

private:
    /// A sweep that lasts: slow decoding, many trials.
    static SweepPlan longPlan(WorkbenchBench& bench)
    {
        SweepPlan plan = bench.smallPlan();
        plan.trials = 60;
        plan.path = SweepPath::Naive;
        *bench.slowness = 5;
        return plan;
    }
};

void TestWorkbenchSweep::sweepFillsCellsAndIsSaved()
{
    WorkbenchBench bench;
    bench.openStory(80);
    bench.window().recallPanel().setPlan(bench.smallPlan());
    QSignalSpy cells(&bench.controller->sweep(), &SweepSession::cellMeasured);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.click(QStringLiteral("Run sweep"));
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
    QCOMPARE(cells.size(), 6);
    const RunView run = runs[0][0].value<RunView>();
    QCOMPARE(run.record->result.cells.size(), std::size_t(6));
    for (const Cell& cell : run.record->result.cells)
        QCOMPARE(cell.hits, cell.trials);
    QVERIFY(QFileInfo::exists(run.path));
    QCOMPARE(toJson(loadRunRecord(run.path.toStdString())), toJson(*run.record));
    QCOMPARE(bench.controller->settings().sweepLengths, QStringLiteral("300,600"));
    QCOMPARE(bench.find<QListWidget>(QStringLiteral("History of runs"))->count(), 1);
}

void TestWorkbenchSweep::historyIsRestored()
{
    WorkbenchBench bench;
    bench.openStory(60);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.window().recallPanel().setPlan(bench.smallPlan());
    bench.trigger(Command::Run);
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
    bench.writeFile(QStringLiteral("runs/damaged.json"), "{");
    bench.window().close();
    bench.close();
    bench.make();
    bench.openStory(60);
    QTRY_COMPARE(bench.find<QListWidget>(QStringLiteral("History of runs"))->count(), 1);
    // The plan came back too.
    QCOMPARE(bench.window().recallPanel().plan().lengths, (std::vector<std::int64_t>{300, 600}));
}

void TestWorkbenchSweep::recordOpensFromTheCommandLine()
{
    WorkbenchBench bench;
    bench.openStory(60);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.window().recallPanel().setPlan(bench.smallPlan());
    bench.trigger(Command::Run);
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
    const QString record = bench.folder.filePath(QStringLiteral("copy.json"));
    QVERIFY(QFile::copy(runs[0][0].value<RunView>().path, record));
    bench.close();
    QDir(bench.folder.filePath(QStringLiteral("runs"))).removeRecursively();
    bench.make();
    const QString second = bench.folder.filePath(QStringLiteral("second.json"));
    QVERIFY(QFile::copy(record, second));
    bench.controller->start({{record, second}, std::nullopt});
    QTRY_VERIFY_WITH_TIMEOUT(bench.find<QListWidget>(QStringLiteral("History of runs"))->count() >= 1, 30000);
    QTRY_VERIFY_WITH_TIMEOUT(bench.controller->document().isOpen(), 30000); // a text to sweep on: the samples
}

void TestWorkbenchSweep::queryDuringASweepIsAnswered()
{
    WorkbenchBench bench;
    bench.openStory(60);
    QSignalSpy cells(&bench.controller->sweep(), &SweepSession::cellMeasured);
    bench.controller->sweep().run(longPlan(bench));
    QTRY_VERIFY_WITH_TIMEOUT(!cells.isEmpty(), 60000);
    bench.askAndWait();
    QCOMPARE(bench.controller->sweep().state(), SweepState::Running);
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
    // The needle can be moved meanwhile too.
    QSignalSpy changed(&bench.controller->document(), &DocumentSession::needleChanged);
    bench.controller->plantAt(10);
    QTRY_COMPARE_WITH_TIMEOUT(changed.size(), 1, 30000);
    QCOMPARE(bench.controller->sweep().state(), SweepState::Running);
    QSignalSpy cancelled(&bench.controller->sweep(), &SweepSession::cancelled);
    bench.controller->sweep().cancel();
    QTRY_COMPARE(cancelled.size(), 1);
}

void TestWorkbenchSweep::pauseHoldsAndQueriesGoOn()
{
    WorkbenchBench bench;
    bench.openStory(60);
    bench.window().recallPanel().setPlan(longPlan(bench));
    QSignalSpy cells(&bench.controller->sweep(), &SweepSession::cellMeasured);
    bench.click(QStringLiteral("Run sweep"));
    QTRY_VERIFY_WITH_TIMEOUT(!cells.isEmpty(), 60000);
    bench.click(QStringLiteral("Pause sweep"));
    QCOMPARE(bench.controller->sweep().state(), SweepState::Paused);
    bench.askAndWait(); // answered while paused; by now the batch under way has ended
    QTest::qWait(100);
    const auto held = cells.size();
    QTest::qWait(200);
    QCOMPARE(cells.size(), held);
    bench.click(QStringLiteral("Resume sweep"));
    QTRY_VERIFY_WITH_TIMEOUT(cells.size() > held, 60000);
    bench.click(QStringLiteral("Cancel sweep"));
    QTRY_COMPARE(bench.controller->sweep().state(), SweepState::Idle);
}

void TestWorkbenchSweep::cancelKeepsTheWindowUsable()
{
    WorkbenchBench bench;
    bench.openStory(60);
    QSignalSpy cells(&bench.controller->sweep(), &SweepSession::cellMeasured);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.controller->sweep().run(longPlan(bench));
    QTRY_VERIFY_WITH_TIMEOUT(!cells.isEmpty(), 60000);
    bench.trigger(Command::Run); // it is Cancel now
    QTRY_COMPARE(bench.controller->sweep().state(), SweepState::Idle);
    QVERIFY(runs.isEmpty());
    *bench.slowness = 0;
    bench.askAndWait();
    bench.controller->sweep().run(bench.smallPlan());
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
}

void TestWorkbenchSweep::closingDuringASweepIsClean()
{
    WorkbenchBench bench;
    bench.openStory(60);
    QSignalSpy cells(&bench.controller->sweep(), &SweepSession::cellMeasured);
    bench.controller->sweep().run(longPlan(bench));
    QTRY_VERIFY_WITH_TIMEOUT(!cells.isEmpty(), 60000);
    QVERIFY(bench.window().close());
    QVERIFY(bench.controller->shutDown());
    bench.close();
}

void TestWorkbenchSweep::cellLoadsItsTrialAndWriteBringsTheDocumentBack()
{
    WorkbenchBench bench;
    bench.openStory(80);
    DocumentSession& document = bench.controller->document();
    const auto own = *document.snapshot().document.text;
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.controller->sweep().run(bench.smallPlan());
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
    const RunView run = runs[0][0].value<RunView>();
    QSignalSpy answered(&document, &DocumentSession::answered);
    auto* map = bench.find<QWidget>(QStringLiteral("Recall heatmap"));
    QVERIFY(map);
    map->setFocus(Qt::TabFocusReason);
    QTest::keyClick(map, Qt::Key_Right);
    QTest::keyClick(map, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 30000);
    QVERIFY(document.snapshot().trial);
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
    const std::string expected = document.snapshot().needle->expected;
    const bool known = std::any_of(run.record->result.cells.begin(), run.record->result.cells.end(), [&](const Cell& cell) {
        return cell.lengthTokens == 600 && !cell.samples.empty() && cell.samples[0].expected == expected;
    });
    QVERIFY(known);
    const AnswerView answer = answered[0][0].value<AnswerView>();
    for (const Cell& cell : run.record->result.cells) {
        if (cell.lengthTokens == 600 && cell.samples[0].expected == expected)
            QCOMPARE(answer.answers.front().row, qint64(cell.samples[0].readRow));
    }
    QVERIFY(bench.window().messageBar().isVisible());
    QSignalSpy written(&document, &DocumentSession::written);
    bench.trigger(Command::Write);
    QTRY_COMPARE(written.size(), 1);
    QVERIFY(!document.snapshot().trial);
    QCOMPARE(*document.snapshot().document.text, own);
}

void TestWorkbenchSweep::trialOfAnotherHaystackIsRefused()
{
    WorkbenchBench bench;
    bench.openStory(80);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.controller->sweep().run(bench.smallPlan());
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
    QSignalSpy written(&bench.controller->document(), &DocumentSession::written);
    bench.controller->openPaths({bench.writeFile(QStringLiteral("other.txt"), WorkbenchBench::story(90))});
    QTRY_COMPARE(written.size(), 1);
    bench.controller->document().openTrial({runs[0][0].value<RunView>().record, 300, 0, 0});
    QTRY_VERIFY(bench.window().messageBar().isVisible());
    QVERIFY(bench.window().messageBar().text().contains(QStringLiteral("another haystack")));
    QVERIFY(!bench.controller->document().snapshot().trial);
}

void TestWorkbenchSweep::trialOfAnotherModelIsTold()
{
    WorkbenchBench bench;
    bench.openStory(80);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.controller->sweep().run(bench.smallPlan());
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
    const auto record = runs[0][0].value<RunView>().record;
    auto other = std::make_shared<RunRecord>(*record);
    other->model.precision = Precision::BFloat16;
    bench.controller->document().openTrial({other, 300, 0, 0});
    QTRY_VERIFY(bench.controller->document().snapshot().trial);
    QVERIFY(bench.controller->document().snapshot().document.notices.join(QLatin1Char(' ')).contains(QStringLiteral("bfloat16")));
    bench.controller->document().openTrial({record, 300, 0, 0});
    QTRY_VERIFY(bench.controller->document().snapshot().document.notices.isEmpty());
}

void TestWorkbenchSweep::taskWithItsOwnHaystackIsSweptAndReplayed_data()
{
    QTest::addColumn<QString>("task");
    for (const char* task : {"niah_single_1", "niah_multikey_2", "niah_multikey_3"})
        QTest::newRow(task) << QString::fromLatin1(task);
}

void TestWorkbenchSweep::taskWithItsOwnHaystackIsSweptAndReplayed()
{
    QFETCH(QString, task);
    WorkbenchBench bench;
    bench.openStory(80);
    SweepPlan plan = bench.smallPlan();
    setTaskName(plan.task, task.toStdString());
    plan.lengths = {600, 900};
    plan.memory.prefixTokens = 16;
    bench.window().recallPanel().setPlan(plan);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.click(QStringLiteral("Run sweep"));
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
    const auto record = runs[0][0].value<RunView>().record;
    // The same as the command line makes of this plan.
    const Document haystack = taskHaystack(record->plan);
    const SweepResult wanted = runSweep(record->plan, haystack, ToyModel());
    QCOMPARE(record->result.haystack.source, haystack.name);
    QCOMPARE(record->result.haystack.sha256, wanted.haystack.sha256);
    QVERIFY(record->plan.reading.byQuestion);
    for (std::size_t i = 0; i < wanted.cells.size(); ++i)
        QCOMPARE(record->result.cells[i].samples[0].answer, wanted.cells[i].samples[0].answer);
    // The open document is another one; the trial comes all the same.
    DocumentSession& document = bench.controller->document();
    QSignalSpy answered(&document, &DocumentSession::answered);
    auto* map = bench.find<QWidget>(QStringLiteral("Recall heatmap"));
    map->setFocus(Qt::TabFocusReason);
    QTest::keyClick(map, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 30000);
    QVERIFY(document.snapshot().trial);
    const Sample& sample = record->result.cells[0].samples[0];
    QVERIFY(document.snapshot().document.text->find(sample.expected) != std::string::npos);
    QVERIFY(document.snapshot().document.text->find("quay") == std::string::npos);
    QCOMPARE(answered[0][0].value<AnswerView>().answers.front().row, qint64(sample.readRow));
}

void TestWorkbenchSweep::badPlanIsTold()
{
    WorkbenchBench bench;
    bench.openStory(30);
    SweepPlan plan = bench.smallPlan();
    plan.lengths = {3};
    bench.controller->sweep().run(plan);
    QTRY_VERIFY(bench.window().messageBar().isVisible());
    QCOMPARE(bench.controller->sweep().state(), SweepState::Idle);
}

void TestWorkbenchSweep::windowStaysAlive()
{
    // Not a speed test: it tells a GUI thread that works from one that waits for the computing.
    WorkbenchBench bench;
    int ticks = 0;
    QTimer heartbeat;
    connect(&heartbeat, &QTimer::timeout, this, [&] { ++ticks; });
    heartbeat.start(10);
    QElapsedTimer clock;
    clock.start();
    *bench.slowness = 100;
    bench.openStory(2000);
    *bench.slowness = 20;
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    SweepPlan plan = bench.smallPlan();
    bench.controller->sweep().run(plan);
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
    const qint64 elapsed = clock.elapsed();
    QVERIFY(elapsed > 300);
    QVERIFY2(ticks > elapsed / 500, qPrintable(QStringLiteral("%1 ticks in %2 ms").arg(ticks).arg(elapsed)));
}

QTEST_MAIN(TestWorkbenchSweep)
#include "tst_workbenchsweep.moc"
