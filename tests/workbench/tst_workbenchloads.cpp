// SPDX-License-Identifier: GPL-3.0-or-later
// Recall by load in the window: both regimes in one chart, cancelling, records on disk, and what is remembered.
#include "tests/workbench/WorkbenchBench.h"
#include "app/workbench/LoadProgress.h"
#include "core/recall/LoadSweep.h"
#include "widgets/recall/LoadCurves.h"
#include "widgets/recall/LoadView.h"

#include <QComboBox>
#include <QDir>
#include <QDropEvent>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QProgressBar>

using namespace hayloft;

class TestWorkbenchLoads : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void bothRegimesStandInOneChart();
    void cancelKeepsWhatIsMeasured();
    void pausedLoadsWait();
    void recordsAreDroppedAndOpened();
    void chartIsRemembered();
    void pointReplaysItsTrial();
    void exportIsTheHeatmapsCommand();
    void failureIsTold();
    void progressCountsAllLoads();

private:
    static LoadView* chart(WorkbenchBench& bench) { return bench.find<LoadView>(QStringLiteral("Recall by load")); }
    static QListWidget* curves(WorkbenchBench& bench) { return bench.find<QListWidget>(QStringLiteral("Load curves")); }
    static void type(WorkbenchBench& bench, const QString& name, const QString& text)
    {
        auto* edit = bench.find<QLineEdit>(name);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    /// The axis load over the story, typed in; two depths with three trials each.
    static void chooseLoads(WorkbenchBench& bench, const QString& loads)
    {
        bench.window().recallPanel().setPlan(bench.smallPlan());
        QTest::keyClick(&bench.window(), Qt::Key_L, Qt::ControlModifier);
        QTRY_VERIFY(bench.find<QLineEdit>(QStringLiteral("Loads"))->isVisible());
        type(bench, QStringLiteral("Loads"), loads);
        type(bench, QStringLiteral("Context length"), QStringLiteral("700"));
        type(bench, QStringLiteral("Depths"), QStringLiteral("0,100"));
    }
    static LoadEntry runAndWait(WorkbenchBench& bench)
    {
        QSignalSpy done(&bench.controller->sweep(), &SweepSession::loadsAvailable);
        QTest::keyClick(&bench.window(), Qt::Key_R, Qt::ControlModifier);
        if (!QTest::qWaitFor([&] { return done.size() == 1 && bench.controller->sweep().state() == SweepState::Idle; }, 120000))
            qFatal("no load record came");
        return done[0][0].value<LoadEntry>();
    }
    static void drop(WorkbenchBench& bench, const QStringList& files)
    {
        QMimeData data;
        QList<QUrl> urls;
        for (const QString& file : files)
            urls << QUrl::fromLocalFile(file);
        data.setUrls(urls);
        QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&bench.window(), &enter);
        QDropEvent event(QPointF(100, 100), Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(&bench.window(), &event);
    }
};

