// SPDX-License-Identifier: GPL-3.0-or-later
// The recall panel as a user drives it.
#include "tests/widgets/FakeRun.h"
#include "widgets/RecallPanel.h"
#include "widgets/recall/HeatmapView.h"
#include "widgets/recall/LengthPlot.h"
#include "widgets/recall/RunControls.h"
#include "widgets/recall/SweepSettings.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QHelpEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolTip>

using namespace hayloft;
using hayloft::test::fakeRun;
using hayloft::test::named;

class TestRecallPanel : public QObject {
    Q_OBJECT

    std::unique_ptr<RecallPanel> m_panel;
    std::shared_ptr<const RunRecord> m_run, m_other;

    template <typename Widget>
    Widget* control(const char* name) const
    {
        Widget* widget = named<Widget>(m_panel.get(), QString::fromUtf8(name));
        if (!widget)
            qFatal("no control named %s", name);
        return widget;
    }
    HeatmapView* map() const { return control<HeatmapView>("Recall heatmap"); }
    QPoint cell(int x, int y) const { return map()->cellRect({ x, y }).center().toPoint(); }
    QColor colourOf(int x, int y) const
    {
        const QRectF rect = map()->cellRect({ x, y });
        return map()->grab().toImage().pixelColor(rect.topLeft().toPoint() + QPoint(2, 2));
    }
    QString status() const { return control<QLabel>("Cell under the pointer or cursor")->accessibleDescription(); }
    void type(const char* name, const QString& text) const
    {
        auto* edit = control<QLineEdit>(name);
        edit->setFocus();
        edit->selectAll();
        QTest::keyClicks(edit, text);
    }
    void clickRun(int line, Qt::KeyboardModifiers modifiers = {}) const
    {
        auto* list = control<QListWidget>("History of runs");
        QTest::mouseClick(list->viewport(), Qt::LeftButton, modifiers, list->visualItemRect(list->item(line)).center());
    }

private Q_SLOTS:
    void init()
    {
        m_run = std::make_shared<const RunRecord>(fakeRun({ 1000, 2000, 4000, 8000 }, { 0, 25, 50, 100 }, 10, 1));
        m_other = std::make_shared<const RunRecord>(fakeRun({ 1000, 2000, 4000, 8000 }, { 0, 25, 50, 100 }, 10, 4));
        m_panel = std::make_unique<RecallPanel>();
        m_panel->resize(1280, 300);
        m_panel->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
        m_panel->activateWindow();
    }

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

