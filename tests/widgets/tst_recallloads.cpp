// SPDX-License-Identifier: GPL-3.0-or-later
// Recall by load in the recall panel as a user drives it: the form, the chart, the list of curves, and their export.
#include "tests/widgets/FakeLoads.h"
#include "tests/widgets/FigureReaders.h"
#include "tests/widgets/RecallPanelFixture.h"
#include "widgets/recall/LoadCurves.h"
#include "widgets/recall/LoadView.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHelpEvent>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QToolTip>

using namespace hayloft;
using namespace hayloft::test;

class TestRecallLoads : public RecallPanelFixture {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        showPanel();
        m_panel->resize(1280, 420);
    }

    void theFormAsksForLoads()
    {
        QSignalSpy loads(m_panel.get(), &RecallPanel::loadsRequested);
        QSignalSpy runs(m_panel.get(), &RecallPanel::runRequested);
        QVERIFY(!control<QLineEdit>("Loads")->isVisible());
        chooseAxis(Qt::Key_Down);
        QVERIFY(control<QLineEdit>("Loads")->isVisibleTo(m_panel.get()));
        QVERIFY(!control<QLineEdit>("Lengths")->isVisibleTo(m_panel.get()));
        QVERIFY(view()->isVisible());
        QVERIFY(!control<QSpinBox>("Sweep: Memory rows")->isEnabled()); // K is the load's to choose
        QCOMPARE(control<QComboBox>("Sweep: Key memory")->currentText(), QStringLiteral("fixed"));
        QCOMPARE(control<QLabel>("Loads status")->text(), QStringLiteral("6: 0.1, 0.25, 0.5, 1, 2, 4 segments per row"));
        type("Loads", "2, 0.5");
        type("Context length", "8k");
        type("Depths", "0,50");
        QCOMPARE(control<QLabel>("Size of the sweep")->text(), QStringLiteral("2 loads, 40 trials in all"));
        QVERIFY(!control<QPushButton>("Run task set")->isEnabled());
        QTest::mouseClick(control<QPushButton>("Run sweep"), Qt::LeftButton);
        QCOMPARE(loads.count(), 1);
        QVERIFY(runs.isEmpty());
        const auto plan = loads[0][0].value<SweepPlan>();
        QCOMPARE(loads[0][1].value<std::vector<double>>(), (std::vector<double> { 0.5, 2 }));
        QCOMPARE(plan.lengths, (std::vector<std::int64_t> { 8000 }));
        QCOMPARE(plan.memory.addressing, Addressing::NearestRow);
        // Back: what stood there before.
        chooseAxis(Qt::Key_Up);
        QVERIFY(map()->isVisible());
        QCOMPARE(control<QComboBox>("Sweep: Key memory")->currentText(), QStringLiteral("grow"));
        QCOMPARE(m_panel->plan().memory.keyMemory, KeyMemoryKind::Grow);
        QCOMPARE(m_panel->plan().lengths.size(), std::size_t(6));
    }

    void badLoadsCannotRun_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("text");
        QTest::newRow("word") << "Loads" << "x";
        QTest::newRow("nothing") << "Loads" << " ";
        QTest::newRow("zero") << "Loads" << "0";
        QTest::newRow("huge") << "Loads" << "1e9";
        QTest::newRow("two lengths") << "Context length" << "4k,8k";
        QTest::newRow("no length") << "Context length" << "-1";
    }
    void badLoadsCannotRun()
    {
        QFETCH(QString, field);
        QFETCH(QString, text);
        QSignalSpy loads(m_panel.get(), &RecallPanel::loadsRequested);
        chooseAxis(Qt::Key_Down);
        type(qPrintable(field), text);
        QVERIFY(control<QLabel>(qPrintable(field + QStringLiteral(" status")))->text().startsWith(QStringLiteral("⚠")));
        auto* run = control<QPushButton>("Run sweep");
        QVERIFY(!run->isEnabled());
        QVERIFY(!run->toolTip().isEmpty());
        QTest::keyClick(m_panel.get(), Qt::Key_Return, Qt::ControlModifier);
        m_panel->requestRun();
        QVERIFY(loads.isEmpty());
        QVERIFY(!control<QLabel>("Sweep message")->text().isEmpty());
    }

    void thePublishedMemoryKeepsItsRows()
    {
        QSignalSpy loads(m_panel.get(), &RecallPanel::loadsRequested);
        chooseAxis(Qt::Key_Down);
        auto* memory = control<QComboBox>("Sweep: Key memory");
        memory->setFocus();
        QTest::keyClick(memory, Qt::Key_End);
        QCOMPARE(memory->currentText(), QStringLiteral("pseudo-inverse"));
        QVERIFY(control<QSpinBox>("Sweep: Memory rows")->isEnabled());
        QCOMPARE(control<QSpinBox>("Sweep: Memory rows")->value(), 512);
        QVERIFY(!control<QLineEdit>("Context length")->isEnabled());
        QTest::keyClick(memory, Qt::Key_Return, Qt::ControlModifier);
        QCOMPARE(loads.count(), 1);
        const auto plan = loads[0][0].value<SweepPlan>();
        QCOMPARE(plan.memory.addressing, Addressing::PseudoInverse);
        QCOMPARE(plan.memory.rows, Index(512));
        QVERIFY(plan.lengths.empty());
    }

    void aHaystackThatIsMadeIsRefusedInTheForm()
    {
        chooseAxis(Qt::Key_Down);
        auto* tasks = control<QComboBox>("Task");
        tasks->setCurrentIndex(tasks->findText(QStringLiteral("niah_single_1"), Qt::MatchContains));
        QVERIFY(tasks->currentIndex() > 0);
        QVERIFY(control<QPushButton>("Run sweep")->isEnabled());
        auto* memory = control<QComboBox>("Sweep: Key memory");
        memory->setFocus();
        QTest::keyClick(memory, Qt::Key_End);
        QVERIFY(!control<QPushButton>("Run sweep")->isEnabled());
        QVERIFY(control<QPushButton>("Run sweep")->toolTip().contains(QStringLiteral("made")));
    }

    void aCurveGrowsWhileItRuns()
    {
        const LoadRecord whole = fakeLoads();
        begin(whole);
        QCOMPARE(lines(), QStringList { QStringLiteral("prefix keys") });
        QCOMPARE(view()->figure().awaited, (std::vector<double> { 0.5, 1, 2 }));
        const double axis = axisPlace(2);
        QVERIFY(view()->axes().width() > view()->width() / 2); // it is there before the first point
        for (std::size_t i = 0; i < whole.runs.size(); ++i) {
            m_panel->loads().add(whole.runs[i]);
            settle();
            QCOMPARE(view()->figure().curves.front().points.size(), i + 1);
            QVERIFY(std::abs(view()->place({ 0, int(i) }).x() - axisPlace(whole.runs[i].load)) < 1.5); // the axis does not move
        }
        QVERIFY2(std::abs(axis - axisPlace(2)) < 1.5, qPrintable(QStringLiteral("%1 %2").arg(axis).arg(axisPlace(2))));
        QVERIFY(control<QListWidget>("Load curves")->item(0)->data(Qt::AccessibleTextRole).toString().contains("running"));
        m_panel->loads().finish({ "/somewhere/load.json", std::make_shared<const LoadRecord>(whole) });
        m_panel->setState(SweepState::Idle);
        QCOMPARE(lines(), QStringList { QStringLiteral("prefix keys") });
        QVERIFY(!control<QListWidget>("Load curves")->item(0)->data(Qt::AccessibleTextRole).toString().contains("running"));
        QVERIFY(control<QListWidget>("Load curves")->item(0)->data(Qt::AccessibleTextRole).toString().contains("37/60 hits"));
        QCOMPARE(m_panel->loads().paths(), QStringList { "/somewhere/load.json" });
    }

    void cancelledSweepsKeepTheirPoints()
    {
        const LoadRecord whole = fakeLoads();
        begin(whole);
        m_panel->setState(SweepState::Idle); // before the first point
        QCOMPARE(control<QListWidget>("Load curves")->count(), 0);
        begin(whole);
        m_panel->loads().add(whole.runs[0]);
        m_panel->loads().add(whole.runs[1]);
        m_panel->setState(SweepState::Idle);
        m_panel->loads().add(whole.runs[2]); // too late: nothing is under way
        QCOMPARE(view()->figure().curves.front().points.size(), std::size_t(2));
        QVERIFY(view()->figure().awaited.empty());
        QVERIFY(control<QListWidget>("Load curves")->item(0)->data(Qt::AccessibleTextRole).toString().contains("not finished"));
        // It can be exported as it is.
        QTemporaryDir dir;
        QVERIFY(exportTo(dir.filePath("part.json")));
        QCOMPARE(readLoadRecord(dir.filePath("part.json").toStdString()).runs.size(), std::size_t(2));
    }

    void pointsTellTheirHits()
    {
        openBoth();
        QVERIFY(status().contains(QStringLiteral("Recall over segments per row")));
        moveTo(view(), view()->place({ 0, 1 }).toPoint());
        const Interval interval = wilson(12, 20);
        const QString words = QStringLiteral("prefix keys, nearest row · load 1: 12/20 hits (60%), 95% interval %1–%2% · N = 800 segments, K = 800 rows")
                                  .arg(std::lround(interval.low * 100)).arg(std::lround(interval.high * 100));
        QCOMPARE(status(), words);
        const QPoint at = view()->place({ 1, 2 }).toPoint();
        QHelpEvent help(QEvent::ToolTip, at, view()->mapToGlobal(at));
        QApplication::sendEvent(view(), &help);
        QVERIFY2(QToolTip::text().contains(QStringLiteral("load 2: 0/20 hits (0%)")), qPrintable(QToolTip::text()));
        moveTo(view(), QPoint(3, 3));
        QVERIFY(status().contains(QStringLiteral("Recall over segments per row")));
        // A click keeps it.
        QTest::mouseClick(view(), Qt::LeftButton, {}, view()->place({ 0, 1 }).toPoint());
        moveTo(view(), QPoint(3, 3));
        QCOMPARE(status(), words);
    }

    void keysMoveAndEnterLoadsTheTrial()
    {
        openBoth();
        QSignalSpy trials(m_panel.get(), &RecallPanel::trialChosen);
        view()->setFocus(Qt::TabFocusReason);
        QVERIFY(status().startsWith(QStringLiteral("prefix keys, nearest row · load 0.5")));
        QTest::keyClick(view(), Qt::Key_Right);
        QVERIFY(status().startsWith(QStringLiteral("prefix keys, nearest row · load 1:")));
        QTest::keyClick(view(), Qt::Key_Down);
        QVERIFY(status().startsWith(QStringLiteral("prefix keys, pseudo-inverse · load 1:")));
        QTest::keyClick(view(), Qt::Key_End);
        QTest::keyClick(view(), Qt::Key_PageUp);
        QVERIFY(status().startsWith(QStringLiteral("prefix keys, nearest row · load 2:")));
        QTest::keyClick(view(), Qt::Key_Return);
        QCOMPARE(trials.count(), 1);
        QCOMPARE(trials[0][0].value<std::shared_ptr<const RunRecord>>()->result.rows, Index(400));
        QCOMPARE(trials[0][1].toLongLong(), 20000);
        QCOMPARE(trials[0][3].toInt(), 7); // the first that was missed
        QTest::mouseDClick(view(), Qt::LeftButton, {}, view()->place({ 1, 0 }).toPoint());
        QCOMPARE(trials.count(), 2);
        QCOMPARE(trials[1][3].toInt(), 0); // none was missed
    }

    void pointsAreDrawnWhereTheyAre()
    {
        openBoth();
        QVERIFY(QTest::qWaitFor([this] { return colourAt({ 0, 0 }) != colourAt({ 1, 0 }); }, 2000));
        const QColor first = colourAt({ 0, 0 }), second = colourAt({ 1, 0 });
        for (int point : { 1, 2 }) {
            QCOMPARE(colourAt({ 0, point }), first);
            QCOMPARE(colourAt({ 1, point }), second);
        }
        // 0% is below 100%, and twice the load is always as far to the right.
        QVERIFY(view()->place({ 1, 2 }).y() > view()->place({ 1, 0 }).y() + 100);
        const double step = view()->place({ 0, 1 }).x() - view()->place({ 0, 0 }).x();
        QVERIFY(step > 20 && std::abs(view()->place({ 0, 2 }).x() - view()->place({ 0, 1 }).x() - step) < 1);
    }

    void curvesAreTakenOut()
    {
        openBoth();
        auto* list = control<QListWidget>("Load curves");
        QVERIFY(list->isVisible() && !control<QListWidget>("History of runs")->isVisible());
        QVERIFY(!control<QPushButton>("Remove load curve")->isEnabled());
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualItemRect(list->item(0)).center());
        QTest::keyClick(list, Qt::Key_Delete);
        QCOMPARE(lines(), QStringList { QStringLiteral("prefix keys, pseudo-inverse") });
        QCOMPARE(view()->figure().curves.size(), std::size_t(1));
        QTest::mouseClick(control<QPushButton>("Remove load curve"), Qt::LeftButton);
        QCOMPARE(list->count(), 0);
        QVERIFY(!control<QPushButton>("Clear load curves")->isEnabled());
        openBoth();
        begin(fakeLoads());
        m_panel->loads().add(fakeLoads().runs[0]);
        list->setCurrentRow(2);
        QVERIFY(!control<QPushButton>("Remove load curve")->isEnabled()); // it runs
        QTest::mouseClick(control<QPushButton>("Clear load curves"), Qt::LeftButton);
        QCOMPARE(list->count(), 1);
        m_panel->loads().add(fakeLoads().runs[1]);
        QCOMPARE(view()->figure().curves.front().points.size(), std::size_t(2));
        QVERIFY(!control<QPushButton>("Clear load curves")->isEnabled());
    }

    void curvesAreToldApart()
    {
        const auto record = std::make_shared<const LoadRecord>(fakeLoads());
        m_panel->loads().open({ "/a.json", record });
        m_panel->loads().open({ "/a.json", record }); // the same file: the same curve
        QCOMPARE(control<QListWidget>("Load curves")->count(), 1);
        m_panel->loads().open({ "/b.json", record });
        QCOMPARE(lines().size(), 2);
        QVERIFY(lines()[0] != lines()[1]);
    }

    void everyFormatIsWritten()
    {
        QTemporaryDir dir;
        m_panel->showLoads(true);
        QVERIFY(!exportTo(dir.filePath("none.png")));
        openBoth();
        for (const char* name : { "l.png", "l.svg", "l.pdf", "l.csv", "l.json" })
            QVERIFY2(exportTo(dir.filePath(name)), name);
        QCOMPARE(QImage(dir.filePath("l.png")).size(), loadFigureSize() * 2);
        const Svg svg = parseSvg(bytesOf(dir.filePath("l.svg")));
        QCOMPARE(svg.images, 0);
        QVERIFY(svg.texts.contains(QStringLiteral("prefix keys, pseudo-inverse")));
        QVERIFY(svg.texts.contains(QStringLiteral("Load: segments per row (N/K)")));
        QCOMPARE(bytesOf(dir.filePath("l.pdf")).left(5), QByteArray("%PDF-"));
        const QStringList rows = QString::fromUtf8(bytesOf(dir.filePath("l.csv"))).split("\r\n");
        QCOMPARE(rows.size(), 1 + 6 + 1);
        QVERIFY(rows[0].startsWith(QStringLiteral("curve,load,segments,rows,hits,trials,recall,ci95_low,ci95_high,")));
        QVERIFY2(rows[2].startsWith(QStringLiteral("\"prefix keys, nearest row\",1,800,800,12,20,0.6,")), qPrintable(rows[2]));
        QVERIFY2(rows[6].startsWith(QStringLiteral("\"prefix keys, pseudo-inverse\",2,1024,512,0,20,0,0,")), qPrintable(rows[6]));
        QVERIFY(rows[6].endsWith(QStringLiteral(",28000,passkey,prefix,pseudo-inverse,1")));
        // Each curve's record is that of the command line.
        QCOMPARE(m_written.last(), dir.filePath("l-2-prefix-pseudo-inverse.json"));
        QCOMPARE(bytesOf(dir.filePath("l-1-prefix.json")).toStdString(), toJson(fakeLoads()));
        QCOMPARE(toJson(readLoadRecord(m_written.last().toStdString())), toJson(fakeLoads(Addressing::PseudoInverse)));
        // The heatmap's tab exports the heatmap again.
        m_panel->addRun({ "run", "", m_run });
        m_panel->showLoads(false);
        QVERIFY(exportTo(dir.filePath("run.json")));
        QCOMPARE(toJson(loadRunRecord(dir.filePath("run.json").toStdString())), toJson(*m_run));
    }

    void copyTakesTheChart()
    {
        QApplication::clipboard()->clear();
        openBoth();
        view()->setFocus();
        QTest::keyClick(view(), Qt::Key_C, Qt::ControlModifier);
        const QMimeData* mime = QApplication::clipboard()->mimeData();
        QVERIFY(mime->hasImage());
        QVERIFY(mime->text().startsWith(QStringLiteral("curve,load,")));
    }

    void tabsChangeTheList()
    {
        auto* tabs = m_panel->findChild<QTabWidget*>();
        QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {}, tabs->tabBar()->tabRect(2).center());
        QVERIFY(control<QListWidget>("Load curves")->isVisible());
        QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {}, tabs->tabBar()->tabRect(0).center());
        QVERIFY(control<QListWidget>("History of runs")->isVisible());
    }

    void everyControlHasANameAndAHint()
    {
        chooseAxis(Qt::Key_Down);
        openBoth();
        QCOMPARE(unnamedControls(m_panel.get()), QStringList());
        view()->clearFocus();
        QVERIFY(view()->accessibleDescription().contains(QStringLiteral("load 0.5: 18/20 hits")));
    }

