// SPDX-License-Identifier: GPL-3.0-or-later
// Task sets and small multiples in the recall panel as a user drives them.
#include "tests/widgets/RecallPanelFixture.h"
#include "widgets/recall/HeatmapGridView.h"
#include "widgets/recall/LengthPlot.h"
#include "widgets/recall/TaskPresets.h"
#include "widgets/recall/TaskSetDialog.h"

#include <QApplication>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QHelpEvent>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QToolTip>

using namespace hayloft;
using hayloft::test::fakeRun;

class TestRecallSets : public test::RecallPanelFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { showPanel(); }

    void rulersTasksAreRunAsASet()
    {
        QSignalSpy sets(m_panel.get(), &RecallPanel::taskSetRequested);
        type("Lengths", "1k,3k");
        type("Depths", "50");
        TaskSetDialog* dialog = openDialog();
        QVERIFY(dialog);
        QCOMPARE(named<QComboBox>(dialog, "Task set")->currentText(), QStringLiteral("RULER needle family"));
        QCOMPARE(named<QLabel>(dialog, "Size of the task set")->text(), QStringLiteral("8 × 20 = 160 trials"));
        QTest::keyClick(dialog, Qt::Key_Return);
        QCOMPARE(sets.count(), 1);
        const auto plans = sets[0][0].value<std::vector<SweepPlan>>();
        QCOMPARE(plans.size(), std::size_t(8));
        for (std::size_t i = 0; i < 8; ++i) {
            QCOMPARE(plans[i].task.kind, TaskKind::Ruler);
            QCOMPARE(plans[i].task.ruler, kRulerTasks[i]);
            QCOMPARE(plans[i].lengths, (std::vector<std::int64_t> { 1000, 3000 }));
            QVERIFY(plans[i].reading.byQuestion);
        }
    }

    void allAndOwnChoice()
    {
        QSignalSpy sets(m_panel.get(), &RecallPanel::taskSetRequested);
        TaskSetDialog* dialog = openDialog();
        auto* choice = named<QComboBox>(dialog, "Task set");
        auto* tasks = named<QListWidget>(dialog, "Tasks of the set");
        choice->setFocus();
        QTest::keyClick(choice, Qt::Key_Up);
        QCOMPARE(dialog->checkedKeys(), (QStringList { "passkey-3", "passkey-4", "passkey-7", "san-francisco" }));
        QTest::keyClick(choice, Qt::Key_Down);
        QTest::keyClick(choice, Qt::Key_Down);
        QCOMPARE(choice->currentText(), QStringLiteral("All"));
        QCOMPARE(dialog->checkedKeys().size(), 12);
        // A tick by key, one by mouse.
        tasks->setFocus();
        tasks->setCurrentRow(0);
        QTest::keyClick(tasks, Qt::Key_Space);
        const QRect last = tasks->visualItemRect(tasks->item(11));
        QTest::mouseClick(tasks->viewport(), Qt::LeftButton, {}, QPoint(last.left() + 10, last.center().y()));
        QCOMPARE(choice->currentText(), QStringLiteral("Own choice"));
        QCOMPARE(dialog->checkedKeys().size(), 10);
        QTest::mouseClick(named<QPushButton>(dialog, "Run these tasks"), Qt::LeftButton);
        QCOMPARE(sets.count(), 1);
        const auto plans = sets[0][0].value<std::vector<SweepPlan>>();
        QCOMPARE(plans.size(), std::size_t(10));
        QCOMPARE(plans[0].task.digits, 4);
        QCOMPARE(plans[2].task.needles.size(), std::size_t(1));
        QVERIFY(!plans[0].reading.byQuestion);
        // It is remembered, and nothing ticked is nothing to run.
        dialog = openDialog();
        QCOMPARE(dialog->checkedKeys().size(), 10);
        QCOMPARE(m_panel->taskSet(), dialog->checkedKeys());
        tasks = named<QListWidget>(dialog, "Tasks of the set");
        for (int i = 0; i < 12; ++i) {
            tasks->setCurrentRow(i);
            if (tasks->item(i)->checkState() == Qt::Checked)
                QTest::keyClick(tasks, Qt::Key_Space);
        }
        QVERIFY(!named<QPushButton>(dialog, "Run these tasks")->isEnabled());
        QTest::keyClick(dialog, Qt::Key_Escape);
        QCOMPARE(sets.count(), 1);
    }

    void shortPrefixKeysAreRemarkedOn()
    {
        auto* remark = control<QLabel>("Remark on the keys");
        auto* tasks = control<QComboBox>("Task");
        QVERIFY(!remark->isVisible());
        tasks->setFocus();
        QTest::keyClick(tasks, Qt::Key_End);
        QVERIFY(remark->isVisibleTo(m_panel.get()));
        TaskSetDialog* dialog = openDialog();
        QVERIFY(named<QLabel>(dialog, "Remark on the task set")->isVisible());
        dialog->reject();
        QTest::mouseClick(control<QRadioButton>("Sweep: Content keys"), Qt::LeftButton, {}, QPoint(8, 8));
        QVERIFY(!remark->isVisibleTo(m_panel.get()));
        dialog = openDialog();
        QVERIFY(!named<QLabel>(dialog, "Remark on the task set")->isVisible());
        QCOMPARE(test::unnamedControls(dialog).filter(QRegularExpression("^(?!QPushButton)")).join("; "), QString());
    }

    void aBadGridRunsNoSet()
    {
        type("Lengths", "1k:x:3");
        QVERIFY(!control<QPushButton>("Run task set")->isEnabled());
        type("Lengths", "1k");
        QVERIFY(control<QPushButton>("Run task set")->isEnabled());
        // An incomplete task of the form is not the set's.
        control<QComboBox>("Task")->setCurrentIndex(2);
        QVERIFY(!control<QPushButton>("Run sweep")->isEnabled());
        QVERIFY(control<QPushButton>("Run task set")->isEnabled());
    }

    void progressSaysWhichTask()
    {
        m_panel->setState(SweepState::Running);
        m_panel->setPlaceInSet(3, 8);
        m_panel->setProgress(10, 40, 12);
        QCOMPARE(control<QProgressBar>("Sweep progress")->text(), QStringLiteral("Task 3 of 8: 10 of 40 trials, 12 s left"));
        QVERIFY(!control<QPushButton>("Run task set")->isEnabled());
        QVERIFY(control<QPushButton>("Cancel sweep")->toolTip().contains("whole set"));
        m_panel->setState(SweepState::Idle);
        m_panel->setPlaceInSet(1, 1);
        m_panel->setState(SweepState::Running);
        m_panel->setProgress(10, 40, -1);
        QCOMPARE(control<QProgressBar>("Sweep progress")->text(), QStringLiteral("10 of 40 trials"));
    }

    void threeRunsStandSideBySide()
    {
        addRuns(4);
        QVERIFY(map()->isVisible() && !grid()->isVisible());
        clickRun(0);
        clickRun(1, Qt::ControlModifier);
        QVERIFY(map()->isVisible()); // two: one may want their difference
        clickRun(3, Qt::ControlModifier);
        QVERIFY(grid()->isVisible() && !map()->isVisible());
        QCOMPARE(grid()->grid().maps.size(), std::size_t(3));
        // In the order in which they were run: the newest has the upper line.
        QCOMPARE(grid()->grid().maps[0].title, QStringLiteral("niah_single_1"));
        QCOMPARE(grid()->grid().maps[2].title, QStringLiteral("niah_multikey_1"));
        clickRun(2);
        QVERIFY(map()->isVisible() && !grid()->isVisible());
        QVERIFY(map()->heatmap().title.contains("niah_single_2"));
    }

    void twoRunsAreShownByTheButton()
    {
        addRuns(2);
        auto* button = control<QPushButton>("Show runs side by side");
        QVERIFY(!button->isEnabled());
        clickRun(0, Qt::ControlModifier);
        clickRun(1, Qt::ControlModifier);
        clickRun(1);
        clickRun(0, Qt::ControlModifier);
        QVERIFY(button->isEnabled());
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(grid()->isVisible());
        QTest::mouseClick(control<QPushButton>("Compare two runs"), Qt::LeftButton);
        QVERIFY(map()->isVisible() && map()->heatmap().difference);
        QTest::mouseClick(button, Qt::LeftButton);
        QVERIFY(grid()->isVisible());
    }

    void finishedSetIsChosenByItself()
    {
        const auto runs = addRuns(3);
        m_panel->addRun({ "another", "", m_run });
        m_panel->showTogether({ runs[0], runs[2] });
        QCOMPARE(control<QListWidget>("History of runs")->selectedItems().size(), 2);
        QVERIFY(grid()->isVisible());
        QCOMPARE(grid()->grid().maps[1].title, QStringLiteral("niah_single_3"));
    }

    void hoverAndClickWorkInEachMap()
    {
        const auto runs = addRuns(3);
        m_panel->showTogether({ runs[0], runs[1], runs[2] });
        QSignalSpy trials(m_panel.get(), &RecallPanel::trialChosen);
        for (int i = 0; i < 3; ++i) {
            const QPoint at = grid()->cellRect({ i, { 3, 2 } }).center().toPoint();
            QTest::mouseMove(grid(), QPoint(1, 1));
            QTest::mouseMove(grid(), at);
            const QString hits = QStringLiteral("%1/10 hits").arg((7 + i) % 11);
            QVERIFY2(status().startsWith(grid()->grid().maps[std::size_t(i)].title + " · " + hits), qPrintable(status()));
            QHelpEvent help(QEvent::ToolTip, at, grid()->mapToGlobal(at));
            QApplication::sendEvent(grid(), &help);
            QVERIFY(QToolTip::text().contains(hits));
            QTest::mouseClick(grid(), Qt::LeftButton, {}, at);
            QCOMPARE(trials.count(), i + 1);
            QCOMPARE(trials[i][0].value<std::shared_ptr<const RunRecord>>(), runs[std::size_t(i)]);
            QCOMPARE(trials[i][1].toLongLong(), 8000);
            QCOMPARE(trials[i][2].toDouble(), 50.0);
            const QRectF corner = grid()->cellRect({ i, { 3, 0 } });
            QCOMPARE(grid()->grab().toImage().pixelColor(corner.topLeft().toPoint() + QPoint(3, 3)),
                     heatColour((3 + i) % 11 / 10.0, Palette::Cividis));
        }
        QToolTip::hideText();
    }

    void arrowsWalkFromMapToMap()
    {
        const auto runs = addRuns(3);
        m_panel->showTogether({ runs[0], runs[1], runs[2] });
        QSignalSpy trials(m_panel.get(), &RecallPanel::trialChosen);
        grid()->setFocus(Qt::TabFocusReason);
        QCOMPARE(grid()->currentCell(), std::optional<GridCell>(GridCell { 0, { 0, 0 } }));
        QTest::keyClick(grid(), Qt::Key_Right, Qt::ControlModifier);
        QTest::keyClick(grid(), Qt::Key_Down);
        QTest::keyClick(grid(), Qt::Key_Return);
        QCOMPARE(trials.count(), 1);
        QCOMPARE(trials[0][0].value<std::shared_ptr<const RunRecord>>(), runs[1]);
        QCOMPARE(trials[0][2].toDouble(), 25.0);
        QTest::keyClick(grid(), Qt::Key_Home);
        QCOMPARE(grid()->currentCell()->map, 0);
        // The panel is wide: all three stand in one row, and the cursor crosses from one to the next.
        for (int i = 0; i < 4; ++i)
            QTest::keyClick(grid(), Qt::Key_Right);
        QCOMPARE(grid()->currentCell(), std::optional<GridCell>(GridCell { 1, { 0, 1 } }));
        QTest::keyClick(grid(), Qt::Key_Left);
        QCOMPARE(grid()->currentCell(), std::optional<GridCell>(GridCell { 0, { 3, 1 } }));
        QTest::keyClick(grid(), Qt::Key_End);
        QCOMPARE(grid()->currentCell()->map, 2);
    }

    void unmeasuredCellsChooseNothing()
    {
        const auto runs = addRuns(2);
        auto other = std::make_shared<RunRecord>(fakeRun({ 16000 }, { 10 }, 10));
        m_panel->addRun({ "", "", other });
        m_panel->showTogether({ runs[0], runs[1], other });
        QSignalSpy trials(m_panel.get(), &RecallPanel::trialChosen);
        QTest::mouseClick(grid(), Qt::LeftButton, {}, grid()->cellRect({ 2, { 0, 0 } }).center().toPoint());
        QCOMPARE(trials.count(), 0);
        QTest::mouseClick(grid(), Qt::LeftButton, {}, grid()->cellRect({ 2, { 4, 1 } }).center().toPoint());
        QCOMPARE(trials.count(), 1);
        QCOMPARE(trials[0][1].toLongLong(), 16000);
    }

    void allRunsHaveTheirCurveByLength()
    {
        const auto runs = addRuns(8);
        m_panel->showTogether(runs);
        auto* tabs = control<QTabWidget>("Figures");
        QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {}, tabs->tabBar()->tabRect(1).center());
        const QString words = control<LengthPlot>("Recall by context length")->accessibleDescription();
        for (const RulerTask task : kRulerTasks)
            QVERIFY(words.contains(QString::fromLatin1(nameOf(task).data()) + ": 1000 tokens"));
        QTemporaryDir dir;
        QVERIFY(exportTo(dir.filePath("l.svg")));
    }

    void exportedTogetherByTheMenu()
    {
        QTemporaryDir dir;
        m_panel->showTogether(addRuns(3));
        const QPoint at = grid()->rect().center();
        QContextMenuEvent rightClick(QContextMenuEvent::Mouse, at, grid()->mapToGlobal(at));
        QApplication::sendEvent(grid(), &rightClick);
        auto* menu = control<QMenu>("Export menu");
        QTRY_VERIFY(menu->isVisible());
        for (int i = 0; i < 6; ++i)
            QTest::keyClick(menu, Qt::Key_Down);
        QTest::keyClick(menu, Qt::Key_Return);
        QTRY_VERIFY(m_panel->findChild<QFileDialog*>());
        auto* dialog = m_panel->findChild<QFileDialog*>();
        QTRY_VERIFY(dialog->isVisible());
        dialog->findChild<QLineEdit*>("fileNameEdit")->setText(dir.filePath("family"));
        QTest::mouseClick(dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save), Qt::LeftButton);
        QTRY_COMPARE(m_written.size(), 7);
        for (const char* name : { "family.pdf", "family.svg", "family.png", "family.csv", "family-1-niah_single_1.json" })
            QVERIFY2(QFile::exists(dir.filePath(QLatin1String(name))), name);
        QVERIFY(control<QLabel>("Sweep message")->text().startsWith("Exported to "));
    }

    void everyControlHasANameAndATip()
    {
        m_panel->showTogether(addRuns(3));
        QCOMPARE(test::unnamedControls(m_panel.get()).join("; "), QString());
    }