    void needleFileIsRead()
    {
        QTemporaryDir dir;
        QFile file(dir.filePath("n.jsonl"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"needle\":\"A b c d.\",\"prefix\":\"A b\",\"question\":\"What?\"}\n"
                   "{\"needle\":\"E f g h.\",\"prefix\":\"E f\",\"question\":\"Who?\"}\n");
        file.close();
        control<QComboBox>("Task")->setCurrentIndex(2);
        QVERIFY(!control<QPushButton>("Run sweep")->isEnabled());
        type("Needle file", file.fileName());
        QTest::keyClick(control<QLineEdit>("Needle file"), Qt::Key_Return);
        QCOMPARE(control<QLabel>("Needle file status")->text(), QStringLiteral("2 needles"));
        QVERIFY(control<QPushButton>("Run sweep")->isEnabled());
        QCOMPARE(m_panel->plan().task.needles[1].prefix, std::string("E f"));
        type("Needle file", dir.filePath("none.jsonl"));
        QTest::keyClick(control<QLineEdit>("Needle file"), Qt::Key_Return);
        QVERIFY(control<QLabel>("Needle file status")->text().contains(QStringLiteral("⚠")));
        QVERIFY(!control<QPushButton>("Run sweep")->isEnabled());
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
        QTemporaryDir dir;
        QVERIFY(!m_panel->exportTo(dir.filePath("d.json")));
        QVERIFY(control<QLabel>("Sweep message")->isVisible());
        QVERIFY(m_panel->exportTo(dir.filePath("d.svg")));
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

    void everyFormatIsWritten()
    {
        QTemporaryDir dir;
        QSignalSpy exported(m_panel.get(), &RecallPanel::exported);
        QVERIFY(!m_panel->exportTo(dir.filePath("none.png")));
        m_panel->addRun({ "run", "", m_run });
        for (const char* name : { "r.png", "r.svg", "r.pdf", "r.csv", "r.json" })
            QVERIFY2(m_panel->exportTo(dir.filePath(name)), name);
        QCOMPARE(exported.count(), 5);
        QCOMPARE(exported[0][0].toString(), dir.filePath("r.png"));
        QCOMPARE(QImage(dir.filePath("r.png")).size(), QSize(1920, 1200));
        QCOMPARE(toJson(loadRunRecord(dir.filePath("r.json").toStdString())), toJson(*m_run));
        QFile csv(dir.filePath("r.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(csv.readAll().toStdString(), toCsv(*m_run));
        for (const QString& bad : { dir.filePath("r.gif"), dir.filePath("none/r.png"), QStringLiteral("/proc/r.json") })
            QVERIFY(!m_panel->exportTo(bad));
        QCOMPARE(exported.count(), 5);
        QVERIFY(control<QLabel>("Sweep message")->text().contains("Not exported"));
    }

    void exportMenuAddsTheSuffix()
    {
        QTemporaryDir dir;
        m_panel->addRun({ "run", "", m_run });
        QSignalSpy exported(m_panel.get(), &RecallPanel::exported);
        QContextMenuEvent rightClick(QContextMenuEvent::Mouse, cell(0, 0), map()->mapToGlobal(cell(0, 0)));
        QApplication::sendEvent(map(), &rightClick);
        auto* menu = control<QMenu>("Export menu");
        QTRY_VERIFY(menu->isVisible());
        QTest::keyClick(menu, Qt::Key_Down);
        QTest::keyClick(menu, Qt::Key_Down); // SVG
        QTest::keyClick(menu, Qt::Key_Return);
        QTRY_VERIFY(m_panel->findChild<QFileDialog*>());
        auto* dialog = m_panel->findChild<QFileDialog*>();
        QTRY_VERIFY(dialog->isVisible());
        auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
        name->setText(dir.filePath("figure")); // typed letters would open the dialog's completer, which takes the click
        QTest::mouseClick(dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save), Qt::LeftButton);
        QTRY_COMPARE(exported.count(), 1);
        QCOMPARE(exported[0][0].toString(), dir.filePath("figure.svg"));
        QVERIFY(QFile::exists(dir.filePath("figure.svg")));
    }

    void copyPutsImageAndTableOnTheClipboard()
    {
        m_panel->addRun({ "run", "", m_run });
        map()->setFocus();
        QTest::keyClick(map(), Qt::Key_C, Qt::ControlModifier);
        const QMimeData* mime = QApplication::clipboard()->mimeData();
        QVERIFY(mime->hasImage());
        QCOMPARE(mime->text().toStdString(), toCsv(*m_run));
        const QImage image = qvariant_cast<QImage>(mime->imageData());
        QCOMPARE(image.size(), QSize(1920, 1200));
        const QRectF rect = figureCellRect(map()->heatmap(), 3, 2);
        QCOMPARE(image.pixelColor((rect.center() * 2).toPoint()), heatColour(0.7, Palette::Cividis));
    }

    void lengthsHaveATabOfTheirOwn()
    {
        QTemporaryDir dir;
        m_panel->addRun({ "run", "", m_run });
        auto* tabs = control<QTabWidget>("Figures");
        tabs->setCurrentIndex(1);
        QVERIFY(control<LengthPlot>("Recall by context length")->accessibleDescription().contains("1000 tokens, 12/40 hits"));
        QVERIFY(m_panel->exportTo(dir.filePath("l.svg")));
        QFile svg(dir.filePath("l.svg"));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        QVERIFY(!svg.readAll().contains("Needle depth"));
    }

    void everyControlHasANameAndATip() { QCOMPARE(test::unnamedControls(m_panel.get()).join("; "), QString()); }
};

QTEST_MAIN(TestRecallPanel)
#include "tst_recallpanel.moc"
