// SPDX-License-Identifier: GPL-3.0-or-later
// Needles as a user plants, moves and removes them, and the files they come from.
#include "tests/workbench/WorkbenchBench.h"

#include <QAbstractSlider>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <sys/stat.h>

using namespace hayloft;

class TestWorkbenchNeedles : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void marginClickMovesTheNeedleAndUndoBringsItBack();
    void depthBoxAndShortcutsMoveTheNeedle();
    void passkeyIsPlantedAndFound();
    void removedNeedleIsNotFound();
    void needleDialogPlants();
    void needlePresetsPlant();
    void refusedNeedleLeavesNoTrace();
    void needleStaysAcrossDocuments();
    void answersOfAnEarlierMemoryAreTakenAway();
    void needleFileIsReadInTheBackground();
    void badNeedleFilesAreToldInOneLine_data();
    void badNeedleFilesAreToldInOneLine();
    void hugeShippedFileIsTold();

private:
    /// Chooses "Needle file" as the sweep's task and types a file's name.
    static void nameNeedleFile(WorkbenchBench& bench, const QString& path)
    {
        bench.find<QComboBox>(QStringLiteral("Task"))->setCurrentIndex(2);
        auto* name = bench.find<QLineEdit>(QStringLiteral("Needle file"));
        name->setFocus();
        name->selectAll();
        QTest::keyClicks(name, path);
        QTest::keyClick(name, Qt::Key_Return);
    }
};

