// SPDX-License-Identifier: GPL-3.0-or-later
// The memory settings behind "More…" in the window: opened by button and shortcut, used by queries and sweeps, remembered.
#include "core/recall/DocumentMemory.h"
#include "core/recall/SweepRunner.h"
#include "tests/workbench/WorkbenchBench.h"
#include "widgets/query/MemoryDetails.h"

#include <QAbstractSpinBox>
#include <QComboBox>
#include <QDockWidget>
#include <QMenuBar>
#include <QRadioButton>

using namespace hayloft;

class TestWorkbenchDetails : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void openByButtonShortcutAndMenu();
    void theQueryReadsAsTheCommandLineDoes();
    void theSweepIsTheCommandLines();
    void theModelsPriorIsAChoice();
    void theyAreRemembered();

private:
    /// `scope` is "" for the query panel, "Sweep: " for the recall panel.
    static MemoryDetails* details(WorkbenchBench& bench, const QString& scope) { return bench.find<MemoryDetails>(scope + QStringLiteral("More memory settings")); }
    static void type(WorkbenchBench& bench, const QString& name, const QString& text)
    {
        auto* box = bench.find<QAbstractSpinBox>(name);
        QVERIFY2(box && box->isEnabled(), qPrintable(name));
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, text);
        QTest::keyClick(box, Qt::Key_Return);
    }
    static void choosePublished(WorkbenchBench& bench, const QString& scope)
    {
        auto* kind = bench.find<QComboBox>(scope + QStringLiteral("Key memory"));
        kind->setFocus();
        QTest::keyClick(kind, Qt::Key_End);
        QCOMPARE(kind->currentText(), QStringLiteral("pseudo-inverse"));
    }
    /// --newton 15 --newton-scale 1e-6 --reads 2: the toy model's latents are too long for the published scale.
    static void chooseNewton(WorkbenchBench& bench, const QString& scope)
    {
        choosePublished(bench, scope);
        bench.click(scope + QStringLiteral("More"));
        QVERIFY(details(bench, scope)->isVisible());
        auto* newton = bench.find<QRadioButton>(scope + QStringLiteral("Newton inverses"));
        QTest::mouseClick(newton, Qt::LeftButton, {}, QPoint(8, newton->height() / 2));
        type(bench, scope + QStringLiteral("Newton scale"), QStringLiteral("1e-6"));
        type(bench, scope + QStringLiteral("Reads"), QStringLiteral("2"));
        QTest::keyClick(details(bench, scope), Qt::Key_Escape);
        QVERIFY(!details(bench, scope)->isVisible());
    }
    /// What hayloft-cli makes of --addressing pseudo-inverse and these.
    static MemorySettings commandLines()
    {
        MemorySettings memory;
        memory.addressing = Addressing::PseudoInverse;
        memory.keyMemory = KeyMemoryKind::Fixed;
        memory.rows = kPublishedRows;
        memory.inverse = InverseMode::Newton;
        memory.newton = {15, 1e-6};
        memory.reads = 2;
        return memory;
    }
};

void TestWorkbenchDetails::openByButtonShortcutAndMenu()
{
    WorkbenchBench bench;
    for (const auto& [scope, modifiers, command, dock] :
         {std::tuple{QString(), Qt::KeyboardModifiers(Qt::ControlModifier), Command::MemoryDetails, "query"},
          std::tuple{QStringLiteral("Sweep: "), Qt::ControlModifier | Qt::ShiftModifier, Command::SweepDetails, "recall"}}) {
        bench.click(scope + QStringLiteral("More"));
        QVERIFY(details(bench, scope)->isVisible());
        QTest::keyClick(details(bench, scope), Qt::Key_Escape);
        QVERIFY(!details(bench, scope)->isVisible());
        bench.window().dock(QLatin1String(dock))->hide();
        QTest::keyClick(&bench.window(), Qt::Key_D, modifiers);
        QVERIFY(bench.window().dock(QLatin1String(dock))->isVisible());
        QVERIFY(details(bench, scope)->isVisible());
        const QRect place = details(bench, scope)->geometry(), screen = bench.window().screen()->availableGeometry();
        QVERIFY2(screen.contains(place), qPrintable(QStringLiteral("%1,%2 %3x%4 on %5x%6").arg(place.x()).arg(place.y()).arg(place.width()).arg(place.height()).arg(screen.width()).arg(screen.height())));
        QTest::keyClick(details(bench, scope), Qt::Key_Escape);
        // The button tells the shortcut, and the page of shortcuts lists it.
        const QString keys = bench.window().action(command)->shortcut().toString(QKeySequence::NativeText);
        QVERIFY(bench.find<QAbstractButton>(scope + QStringLiteral("More"))->toolTip().contains(QStringLiteral("(%1)").arg(keys)));
        QVERIFY(bench.window().commands().shortcutsHtml().contains(keys));
        bool listed = false;
        for (const QAction* menu : bench.window().menuBar()->actions())
            listed = listed || menu->menu()->actions().contains(bench.window().action(command));
        QVERIFY(listed);
    }
}

