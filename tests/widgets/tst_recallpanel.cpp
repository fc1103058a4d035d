// SPDX-License-Identifier: GPL-3.0-or-later
// The recall panel's heatmap and history of runs as a user drives them.
#include "tests/widgets/RecallPanelFixture.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QHelpEvent>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolTip>

using namespace hayloft;
using hayloft::test::fakeRun;

class TestRecallPanel : public test::RecallPanelFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { showPanel(); }

    void cellsFillInLive()
    {
        m_panel->beginRun(m_run->plan);
        m_panel->setState(SweepState::Running);
        const QColor before = colourOf(2, 1);
        m_panel->addCell(m_run->result.cells[2 * 4 + 1]);
        const QColor want = heatColour(m_run->result.cells[2 * 4 + 1].recall, Palette::Cividis);
        QVERIFY(before != want);
        QCOMPARE(colourOf(2, 1), want);
        QVERIFY(!map()->heatmap().cells[0].measured);
    }

    void clickLoadsTheFirstFailedTrial()
    {
        m_panel->addRun({ "run", "", m_run });
        QSignalSpy trials(m_panel.get(), &RecallPanel::trialChosen);
        QTest::mouseClick(map(), Qt::LeftButton, {}, cell(3, 2)); // 7 of 10: trial 7 is the first that failed
        QCOMPARE(trials.count(), 1);
        QCOMPARE(trials[0][0].value<std::shared_ptr<const RunRecord>>(), m_run);
        QCOMPARE(trials[0][1].toLongLong(), 8000);
        QCOMPARE(trials[0][2].toDouble(), 50.0);
        QCOMPARE(trials[0][3].toInt(), 7);
        auto perfect = std::make_shared<RunRecord>(*m_run);
        for (Sample& sample : perfect->result.cells[0].samples)
            sample.correct = true;
        m_panel->addRun({ "perfect", "", perfect });
        QTest::mouseClick(map(), Qt::LeftButton, {}, cell(0, 0));
        QCOMPARE(trials.last()[3].toInt(), 0);
        QCOMPARE(trials.last()[1].toLongLong(), 1000);
    }

    void unmeasuredCellsChooseNothing()
    {
        m_panel->beginRun(m_run->plan);
        QSignalSpy trials(m_panel.get(), &RecallPanel::trialChosen);
        QTest::mouseClick(map(), Qt::LeftButton, {}, cell(1, 1));
        QCOMPARE(trials.count(), 0);
        m_panel->addCell(m_run->result.cells[5]);
        QTest::mouseClick(map(), Qt::LeftButton, {}, cell(1, 1));
        QCOMPARE(trials.count(), 1);
        const auto given = trials[0][0].value<std::shared_ptr<const RunRecord>>();
        m_panel->addCell(m_run->result.cells[6]);
        QCOMPARE(given->result.cells.size(), std::size_t(1)); // what was handed out no longer grows
    }

    void arrowsMoveAndEnterChooses()
    {
        m_panel->addRun({ "run", "", m_run });
        QSignalSpy trials(m_panel.get(), &RecallPanel::trialChosen);
        map()->setFocus(Qt::TabFocusReason);
        QTest::keyClick(map(), Qt::Key_Right);
        QTest::keyClick(map(), Qt::Key_Down);
        QTest::keyClick(map(), Qt::Key_Down);
        QVERIFY2(status().contains("5/10 hits"), qPrintable(status()));
        QVERIFY(status().contains("2,000 tokens") && status().contains("1,997 tokens"));
        QTest::keyClick(map(), Qt::Key_Return);
        QCOMPARE(trials.count(), 1);
        QCOMPARE(trials[0][1].toLongLong(), 2000);
        QCOMPARE(trials[0][2].toDouble(), 50.0);
        QTest::keyClick(map(), Qt::Key_End);
        QTest::keyClick(map(), Qt::Key_PageDown);
        QTest::keyClick(map(), Qt::Key_Right);
        QCOMPARE(map()->currentCell(), std::optional<CellIndex>(CellIndex { 3, 3 }));
    }

    void hoverTellsHitsAndInterval()
    {
        m_panel->addRun({ "run", "", m_run });
        QTest::mouseMove(map(), cell(0, 0));
        QTest::mouseMove(map(), cell(3, 2));
        const Interval interval = wilson(7, 10);
        const QString wanted = QStringLiteral("7/10 hits (70%), 95% interval %1–%2%").arg(qRound(interval.low * 100)).arg(qRound(interval.high * 100));
        QVERIFY2(status().contains(wanted), qPrintable(status()));
        QHelpEvent help(QEvent::ToolTip, cell(3, 2), map()->mapToGlobal(cell(3, 2)));
        QApplication::sendEvent(map(), &help);
        QVERIFY(QToolTip::text().contains(wanted));
        QVERIFY(QToolTip::text().contains("8,000 tokens"));
        QToolTip::hideText();
        QTest::mouseMove(map(), QPoint(2, 2));
        QVERIFY(!status().contains("7/10"));
    }

    void coloursAndValuesFollowTheirControls()
    {
        m_panel->addRun({ "run", "", m_run });
        QCOMPARE(colourOf(3, 2), heatColour(0.7, Palette::Cividis));
        auto* colours = control<QComboBox>("Heatmap colours");
        colours->setFocus();
        QTest::keyClick(colours, Qt::Key_Down);
        QCOMPARE(colourOf(3, 2), heatColour(0.7, Palette::Viridis));
        QTest::keyClick(colours, Qt::Key_Down);
        QCOMPARE(colourOf(3, 2), heatColour(0.7, Palette::RedAmberGreen));
        const QImage plain = map()->grab().toImage();
        auto* values = control<QCheckBox>("Values in cells");
        values->setFocus();
        QTest::keyClick(values, Qt::Key_Space);
        QVERIFY(map()->grab().toImage() != plain);
    }

    void historyShowsTheChosenRun()
    {
        m_panel->addRun({ "first", "", m_run });
        m_panel->addRun({ "second", "", m_other });
        QCOMPARE(map()->heatmap().cells[0].hits, 3);
        clickRun(1);
        QCOMPARE(map()->heatmap().cells[0].hits, 0);
        QSignalSpy opens(m_panel.get(), &RecallPanel::openRecordRequested);
        QTest::mouseClick(control<QPushButton>("Open a run record"), Qt::LeftButton);
        QCOMPARE(opens.count(), 1);
    }

    void twoRunsMakeADifference()
    {
        m_panel->addRun({ "first", "", m_run });
        m_panel->addRun({ "second", "", m_other });
        auto* compare = control<QPushButton>("Compare two runs");
        QVERIFY(!compare->isEnabled());
        clickRun(1);
        clickRun(0, Qt::ControlModifier);
        QVERIFY(compare->isEnabled());
        QTest::mouseClick(compare, Qt::LeftButton);
        QVERIFY(map()->heatmap().difference);
        // A is the upper line, the second run: 3 hits of 10 against none.
        QVERIFY(std::abs(map()->heatmap().cells[0].value - 0.3) < 1e-9);
        QCOMPARE(colourOf(0, 0), heatColour(0.3, Palette::Cividis, true));
        QVERIFY(map()->heatmap().title.contains("seed 4 (A) − seed 1 (B)"));
        QTest::mouseClick(compare, Qt::LeftButton);
        QVERIFY(std::abs(map()->heatmap().cells[0].value + 0.3) < 1e-9);
    }

    void runsWithoutCommonCellsSaySo()
    {
        m_panel->addRun({ "first", "", m_run });
        m_panel->addRun({ "second", "", std::make_shared<const RunRecord>(fakeRun({ 123 }, { 1 }, 5)) });
        clickRun(1);
        clickRun(0, Qt::ControlModifier);
        QTest::mouseClick(control<QPushButton>("Compare two runs"), Qt::LeftButton);
        QVERIFY(control<QLabel>("Sweep message")->text().contains("share no measured cell"));
    }

    void aFinishedRunTakesTheLineOfTheLiveOne()
    {
        auto* list = control<QListWidget>("History of runs");
        m_panel->beginRun(m_run->plan);
        m_panel->setState(SweepState::Running);
        for (const Cell& measured : m_run->result.cells)
            m_panel->addCell(measured);
        m_panel->setState(SweepState::Idle);
        m_panel->addRun({ "done", "", m_run });
        QCOMPARE(list->count(), 1);
        QCOMPARE(list->item(0)->text(), QStringLiteral("done"));
        m_panel->beginRun(m_run->plan);
        m_panel->setState(SweepState::Running);
        m_panel->addCell(m_run->result.cells[0]);
        m_panel->setState(SweepState::Idle);
        QCOMPARE(list->count(), 2); // a cancelled run stays, with what it measured
        m_panel->beginRun(m_run->plan);
        m_panel->setState(SweepState::Running);
        m_panel->setState(SweepState::Idle);
        QCOMPARE(list->count(), 2);
    }

    void everyControlHasANameAndATip() { QCOMPARE(test::unnamedControls(m_panel.get()).join("; "), QString()); }
};

QTEST_MAIN(TestRecallPanel)
#include "tst_recallpanel.moc"
