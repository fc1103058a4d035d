// SPDX-License-Identifier: GPL-3.0-or-later
// The recall panel's settings and run controls as a user drives them.
#include "tests/widgets/RecallPanelFixture.h"
#include "widgets/recall/RunControls.h"
#include "widgets/recall/SweepSettings.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QToolButton>

using namespace hayloft;
using hayloft::test::fakeRun;

class TestRecallSettings : public test::RecallPanelFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { showPanel(); }

    void runAsksForThePlanAsTyped()
    {
        QSignalSpy runs(m_panel.get(), &RecallPanel::runRequested);
        type("Lengths", "1k:137k:3");
        type("Depths", "0,50,100");
        type("Seed", "18446744073709551615");
        control<QSpinBox>("Digits")->setValue(7);
        control<QSpinBox>("Trials")->setValue(3);
        control<QSpinBox>("Controls")->setValue(20);
        control<QComboBox>("Placement")->setCurrentIndex(1);
        control<QComboBox>("Sweep: Key memory")->setCurrentIndex(1);
        QTest::mouseClick(control<QPushButton>("Run sweep"), Qt::LeftButton);
        QCOMPARE(runs.count(), 1);
        const auto plan = runs[0][0].value<SweepPlan>();
        QCOMPARE(plan.lengths, (std::vector<std::int64_t> { 1000, 69000, 137000 }));
        QCOMPARE(plan.depths, (std::vector<double> { 0, 50, 100 }));
        QCOMPARE(plan.seed, std::uint64_t(18446744073709551615ull));
        QCOMPARE(plan.task.digits, 7);
        QCOMPARE(plan.trials, 3);
        QCOMPARE(plan.controls, 20);
        QCOMPARE(plan.task.placement, Placement::Inside);
        QCOMPARE(plan.memory.keyMemory, KeyMemoryKind::Fixed);
    }

    void badLengthsAreSaidWhereTheyStand()
    {
        QSignalSpy runs(m_panel.get(), &RecallPanel::runRequested);
        type("Lengths", "1k:x:3");
        QVERIFY(control<QLabel>("Lengths status")->text().contains(QStringLiteral("⚠")));
        QVERIFY(!control<QPushButton>("Run sweep")->isEnabled());
        QVERIFY_EXCEPTION_THROWN(m_panel->plan(), Error);
        QTest::keyClick(control<QLineEdit>("Lengths"), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(runs.count(), 0);
        type("Lengths", "1k,2k");
        QVERIFY(!control<QLabel>("Lengths status")->text().contains(QStringLiteral("⚠")));
        QVERIFY(control<QLabel>("Size of the sweep")->text().startsWith("12 cells"));
        type("Depths", "0:200:3");
        QVERIFY(control<QLabel>("Depths status")->text().contains(QStringLiteral("⚠")));
        type("Depths", "sigmoid:5");
        QTest::keyClick(control<QLineEdit>("Depths"), Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(runs.count(), 1);
        QCOMPARE(runs[0][0].value<SweepPlan>().depths, parseDepths("sigmoid:5"));
    }

    void plansComeBackAsTheyWere()
    {
        SweepPlan plan;
        plan.lengths = parseLengths("1k:137k:10");
        plan.depths = parseDepths("sigmoid:11");
        plan.trials = 4;
        plan.controls = 9;
        plan.seed = 12345678901234567ull;
        plan.memory.keys = KeyKind::Whole;
        plan.memory.prefixTokens = 9;
        plan.memory.keyMemory = KeyMemoryKind::Fixed;
        plan.memory.rows = 512;
        plan.segmenter = { SegmenterKind::Paragraph, 32 };
        plan.path = SweepPath::Naive;
        plan.task.kind = TaskKind::Needle;
        plan.task.needles = { { "The lamp keeper kept bees.", "The lamp keeper", "Who kept bees?" } };
        m_panel->setPlan(plan);
        SweepPlan back = m_panel->plan();
        QCOMPARE(back.lengths, plan.lengths);
        QCOMPARE(back.depths, plan.depths);
        QCOMPARE(back.trials, plan.trials);
        QCOMPARE(back.controls, plan.controls);
        QCOMPARE(back.seed, plan.seed);
        QCOMPARE(back.memory.keys, plan.memory.keys);
        QCOMPARE(back.memory.prefixTokens, plan.memory.prefixTokens);
        QCOMPARE(back.memory.rows, plan.memory.rows);
        QCOMPARE(back.segmenter.kind, plan.segmenter.kind);
        QCOMPARE(back.segmenter.maxTokens, plan.segmenter.maxTokens);
        QCOMPARE(back.path, plan.path);
        QCOMPARE(back.task.needles.size(), std::size_t(1));
        QCOMPARE(back.task.needles[0].question, plan.task.needles[0].question);
        QCOMPARE(control<QComboBox>("Task")->currentText(), QStringLiteral("Own needle"));
        plan.task.needles = { sanFranciscoNeedle() };
        plan.lengths = { 777, 1234, 99999 };
        plan.depths = { 3.25, 47 };
        m_panel->setPlan(plan);
        back = m_panel->plan();
        QCOMPARE(back.lengths, plan.lengths);
        QCOMPARE(back.depths, plan.depths);
        QCOMPARE(back.task.needles[0].text, sanFranciscoNeedle().text);
        QCOMPARE(control<QComboBox>("Task")->currentText(), QStringLiteral("San Francisco needle"));
    }

    void everyControlHasThePlanCheckedAnew()
    {
        control<QComboBox>("Task")->setCurrentIndex(3); // own needle: all of its fields count
        QSignalSpy checked(m_panel->findChild<SweepSettings*>(), &SweepSettings::checked);
        const auto expectCheck = [&checked](const char* name) {
            QVERIFY2(checked.count() > 0, name);
            checked.clear();
        };
        for (const char* name : { "Lengths", "Depths", "Seed", "Needle text", "Needle prefix", "Needle question" }) {
            type(name, "7");
            expectCheck(name);
        }
        for (const char* name : { "Digits", "Trials", "Controls", "Sweep: Longest segment", "Sweep: Prefix tokens" }) {
            control<QSpinBox>(name)->stepUp();
            expectCheck(name);
        }
        for (const char* name : { "Placement", "Sweep: Key memory", "Task" }) {
            control<QComboBox>(name)->setCurrentIndex(control<QComboBox>(name)->currentIndex() == 0 ? 1 : 0);
            expectCheck(name);
        }
        // 1 length, 1 depth, 11 trials and 1 control
        QCOMPARE(m_panel->findChild<SweepSettings*>()->problem(), QString());
        QCOMPARE(control<QLabel>("Size of the sweep")->text(), QStringLiteral("1 cell, 12 trials in all"));
    }

    void rulersTasksAreInTheTaskBox()
    {
        QSignalSpy runs(m_panel.get(), &RecallPanel::runRequested);
        auto* tasks = control<QComboBox>("Task");
        auto* haystack = control<QLabel>("Haystack of the task");
        QCOMPARE(haystack->text(), QStringLiteral("the open document"));
        tasks->setFocus();
        QStringList seen;
        QTest::keyClick(tasks, Qt::Key_End);
        for (int i = 0; i < 8; ++i) {
            QTest::keyClick(tasks, Qt::Key_Return, Qt::ControlModifier);
            QCOMPARE(runs.count(), i + 1);
            const auto plan = runs[i][0].value<SweepPlan>();
            QCOMPARE(plan.task.kind, TaskKind::Ruler);
            QVERIFY(plan.reading.byQuestion);
            seen.prepend(QString::fromLatin1(nameOf(plan.task).data()));
            QVERIFY(tasks->currentText().contains(seen.first()));
            const RulerHaystack made = formOf(plan.task.ruler).haystack;
            QCOMPARE(haystack->text(), made == RulerHaystack::Noise ? QStringLiteral("noise sentences, not the document")
                         : made == RulerHaystack::Needles ? QStringLiteral("look-alike lines, not the document")
                                                          : QStringLiteral("the open document"));
            QTest::keyClick(tasks, Qt::Key_Up);
        }
        QCOMPARE(seen, (QStringList { "niah_single_1", "niah_single_2", "niah_single_3", "niah_multikey_1", "niah_multikey_2",
                                      "niah_multikey_3", "niah_multivalue", "niah_multiquery" }));
        QCOMPARE(tasks->currentText(), QStringLiteral("Own needle")); // the line between them is stepped over
    }

    void aRulerPlanShowsItsTask()
    {
        for (const RulerTask ruler : kRulerTasks) {
            SweepPlan plan = m_run->plan;
            plan.task.kind = TaskKind::Ruler;
            plan.task.ruler = ruler;
            plan.task.placement = Placement::Inside;
            m_panel->setPlan(plan);
            const SweepPlan back = m_panel->plan();
            QCOMPARE(back.task.kind, TaskKind::Ruler);
            QCOMPARE(back.task.ruler, ruler);
            QCOMPARE(back.task.placement, Placement::Inside);
            QVERIFY(control<QComboBox>("Task")->currentText().endsWith(QString::fromLatin1(nameOf(ruler).data())));
        }
    }

    void questionsAreReadAsTheCommandLineReadsThem()
    {
        QVERIFY(!m_panel->plan().reading.byQuestion);
        QTest::mouseClick(control<QRadioButton>("Sweep: Content keys"), Qt::LeftButton, {}, QPoint(8, 8));
        QVERIFY(m_panel->plan().reading.byQuestion);
        QTest::mouseClick(control<QRadioButton>("Sweep: Whole keys"), Qt::LeftButton, {}, QPoint(8, 8));
        QVERIFY(!m_panel->plan().reading.byQuestion);
    }

    void needleFileIsBrowsedFor()
    {
        QTemporaryDir dir;
        QFile file(dir.filePath("n.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.close();
        QSignalSpy requests(m_panel.get(), &RecallPanel::needleFileRequested);
        control<QComboBox>("Task")->setCurrentIndex(2);
        QTest::mouseClick(control<QToolButton>("Browse for a needle file"), Qt::LeftButton);
        QTRY_VERIFY(m_panel->findChild<QFileDialog*>());
        auto* dialog = m_panel->findChild<QFileDialog*>();
        QTRY_VERIFY(dialog->isVisible());
        dialog->findChild<QLineEdit*>("fileNameEdit")->setText(file.fileName());
        QTest::mouseClick(dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Open), Qt::LeftButton);
        QTRY_COMPARE(requests.count(), 1);
        QCOMPARE(requests[0][0].toString(), file.fileName());
        m_panel->setNeedleFile(file.fileName(), { sanFranciscoNeedle() });
        QCOMPARE(control<QLabel>("Needle file status")->text(), QStringLiteral("1 needle"));
    }

    void needleFileIsAskedForAndItsNeedlesAreTaken()
    {
        QSignalSpy requests(m_panel.get(), &RecallPanel::needleFileRequested);
        auto* status = control<QLabel>("Needle file status");
        control<QComboBox>("Task")->setCurrentIndex(2);
        QVERIFY(!control<QPushButton>("Run sweep")->isEnabled());
        type("Needle file", "n.jsonl");
        QTest::keyClick(control<QLineEdit>("Needle file"), Qt::Key_Return);
        QCOMPARE(requests.count(), 1);
        QCOMPARE(status->text(), QStringLiteral("Reading…"));
        QVERIFY(!control<QPushButton>("Run sweep")->isEnabled());
        m_panel->setNeedleFile("another.jsonl", { sanFranciscoNeedle() }); // the answer to an earlier name
        QCOMPARE(status->text(), QStringLiteral("Reading…"));
        m_panel->setNeedleFile("n.jsonl", { { "A b c d.", "A b", "What?" }, { "E f g h.", "E f", "Who?" } });
        QCOMPARE(status->text(), QStringLiteral("2 needles"));
        QVERIFY(control<QPushButton>("Run sweep")->isEnabled());
        QCOMPARE(m_panel->plan().task.needles[1].prefix, std::string("E f"));
        type("Needle file", "none.jsonl");
        QTest::keyClick(control<QLineEdit>("Needle file"), Qt::Key_Return);
        m_panel->setNeedleFileProblem("n.jsonl", "of an earlier name");
        QCOMPARE(status->text(), QStringLiteral("Reading…"));
        m_panel->setNeedleFileProblem("none.jsonl", "the file does not exist");
        QCOMPARE(status->text(), QStringLiteral("⚠ the file does not exist"));
        QVERIFY(!control<QPushButton>("Run sweep")->isEnabled());
        // No name: nothing to read.
        type("Needle file", "");
        QTest::keyClick(control<QLineEdit>("Needle file"), Qt::Key_Backspace);
        QTest::keyClick(control<QLineEdit>("Needle file"), Qt::Key_Return);
        QCOMPARE(requests.count(), 2);
        QCOMPARE(status->text(), QString());
    }

    void runBecomesCancelAndPauseBecomesResume()
    {
        QSignalSpy cancels(m_panel.get(), &RecallPanel::cancelRequested), pauses(m_panel.get(), &RecallPanel::pauseRequested),
            runs(m_panel.get(), &RecallPanel::runRequested);
        QVERIFY(!control<QPushButton>("Pause sweep")->isEnabled());
        m_panel->setState(SweepState::Running);
        QTest::mouseClick(control<QPushButton>("Pause sweep"), Qt::LeftButton);
        QCOMPARE(pauses.takeLast()[0].toBool(), true);
        m_panel->setState(SweepState::Paused);
        QTest::mouseClick(control<QPushButton>("Resume sweep"), Qt::LeftButton);
        QCOMPARE(pauses.takeLast()[0].toBool(), false);
        QTest::mouseClick(control<QPushButton>("Cancel sweep"), Qt::LeftButton);
        QCOMPARE(cancels.count(), 1);
        m_panel->setState(SweepState::Idle);
        QVERIFY(control<QPushButton>("Run sweep")->isEnabled());
        QCOMPARE(runs.count(), 0);
    }

    void progressHasTimeLeft()
    {
        m_panel->setState(SweepState::Running);
        m_panel->setProgress(550, 1100, 83);
        auto* bar = control<QProgressBar>("Sweep progress");
        QVERIFY(bar->isVisible());
        QCOMPARE(bar->value() * 2, bar->maximum());
        QVERIFY(bar->text().contains("1 min 23 s left"));
        m_panel->setProgress(550, 1100, -1);
        QVERIFY(!bar->text().contains("left"));
        QCOMPARE(timeLeftText(5), QStringLiteral("5 s left"));
        QCOMPARE(timeLeftText(7260), QStringLiteral("2 h 1 min left"));
    }
};

QTEST_MAIN(TestRecallSettings)
#include "tst_recallsettings.moc"