void TestWorkbenchDetails::theQueryReadsAsTheCommandLineDoes()
{
    WorkbenchBench bench;
    bench.openStory(40);
    QSignalSpy written(&bench.controller->document(), &DocumentSession::written);
    chooseNewton(bench, QString());
    QTRY_VERIFY_WITH_TIMEOUT(bench.controller->document().snapshot().complete && !written.isEmpty(), 60000);
    QTRY_COMPARE_WITH_TIMEOUT(bench.controller->document().snapshot().memory.reads, 2, 60000);
    QTRY_VERIFY_WITH_TIMEOUT(bench.controller->document().snapshot().complete, 60000);
    QSignalSpy answered(&bench.controller->document(), &DocumentSession::answered);
    bench.click(QStringLiteral("Ask"));
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 60000);
    const AnswerView answer = answered[0][0].value<AnswerView>();
    const auto wantedOf = [&](const MemorySettings& settings) {
        const ToyModel model;
        DocumentMemory memory(model, WorkbenchBench::story(40).toStdString(), {SegmenterKind::Sentence, model.info().maxTokens}, settings);
        memory.segment();
        memory.plant(sanFranciscoNeedle().text, 50);
        memory.write();
        return memory.ask(sanFranciscoNeedle().prefix);
    };
    const Answer wanted = wantedOf(commandLines());
    QString said;
    for (const AnswerToken& token : answer.answers.front().tokens)
        said += token.text;
    QCOMPARE(said, QString::fromStdString(wanted.first().text));
    QCOMPARE(answer.answers.front().distance, double(wanted.first().distance));
    MemorySettings once = commandLines();
    once.reads = 1;
    QVERIFY(wantedOf(once).first().distance != wanted.first().distance); // what was set can be seen
}

void TestWorkbenchDetails::theSweepIsTheCommandLines()
{
    WorkbenchBench bench;
    bench.openStory(60);
    bench.window().recallPanel().setPlan(bench.smallPlan());
    chooseNewton(bench, QStringLiteral("Sweep: "));
    QCOMPARE(bench.label(QStringLiteral("Sweep: Unusual memory settings")), QStringLiteral("Newton 15 from 1e-6, 2 reads"));
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.click(QStringLiteral("Run sweep"));
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 120000);
    const auto record = runs[0][0].value<RunView>().record;
    SweepPlan plan = bench.smallPlan();
    plan.memory = commandLines();
    plan.reading.byQuestion = readsByQuestion(plan.task, plan.memory);
    const SweepResult wanted = runSweep(plan, documentFromText(WorkbenchBench::story(60).toStdString(), "story.txt"), ToyModel());
    QCOMPARE(record->result.rows, wanted.rows);
    QCOMPARE(record->result.cells.size(), wanted.cells.size());
    for (std::size_t i = 0; i < wanted.cells.size(); ++i)
        for (std::size_t j = 0; j < wanted.cells[i].samples.size(); ++j) {
            QCOMPARE(record->result.cells[i].samples[j].answer, wanted.cells[i].samples[j].answer);
            QCOMPARE(record->result.cells[i].samples[j].keyDistance, wanted.cells[i].samples[j].keyDistance);
        }
    const std::string caption = captionOf(*record);
    QVERIFY2(caption.find("drawn rows, 15 Newton steps from 1e-06, 2 reads)") != std::string::npos, caption.c_str());
}

void TestWorkbenchDetails::theModelsPriorIsAChoice()
{
    const QString name = QStringLiteral("Rows of the learned prior");
    {
        WorkbenchBench bench;
        bench.openStory(20);
        choosePublished(bench, QString());
        QVERIFY(!bench.find<QRadioButton>(name)->isEnabled());
        QVERIFY(bench.find<QRadioButton>(name)->toolTip().contains(QStringLiteral("no learned prior")));
    }
    std::vector<TokenIds> texts;
    const ToyModel model;
    for (int i = 0; i < 24; ++i)
        texts.push_back(model.tokenizer().encode("learned row number " + std::to_string(i * 37)));
    WorkbenchBench bench(model.encode(texts));
    bench.openStory(20);
    bench.window().recallPanel().setPlan(bench.smallPlan());
    const QString scope = QStringLiteral("Sweep: ");
    choosePublished(bench, scope);
    bench.click(scope + QStringLiteral("More"));
    auto* prior = bench.find<QRadioButton>(scope + name);
    QVERIFY(prior->isEnabled());
    QTest::mouseClick(prior, Qt::LeftButton, {}, QPoint(8, prior->height() / 2));
    QTest::keyClick(details(bench, scope), Qt::Key_Escape);
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.click(QStringLiteral("Run sweep"));
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 120000);
    const auto record = runs[0][0].value<RunView>().record;
    QCOMPARE(record->plan.memory.keyMemory, KeyMemoryKind::Prior);
    QCOMPARE(record->plan.memory.rows, Index(24));
    QCOMPARE(record->result.rows, Index(24));
}

void TestWorkbenchDetails::theyAreRemembered()
{
    WorkbenchBench bench;
    chooseNewton(bench, QString());
    QVERIFY(bench.window().close());
    bench.close();
    bench.make();
    const MemorySettings back = bench.window().queryPanel().settings();
    QCOMPARE(back.addressing, Addressing::PseudoInverse);
    QCOMPARE(back.inverse, InverseMode::Newton);
    QCOMPARE(back.newton.scale, 1e-6);
    QCOMPARE(back.reads, 2);
    QCOMPARE(bench.label(QStringLiteral("Unusual memory settings")), QStringLiteral("Newton 15 from 1e-6, 2 reads"));
}

QTEST_MAIN(TestWorkbenchDetails)
#include "tst_workbenchdetails.moc"