private:
    HeatmapGridView* grid() const { return control<HeatmapGridView>("Recall heatmaps side by side"); }
    template <typename Widget>
    static Widget* named(QWidget* root, const char* name) { return test::named<Widget>(root, QString::fromUtf8(name)); }
    TaskSetDialog* openDialog()
    {
        QTest::mouseClick(control<QPushButton>("Run task set"), Qt::LeftButton);
        for (auto* dialog : m_panel->findChildren<TaskSetDialog*>())
            if (dialog->isVisible())
                return dialog;
        return nullptr;
    }
    /// One run of each of RULER's first tasks; run i has seed i + 1.
    std::vector<std::shared_ptr<const RunRecord>> addRuns(int count)
    {
        std::vector<std::shared_ptr<const RunRecord>> runs;
        for (int i = 0; i < count; ++i) {
            auto run = std::make_shared<RunRecord>(fakeRun({ 1000, 2000, 4000, 8000 }, { 0, 25, 50, 100 }, 10, std::uint64_t(i + 1)));
            run->plan.seed = 1;
            run->plan.task = rulerTask(kRulerTasks[std::size_t(i)]);
            runs.push_back(run);
            m_panel->addRun({ "", "", run });
        }
        return runs;
    }
};

QTEST_MAIN(TestRecallSets)
#include "tst_recallsets.moc"