void TestWorkbenchLoads::bothRegimesStandInOneChart()
{
    WorkbenchBench bench;
    bench.openStory(80);
    chooseLoads(bench, QStringLiteral("0.5,4"));
    QSignalSpy points(&bench.controller->sweep(), &SweepSession::loadMeasured);
    QSignalSpy progress(&bench.controller->sweep(), &SweepSession::progressed);
    const LoadEntry nearest = runAndWait(bench);
    QCOMPARE(points.size(), 2);
    QCOMPARE(progress.last()[1].toLongLong(), 2 * 2 * 3);
    QVERIFY(chart(bench)->isVisible());
    // The same sweep without the window.
    const Document story = documentFromText(WorkbenchBench::story(80).toStdString(), "story.txt");
    const ToyModel model;
    const auto alone = runLoadSweep(nearest.record->runs.front().run.plan, {0.5, 4}, story, model);
    const LoadFigure& figure = chart(bench)->figure();
    QCOMPARE(figure.curves.size(), std::size_t(1));
    for (std::size_t i = 0; i < 2; ++i) {
        int hits = 0;
        for (const Cell& cell : alone[i].result.cells)
            hits += cell.hits;
        QCOMPARE(figure.curves[0].points[i].hits, hits);
        QCOMPARE(figure.curves[0].points[i].trials, 6);
        QCOMPARE(figure.curves[0].points[i].segments, alone[i].segments);
        QCOMPARE(figure.curves[0].points[i].rows, Index(std::llround(double(alone[i].segments) / alone[i].load)));
    }
    QVERIFY(QFileInfo::exists(nearest.path));
    QVERIFY(isLoadRecord(nearest.path.toStdString()));
    QCOMPARE(toJson(readLoadRecord(nearest.path.toStdString())), toJson(*nearest.record));
    QVERIFY(bench.label(QStringLiteral("Sweep message")).contains(nearest.path));
    // And the memory as published beside it: K stays at 512, both stay in the chart.
    auto* memory = bench.find<QComboBox>(QStringLiteral("Sweep: Key memory"));
    memory->setFocus();
    QTest::keyClick(memory, Qt::Key_End);
    type(bench, QStringLiteral("Loads"), QStringLiteral("0.02,0.1"));
    const LoadEntry published = runAndWait(bench);
    QCOMPARE(published.record->runs.front().run.result.rows, Index(512));
    QCOMPARE(chart(bench)->figure().curves.size(), std::size_t(2));
    QCOMPARE(curves(bench)->count(), 2);
    QCOMPARE(curves(bench)->item(1)->text(), QStringLiteral("prefix keys, pseudo-inverse"));
    QTest::keyClick(&bench.window(), Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(curves(bench)->count(), 0);
    QVERIFY(QFileInfo::exists(nearest.path)); // out of the chart, not off the disk
}

void TestWorkbenchLoads::cancelKeepsWhatIsMeasured()
{
    WorkbenchBench bench;
    bench.openStory(60);
    chooseLoads(bench, QStringLiteral("0.5,1,2"));
    QSignalSpy cancelled(&bench.controller->sweep(), &SweepSession::cancelled);
    QSignalSpy points(&bench.controller->sweep(), &SweepSession::loadMeasured);
    *bench.slowness = 30; // the window is told of the first load before the second one ends
    connect(&bench.controller->sweep(), &SweepSession::loadMeasured, this, [&] { *bench.slowness = 300; });
    QTest::keyClick(&bench.window(), Qt::Key_R, Qt::ControlModifier);
    QTRY_COMPARE_WITH_TIMEOUT(points.size(), 1, 60000);
    QVERIFY(bench.find<QProgressBar>(QStringLiteral("Sweep progress"))->text().contains(QStringLiteral("of 18 trials")));
    bench.click(QStringLiteral("Cancel sweep"));
    QTRY_COMPARE_WITH_TIMEOUT(cancelled.size(), 1, 30000);
    QCOMPARE(bench.controller->sweep().state(), SweepState::Idle);
    QCOMPARE(chart(bench)->figure().curves.front().points.size(), std::size_t(1));
    QVERIFY(QDir(bench.folder.filePath(QStringLiteral("runs"))).entryList(QDir::Files).isEmpty());
    // The next one is another curve.
    *bench.slowness = 0;
    points.clear();
    bench.controller->sweep().disconnect(this);
    runAndWait(bench);
    QCOMPARE(chart(bench)->figure().curves.size(), std::size_t(2));
}

void TestWorkbenchLoads::pausedLoadsWait()
{
    WorkbenchBench bench;
    bench.openStory(60);
    chooseLoads(bench, QStringLiteral("0.5,1"));
    *bench.slowness = 40;
    QSignalSpy points(&bench.controller->sweep(), &SweepSession::loadMeasured);
    QTest::keyClick(&bench.window(), Qt::Key_R, Qt::ControlModifier);
    bench.click(QStringLiteral("Pause sweep"));
    QCOMPARE(bench.controller->sweep().state(), SweepState::Paused);
    const auto before = points.size();
    QTest::qWait(400);
    QVERIFY(points.size() <= before + 1); // what was in its last batch may still come
    bench.askAndWait(); // a question goes before
    *bench.slowness = 0;
    bench.click(QStringLiteral("Resume sweep"));
    QTRY_COMPARE_WITH_TIMEOUT(points.size(), 2, 60000);
    QTRY_COMPARE(bench.controller->sweep().state(), SweepState::Idle);
}

void TestWorkbenchLoads::recordsAreDroppedAndOpened()
{
    WorkbenchBench bench;
    bench.openStory(60);
    chooseLoads(bench, QStringLiteral("1,2"));
    const QString saved = runAndWait(bench).path, copy = bench.folder.filePath(QStringLiteral("copy.json"));
    QVERIFY(QFile::copy(saved, copy));
    QTest::keyClick(&bench.window(), Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    QTest::keyClick(&bench.window(), Qt::Key_L, Qt::ControlModifier); // depth x length again
    QVERIFY(!chart(bench)->isVisible());
    drop(bench, {saved, copy});
    QTRY_COMPARE_WITH_TIMEOUT(curves(bench)->count(), 2, 30000);
    QVERIFY(chart(bench)->isVisible());
    // By the button and the file dialog, with a damaged file among them.
    QTest::keyClick(&bench.window(), Qt::Key_L, Qt::ControlModifier | Qt::ShiftModifier);
    const QString damaged = bench.writeFile(QStringLiteral("damaged.json"), "{\"schema\": \"hayloft.load/1\", \"points\": []}");
    bench.click(QStringLiteral("Open load records"));
    QFileDialog* dialog = nullptr;
    for (auto* found : bench.window().findChildren<QFileDialog*>())
        if (found->isVisible())
            dialog = found;
    QVERIFY(dialog);
    dialog->close();
    bench.controller->openPaths({damaged, copy});
    QTRY_COMPARE_WITH_TIMEOUT(curves(bench)->count(), 1, 30000);
    QVERIFY(bench.window().messageBar().isVisible());
}

void TestWorkbenchLoads::chartIsRemembered()
{
    WorkbenchBench bench;
    bench.openStory(60);
    chooseLoads(bench, QStringLiteral("0.5,2"));
    const LoadEntry entry = runAndWait(bench);
    const std::vector<std::int64_t> lengths{300, 600};
    bench.window().close();
    bench.close();
    bench.make();
    QVERIFY(bench.find<QLineEdit>(QStringLiteral("Loads"))->isVisible());
    QCOMPARE(bench.find<QLineEdit>(QStringLiteral("Loads"))->text(), QStringLiteral("0.5,2"));
    QCOMPARE(bench.window().recallPanel().plan().lengths, std::vector<std::int64_t>{700});
    QCOMPARE(bench.window().recallPanel().plan().trials, 3);
    bench.openStory(60);
    QTRY_COMPARE(curves(bench)->count(), 1);
    QCOMPARE(chart(bench)->figure().curves.front().points.size(), std::size_t(2));
    QCOMPARE(bench.find<QListWidget>(QStringLiteral("History of runs"))->count(), 0); // it is no run of that list
    // A file that is gone takes nothing else with it.
    bench.window().close();
    bench.close();
    QVERIFY(QFile::remove(entry.path));
    bench.make();
    bench.openStory(60);
    QCOMPARE(curves(bench)->count(), 0);
}

void TestWorkbenchLoads::pointReplaysItsTrial()
{
    WorkbenchBench bench;
    bench.openStory(60);
    chooseLoads(bench, QStringLiteral("1"));
    const LoadEntry entry = runAndWait(bench);
    QSignalSpy answered(&bench.controller->document(), &DocumentSession::answered);
    LoadView* view = chart(bench);
    QTest::qWait(50); // a queued drawing
    QTest::mouseDClick(view, Qt::LeftButton, {}, view->place({0, 0}).toPoint());
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 60000);
    QCOMPARE(bench.controller->document().snapshot().rows, qint64(entry.record->runs.front().run.result.rows));
}

void TestWorkbenchLoads::exportIsTheHeatmapsCommand()
{
    WorkbenchBench bench;
    bench.openStory(60);
    chooseLoads(bench, QStringLiteral("1,2"));
    runAndWait(bench);
    QTest::keyClick(&bench.window(), Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
    QFileDialog* dialog = nullptr;
    QTRY_VERIFY((dialog = bench.window().findChild<QFileDialog*>()) && dialog->isVisible());
    dialog->selectFile(bench.folder.filePath(QStringLiteral("chart.pdf")));
    QMetaObject::invokeMethod(dialog, "accept");
    for (const char* suffix : {"pdf", "svg", "png", "csv", "json"})
        QTRY_VERIFY2_WITH_TIMEOUT(QFileInfo::exists(bench.folder.filePath(QStringLiteral("chart.%1").arg(QLatin1String(suffix)))), suffix, 20000);
    QTRY_VERIFY(bench.label(QStringLiteral("Sweep message")).startsWith(QStringLiteral("Exported")));
    QVERIFY(isLoadRecord(bench.folder.filePath(QStringLiteral("chart.json")).toStdString()));
}

void TestWorkbenchLoads::failureIsTold()
{
    WorkbenchBench bench;
    bench.openStory(60);
    chooseLoads(bench, QStringLiteral("1"));
    SweepPlan plan = bench.window().recallPanel().plan();
    plan.lengths = {5}; // shorter than its own question
    QSignalSpy failed(&bench.controller->sweep(), &SweepSession::failed);
    bench.controller->sweep().runLoads(plan, {1});
    QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, 30000);
    QCOMPARE(bench.controller->sweep().state(), SweepState::Idle);
    QCOMPARE(curves(bench)->count(), 0);
}

void TestWorkbenchLoads::progressCountsAllLoads()
{
    SweepPlan plan;
    plan.depths = {0, 100};
    plan.trials = 5;
    LoadProgress nearest(plan, {1, 2});
    QVERIFY(!nearest.take({"load 1: encode", 50, 100, "tokens", ""}));
    QVERIFY(!nearest.take({"load 1: plan", 5, 10, "trials", ""}));
    QCOMPARE(nearest.share(), 0.0);
    QVERIFY(nearest.take({"load 1: trials", 4, 10, "trials", ""}));
    QCOMPARE(nearest.trialsDone(), 4);
    QCOMPARE(nearest.trialsInAll(), 20);
    QCOMPARE(nearest.share(), 0.2);
    nearest.next();
    QCOMPARE(nearest.share(), 0.5);
    nearest.next();
    QCOMPARE(nearest.share(), 1.0);
    QCOMPARE(nearest.trialsDone(), 20);
    plan.memory.addressing = Addressing::PseudoInverse; // the second context is twice as long
    LoadProgress published(plan, {1, 2});
    published.next();
    QVERIFY(published.share() > 1.0 / 3 && published.share() < 0.5);
}

QTEST_MAIN(TestWorkbenchLoads)
#include "tst_workbenchloads.moc"