void TestWorkbenchNeedles::marginClickMovesTheNeedleAndUndoBringsItBack()
{
    WorkbenchBench bench;
    bench.openStory(200);
    DocumentSession& document = bench.controller->document();
    const qint64 before = document.snapshot().tokenPosition;
    QSignalSpy changed(&document, &DocumentSession::needleChanged);
    auto* margin = bench.find<QAbstractSlider>(QStringLiteral("Needle depth"));
    QVERIFY(margin);
    QTest::mouseClick(margin, Qt::LeftButton, {}, QPoint(margin->width() / 2, margin->height() / 5));
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(document.snapshot().depthAchieved > 10 && document.snapshot().depthAchieved < 30);
    QVERIFY(document.snapshot().tokenPosition < before);
    const auto& text = *document.snapshot().document.text;
    QCOMPARE(QByteArray::fromStdString(text).count("San Francisco is eat"), 1);
    bench.askAndWait();
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
    QTest::keyClick(&bench.window(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(changed.size(), 2);
    QCOMPARE(document.snapshot().tokenPosition, before);
    QTest::keyClick(&bench.window(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(changed.size(), 3);
    QVERIFY(document.snapshot().tokenPosition < before);
}

void TestWorkbenchNeedles::depthBoxAndShortcutsMoveTheNeedle()
{
    WorkbenchBench bench;
    bench.openStory(100);
    DocumentSession& document = bench.controller->document();
    QSignalSpy changed(&document, &DocumentSession::needleChanged);
    auto* depth = bench.find<QDoubleSpinBox>(QStringLiteral("Depth"));
    QVERIFY(depth);
    QCOMPARE(depth->value(), 50.0);
    depth->setFocus();
    depth->selectAll();
    QTest::keyClicks(depth, QStringLiteral("80"));
    QTest::keyClick(depth, Qt::Key_Return);
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(document.needle()->depth, 80.0);
    QTest::keyClick(&bench.window(), Qt::Key_Up, Qt::AltModifier);
    QTRY_COMPARE(changed.size(), 2);
    QCOMPARE(document.needle()->depth, 75.0);
    QCOMPARE(depth->value(), 75.0);
    QTest::keyClick(&bench.window(), Qt::Key_Down, Qt::AltModifier);
    QTRY_COMPARE(changed.size(), 3);
    QCOMPARE(document.needle()->depth, 80.0);
}

void TestWorkbenchNeedles::passkeyIsPlantedAndFound()
{
    WorkbenchBench bench;
    bench.openStory(80);
    QSignalSpy changed(&bench.controller->document(), &DocumentSession::needleChanged);
    QTest::keyClick(&bench.window(), Qt::Key_2, Qt::ControlModifier);
    QTRY_COMPARE(changed.size(), 1);
    const NeedleState needle = *bench.controller->document().needle();
    QCOMPARE(needle.kind, TaskKind::Passkey);
    QCOMPARE(needle.expected.size(), std::size_t(5));
    QCOMPARE(bench.find<QLineEdit>(QStringLiteral("Query"))->text(), QString::fromStdString(needle.needle.prefix));
    bench.askAndWait();
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
    QVERIFY(bench.answerText().contains(QString::fromStdString(needle.expected)));
}

void TestWorkbenchNeedles::removedNeedleIsNotFound()
{
    WorkbenchBench bench;
    bench.openStory(40);
    QSignalSpy changed(&bench.controller->document(), &DocumentSession::needleChanged);
    bench.trigger(Command::RemoveNeedle);
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(!bench.controller->document().snapshot().needle);
    QVERIFY(bench.controller->document().snapshot().document.text->find("San Francisco") == std::string::npos);
    bench.window().queryPanel().setQuery(QStringLiteral("The best thing to do in San Francisco"), KeyKind::Prefix);
    bench.askAndWait();
    QVERIFY(bench.label(QStringLiteral("Verdict")) != QStringLiteral("Right"));
    QVERIFY(!bench.answerText().contains(QStringLiteral("sandwich")));
    QVERIFY(!bench.window().action(Command::RemoveNeedle)->isEnabled());
    bench.trigger(Command::Undo);
    QTRY_COMPARE(changed.size(), 2);
    QVERIFY(bench.controller->document().snapshot().needle);
}

void TestWorkbenchNeedles::needleDialogPlants()
{
    WorkbenchBench bench;
    bench.openStory(40);
    QSignalSpy changed(&bench.controller->document(), &DocumentSession::needleChanged);
    bench.trigger(Command::EditNeedle);
    auto* text = bench.find<QPlainTextEdit>(QStringLiteral("Needle text"));
    QVERIFY(text);
    QLineEdit* prefix = nullptr;
    for (auto* edit : text->window()->findChildren<QLineEdit*>()) {
        if (edit->accessibleName() == QLatin1String("Needle prefix"))
            prefix = edit;
    }
    QVERIFY(prefix);
    text->setFocus();
    text->selectAll();
    QTest::keyClicks(text, QStringLiteral("The harbour master hid the key under the third bollard."));
    prefix->selectAll();
    QTest::keyClicks(prefix, QStringLiteral("The harbour master hid"));
    for (QAbstractButton* button : text->window()->findChildren<QAbstractButton*>()) {
        if (button->text() == QLatin1String("Plant"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QTRY_COMPARE(changed.size(), 1);
    QCOMPARE(bench.find<QLineEdit>(QStringLiteral("Query"))->text(), QStringLiteral("The harbour master hid"));
    bench.askAndWait();
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
    QVERIFY(bench.answerText().contains(QStringLiteral("third bollard")));
}

void TestWorkbenchNeedles::needlePresetsPlant()
{
    WorkbenchBench bench;
    bench.openStory(30);
    QSignalSpy changed(&bench.controller->document(), &DocumentSession::needleChanged);
    bench.trigger(Command::NeedleOther);
    QTRY_COMPARE(changed.size(), 1);
    const std::string first = bench.controller->document().needle()->needle.text;
    QVERIFY(first != sanFranciscoNeedle().text);
    bench.askAndWait();
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
    bench.trigger(Command::NeedleOther);
    QTRY_COMPARE(changed.size(), 2);
    QVERIFY(bench.controller->document().needle()->needle.text != first);
    bench.trigger(Command::NeedleSanFrancisco);
    QTRY_COMPARE(changed.size(), 3);
    QCOMPARE(bench.controller->document().needle()->needle.text, sanFranciscoNeedle().text);
    QCOMPARE(bench.controller->undoStack().count(), 3);
    QVERIFY(bench.window().action(Command::Undo)->isEnabled());
    QVERIFY(bench.window().action(Command::Undo)->text().contains(QStringLiteral("planting")));
}

void TestWorkbenchNeedles::refusedNeedleLeavesNoTrace()
{
    WorkbenchBench bench;
    bench.openStory(30);
    NeedleState blank = needleState({" \n ", "p", "q"}, 20);
    bench.controller->changeNeedle(blank);
    QTRY_VERIFY(bench.window().messageBar().isVisible());
    QCOMPARE(bench.controller->document().needle()->needle.text, sanFranciscoNeedle().text);
    QVERIFY(!bench.controller->undoStack().canUndo());
    bench.askAndWait();
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
}

void TestWorkbenchNeedles::needleStaysAcrossDocuments()
{
    WorkbenchBench bench;
    bench.openStory(30);
    QSignalSpy written(&bench.controller->document(), &DocumentSession::written);
    bench.controller->openPaths({bench.writeFile(QStringLiteral("next.txt"), WorkbenchBench::story(50))});
    QTRY_COMPARE(written.size(), 1);
    QVERIFY(bench.controller->document().snapshot().needle.has_value());
    bench.askAndWait();
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
}

void TestWorkbenchNeedles::answersOfAnEarlierMemoryAreTakenAway()
{
    WorkbenchBench bench;
    bench.openStory(30);
    const auto shown = [&bench] { return bench.find<QWidget>(QStringLiteral("Answer"))->isVisible(); };
    bench.askAndWait();
    QVERIFY(shown());
    QSignalSpy changed(&bench.controller->document(), &DocumentSession::needleChanged);
    QTest::keyClick(&bench.window(), Qt::Key_Up, Qt::AltModifier);
    QTRY_COMPARE(changed.size(), 1);
    QVERIFY(!shown()); // its row numbers were those of the old place

    bench.askAndWait();
    QVERIFY(shown());
    QSignalSpy opened(&bench.controller->document(), &DocumentSession::shown);
    bench.controller->openPaths({bench.writeFile(QStringLiteral("next.txt"), WorkbenchBench::story(50))});
    QTRY_COMPARE(opened.size(), 1);
    QVERIFY(!shown());
}

void TestWorkbenchNeedles::needleFileIsReadInTheBackground()
{
    WorkbenchBench bench;
    bench.openStory(60);
    bench.window().recallPanel().setPlan(bench.smallPlan());
    nameNeedleFile(bench, bench.writeFile(QStringLiteral("needles.jsonl"),
                                          "{\"needle\":\"The lamp keeper kept nine bees.\",\"prefix\":\"The lamp keeper\",\"question\":\"What?\"}\n"
                                          "{\"needle\":\"The baker sold blue bread.\",\"prefix\":\"The baker sold\",\"question\":\"Which?\"}\n"));
    // Nothing is read before the window lives on.
    QCOMPARE(bench.label(QStringLiteral("Needle file status")), QStringLiteral("Reading…"));
    QTRY_COMPARE(bench.label(QStringLiteral("Needle file status")), QStringLiteral("2 needles"));
    QSignalSpy runs(&bench.controller->sweep(), &SweepSession::runAvailable);
    bench.click(QStringLiteral("Run sweep"));
    QTRY_COMPARE_WITH_TIMEOUT(runs.size(), 1, 60000);
    const RunView run = runs[0][0].value<RunView>();
    QCOMPARE(run.record->plan.task.needles.size(), std::size_t(2));
    for (const Cell& cell : run.record->result.cells)
        QCOMPARE(cell.hits, cell.trials);
}

void TestWorkbenchNeedles::badNeedleFilesAreToldInOneLine_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("told");
    QTest::newRow("missing") << "none.jsonl" << "does not exist";
    QTest::newRow("folder") << "folder" << "folder";
    QTest::newRow("pipe") << "pipe" << "pipe or device";
    QTest::newRow("terabyte") << "terabyte.jsonl" << "too large";
    QTest::newRow("no needle") << "empty.jsonl" << "no needle";
    QTest::newRow("broken line") << "broken.jsonl" << "line 2";
    QTest::newRow("deep nesting") << "deep.jsonl" << "line 1";
}

void TestWorkbenchNeedles::badNeedleFilesAreToldInOneLine()
{
    QFETCH(QString, name);
    QFETCH(QString, told);
    WorkbenchBench bench;
    const QString path = bench.folder.filePath(name);
    QVERIFY(QDir(bench.folder.path()).mkdir(QStringLiteral("folder")));
    QCOMPARE(mkfifo(bench.folder.filePath(QStringLiteral("pipe")).toUtf8().constData(), 0600), 0);
    bench.writeFile(QStringLiteral("empty.jsonl"), "\n \n");
    bench.writeFile(QStringLiteral("broken.jsonl"), "{\"needle\":\"A b c.\"}\n{\"needle\":");
    bench.writeFile(QStringLiteral("deep.jsonl"), QByteArray(1 << 20, '['));
    QVERIFY(QFile(bench.writeFile(QStringLiteral("terabyte.jsonl"), "{\"needle\":\"A b c.\"}\n")).resize(qint64(1) << 40)); // sparse
    nameNeedleFile(bench, path);
    QTRY_VERIFY(bench.label(QStringLiteral("Needle file status")).contains(QStringLiteral("⚠")));
    const QString status = bench.label(QStringLiteral("Needle file status"));
    QVERIFY2(status.contains(told) && status.contains(name) && !status.contains(QLatin1Char('\n')), qPrintable(status));
    QVERIFY(!bench.find<QPushButton>(QStringLiteral("Run sweep"))->isEnabled());
}

void TestWorkbenchNeedles::hugeShippedFileIsTold()
{
    QTemporaryDir data;
    QVERIFY(QDir(data.path()).mkdir(QStringLiteral("needles")));
    QFile file(data.filePath(QStringLiteral("needles/varied-needles.jsonl")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(qint64(1) << 40));
    file.close();
    qputenv("HAYLOFT_DATA", data.path().toUtf8());
    WorkbenchBench bench;
    qunsetenv("HAYLOFT_DATA");
    bench.openStory(20);
    QTest::keyClick(&bench.window(), Qt::Key_3, Qt::ControlModifier);
    QTRY_VERIFY(bench.window().messageBar().isVisible());
    QVERIFY2(bench.window().messageBar().text().contains(QStringLiteral("too large")), qPrintable(bench.window().messageBar().text()));
    // The dialog does without it.
    QTest::keyClick(&bench.window(), Qt::Key_N, Qt::ControlModifier);
    auto* presets = bench.find<QComboBox>(QStringLiteral("Needle preset"));
    QVERIFY(presets && presets->count() == 3);
}

QTEST_MAIN(TestWorkbenchNeedles)
#include "tst_workbenchneedles.moc"