private:
    LoadView* view() const { return control<LoadView>("Recall by load"); }
    void chooseAxis(Qt::Key key) const
    {
        auto* axis = control<QComboBox>("Sweep axis");
        axis->setFocus();
        QTest::keyClick(axis, key);
    }
    void begin(const LoadRecord& record) const
    {
        m_panel->setState(SweepState::Running);
        std::vector<double> loads;
        for (const LoadRun& point : record.runs)
            loads.push_back(point.load);
        m_panel->loads().begin(record.runs.front().run.plan, loads);
        m_panel->showLoads(true);
        settle();
    }
    void openBoth() const
    {
        m_panel->loads().open({ "", std::make_shared<const LoadRecord>(fakeLoads()) });
        m_panel->loads().open({ "", std::make_shared<const LoadRecord>(fakeLoads(Addressing::PseudoInverse)) });
        m_panel->showLoads(true);
        settle();
    }
    static void settle() { QTest::qWait(20); } // a queued drawing
    /// Where the axis of one curve over 0.5 to 2 has a load: it has some room at both ends.
    double axisPlace(double load) const
    {
        const QRectF axes = view()->axes();
        const double low = 0.5 / 1.3, high = 2 * 1.3;
        return axes.left() + axes.width() * std::log(load / low) / std::log(high / low);
    }
    QColor colourAt(LoadPointIndex index) const { return view()->grab().toImage().pixelColor(view()->place(index).toPoint()); }
    QStringList lines() const
    {
        QStringList titles;
        const auto* list = control<QListWidget>("Load curves");
        for (int i = 0; i < list->count(); ++i)
            titles << list->item(i)->text();
        return titles;
    }
};

QTEST_MAIN(TestRecallLoads)
#include "tst_recallloads.moc"
