// SPDX-License-Identifier: GPL-3.0-or-later
// The window as a user drives it: controls found by accessible name, mouse and keys.
#include "tests/workbench/WorkbenchBench.h"

#include <QAbstractSlider>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QDoubleSpinBox>
#include <QDropEvent>
#include <QLineEdit>
#include <QMimeData>
#include <QTextBrowser>

using namespace hayloft;

class TestWorkbench : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void firstClickOnAskFindsTheNeedle();
    void askBeforeWritingEndsIsAnsweredAfterIt();
    void thePublishedMemoryAnswersFromAllRows();
    void segmentsAndRowsAreLinked();
    void rowExperimentChangesTheText();
    void keySettingsWriteAnew();
    void slowMotionWritesOneByOne();
    void badFilesKeepTheDocument_data();
    void badFilesKeepTheDocument();
    void droppedFilesOpen();
    void pastedTextOpens();
    void recentFilesOpen();
    void themeSwitches();
    void helpAndAbout();
    void everyCommandHasHelp();
    void layoutIsRememberedAndReset();
    void cancelledWritingGoesOn();
};

void TestWorkbench::firstClickOnAskFindsTheNeedle()
{
    WorkbenchBench bench;
    QSignalSpy written(&bench.controller->document(), &DocumentSession::written);
    bench.controller->start({});
    QTRY_COMPARE_WITH_TIMEOUT(written.size(), 1, 60000);
    const Snapshot& snapshot = bench.controller->document().snapshot();
    QVERIFY(snapshot.complete);
    QVERIFY(snapshot.document.tokens > 10000);
    QVERIFY(snapshot.depthAchieved > 48 && snapshot.depthAchieved <= 50);
    bench.askAndWait();
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
    QVERIFY2(bench.answerText().contains(QStringLiteral("San Francisco")), qPrintable(bench.answerText()));
    QVERIFY(bench.label(QStringLiteral("Size of the document and memory")).contains(QLocale().toString(snapshot.document.tokens)));
}

void TestWorkbench::askBeforeWritingEndsIsAnsweredAfterIt()
{
    WorkbenchBench bench;
    *bench.slowness = 60;
    QSignalSpy shown(&bench.controller->document(), &DocumentSession::shown);
    QSignalSpy written(&bench.controller->document(), &DocumentSession::written);
    QSignalSpy answered(&bench.controller->document(), &DocumentSession::answered);
    bench.controller->start({{bench.writeFile(QStringLiteral("s.txt"), WorkbenchBench::story(300))}, needleState(sanFranciscoNeedle(), 90)});
    QTRY_COMPARE(shown.size(), 1);
    QVERIFY(written.isEmpty());
    bench.click(QStringLiteral("Ask"));
    QTRY_COMPARE_WITH_TIMEOUT(answered.size(), 1, 30000);
    QCOMPARE(written.size(), 1);
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
}

void TestWorkbench::thePublishedMemoryAnswersFromAllRows()
{
    WorkbenchBench bench;
    bench.openStory(10);
    QSignalSpy answered(&bench.controller->document(), &DocumentSession::answered);
    auto* memory = bench.find<QComboBox>(QStringLiteral("Key memory"));
    memory->setFocus();
    QTest::keyClicks(memory, QStringLiteral("pseudo"));
    QTest::keyClick(&bench.window(), Qt::Key_F5);
    QTRY_VERIFY(!answered.isEmpty());
    QTRY_VERIFY(bench.label(QStringLiteral("Row read")).contains(QStringLiteral("all rows together")));
    QTest::keyClick(memory, Qt::Key_Home); // and back to a row of its own for every segment
    QTest::keyClick(&bench.window(), Qt::Key_F5);
    QTRY_VERIFY(bench.label(QStringLiteral("Row read")).contains(QStringLiteral("Read row")));
}

void TestWorkbench::segmentsAndRowsAreLinked()
{
    WorkbenchBench bench;
    bench.openStory(40);
    MemoryPanel& memory = bench.window().memoryPanel();
    DocumentPanel& document = bench.window().documentPanel();
    const Snapshot snapshot = bench.controller->document().snapshot();
    QSignalSpy seen(&bench.controller->document(), &DocumentSession::rowSeen);
    // From the document to the memory.
    auto* text = bench.find<QWidget>(QStringLiteral("Document text"));
    QVERIFY(text);
    text->setFocus();
    const qint64 at = document.currentSegment();
    QTest::keyClick(text, Qt::Key_Down);
    QTRY_VERIFY(document.currentSegment() != at);
    const auto& segment = (*snapshot.document.segments)[std::size_t(document.currentSegment())];
    QCOMPARE(memory.currentRow(), segment.row);
    QTRY_VERIFY(!seen.isEmpty());
    const RowDetail detail = seen.last()[0].value<RowDetail>();
    QCOMPARE(detail.row, segment.row);
    QCOMPARE(detail.segmentTexts.size(), 1);
    QCOMPARE(detail.decoded, detail.segmentTexts[0]);
    QTRY_VERIFY(bench.label(QStringLiteral("Decoded text")).contains(QStringLiteral("Keeper number")));
    // From the memory to the document.
    auto* matrix = bench.find<QWidget>(QStringLiteral("Memory matrix"));
    QVERIFY(matrix);
    matrix->setFocus();
    QTest::keyClick(matrix, Qt::Key_Home);
    QTest::keyClick(matrix, Qt::Key_Down);
    QCOMPARE(memory.currentRow(), 1);
    QCOMPARE((*snapshot.document.segments)[std::size_t(document.currentSegment())].row, 1);
    // From the answer to both.
    bench.askAndWait();
    QCOMPARE(document.currentSegment(), snapshot.needleSegment);
    QCOMPARE(memory.currentRow(), (*snapshot.document.segments)[std::size_t(snapshot.needleSegment)].row);
}

void TestWorkbench::rowExperimentChangesTheText()
{
    WorkbenchBench bench;
    bench.openStory(30);
    bench.askAndWait();
    QTRY_VERIFY(bench.label(QStringLiteral("Decoded text")).contains(QStringLiteral("San Francisco")));
    auto* scale = bench.find<QDoubleSpinBox>(QStringLiteral("Scale"));
    QVERIFY(scale);
    QSignalSpy seen(&bench.controller->document(), &DocumentSession::rowSeen);
    scale->setFocus();
    scale->selectAll();
    QTest::keyClicks(scale, QStringLiteral("0"));
    QTest::keyClick(scale, Qt::Key_Return);
    QTRY_VERIFY(!seen.isEmpty());
    QTRY_VERIFY(!bench.label(QStringLiteral("Decoded text")).contains(QStringLiteral("San Francisco")));
    // The memory itself is as it was.
    bench.askAndWait();
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
}

void TestWorkbench::keySettingsWriteAnew()
{
    WorkbenchBench bench;
    bench.openStory(30);
    QSignalSpy written(&bench.controller->document(), &DocumentSession::written);
    QAbstractButton* whole = nullptr;
    for (auto* button : bench.window().queryPanel().findChildren<QAbstractButton*>()) {
        if (button->accessibleName() == QLatin1String("Whole keys"))
            whole = button;
    }
    QVERIFY(whole);
    QTest::mouseClick(whole, Qt::LeftButton, {}, QPoint(8, whole->height() / 2));
    QTRY_COMPARE(written.size(), 1);
    QCOMPARE(bench.controller->document().snapshot().memory.keys, KeyKind::Whole);
    QCOMPARE(bench.controller->settings().keys, QStringLiteral("whole"));
    bench.askAndWait();
}

void TestWorkbench::slowMotionWritesOneByOne()
{
    WorkbenchBench bench;
    bench.openStory(20);
    DocumentSession& document = bench.controller->document();
    document.setSlowMotionInterval(100000);
    const qint64 rows = document.snapshot().rows;
    QSignalSpy stepped(&document, &DocumentSession::slowStepped);
    bench.click(QStringLiteral("Slow motion"));
    QTRY_COMPARE(stepped.size(), 1);
    QVERIFY(bench.window().action(Command::SlowMotion)->isChecked());
    bench.click(QStringLiteral("Next step"));
    QTRY_COMPARE(stepped.size(), 2);
    const SlowStep step = stepped.last()[0].value<SlowStep>();
    QCOMPARE(step.step.segment, 1);
    QCOMPARE(step.step.row, 1);
    QCOMPARE(step.rows.totalRows, 2);
    QCOMPARE(step.step.equation, QStringLiteral("M[1] = z"));
    QVERIFY(bench.label(QStringLiteral("Row addressed")).contains(QLatin1Char('1')));
    // Asking writes the rest first.
    QSignalSpy written(&document, &DocumentSession::written);
    bench.askAndWait();
    QCOMPARE(written.size(), 1);
    QVERIFY(!document.isSlow());
    QVERIFY(!bench.window().action(Command::SlowMotion)->isChecked());
    QCOMPARE(document.snapshot().rows, rows);
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
    // It runs by itself to the end.
    document.setSlowMotionInterval(1);
    bench.trigger(Command::SlowMotion);
    QTRY_VERIFY_WITH_TIMEOUT(!document.isSlow() && document.snapshot().complete && written.size() == 2, 20000);
    QVERIFY(stepped.size() > 20);
}

void TestWorkbench::badFilesKeepTheDocument_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("missing") << "none.txt" << QByteArray();
    QTest::newRow("empty") << "empty.txt" << QByteArray("");
    QTest::newRow("binary") << "binary.txt" << QByteArray(2000, '\0') + QByteArray("\x01\x02\xff\xfe\x00", 5);
    QTest::newRow("no record") << "wrong.json" << QByteArray("{\"schema\": \"other\"}");
    QTest::newRow("broken json") << "broken.json" << QByteArray("{\"schema\": ");
}

void TestWorkbench::badFilesKeepTheDocument()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    WorkbenchBench bench;
    bench.openStory(20);
    const auto text = bench.controller->document().snapshot().document.text;
    const QString path = bytes.isNull() ? bench.folder.filePath(name) : bench.writeFile(name, bytes);
    QVERIFY(!bench.window().messageBar().isVisible());
    bench.controller->openPaths({path});
    QTRY_VERIFY(bench.window().messageBar().isVisible());
    QVERIFY2(bench.window().messageBar().text().contains(name.section(QLatin1Char('.'), 0, 0)), qPrintable(bench.window().messageBar().text()));
    QCOMPARE(bench.controller->document().snapshot().document.text, text);
    bench.askAndWait();
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
    bench.click(QStringLiteral("Copy message"));
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("Hayloft")));
    bench.click(QStringLiteral("Close message"));
    QVERIFY(!bench.window().messageBar().isVisible());
}

void TestWorkbench::droppedFilesOpen()
{
    WorkbenchBench bench;
    bench.openStory(20);
    QSignalSpy written(&bench.controller->document(), &DocumentSession::written);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(bench.writeFile(QStringLiteral("other.txt"), "An entirely different text. It has two sentences."))});
    QDragEnterEvent enter(QPoint(100, 100), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&bench.window(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(100, 100), Qt::CopyAction, &data, Qt::LeftButton, {});
    QCoreApplication::sendEvent(&bench.window(), &drop);
    QTRY_COMPARE(written.size(), 1);
    QVERIFY(bench.controller->document().snapshot().document.text->find("entirely different") != std::string::npos);
    QVERIFY(bench.window().windowTitle().contains(QStringLiteral("other.txt")));
    // The same through the document panel, which accepts drops itself.
    Q_EMIT bench.window().documentPanel().filesDropped({bench.folder.filePath(QStringLiteral("story.txt"))});
    QTRY_COMPARE(written.size(), 2);
    QVERIFY(bench.window().windowTitle().contains(QStringLiteral("story.txt")));
}

void TestWorkbench::pastedTextOpens()
{
    WorkbenchBench bench;
    bench.openStory(20);
    QSignalSpy written(&bench.controller->document(), &DocumentSession::written);
    QGuiApplication::clipboard()->setText(QStringLiteral("Pasted words stand here. 그리고 한국어도 있다."));
    bench.trigger(Command::Paste);
    QTRY_COMPARE(written.size(), 1);
    QVERIFY(bench.controller->document().snapshot().document.text->find("한국어") != std::string::npos);
    QGuiApplication::clipboard()->setText(QStringLiteral("  "));
    bench.trigger(Command::Paste);
    QTRY_VERIFY(bench.window().messageBar().isVisible());
    QCOMPARE(written.size(), 1);
}

void TestWorkbench::recentFilesOpen()
{
    WorkbenchBench bench;
    bench.openStory(20);
    const QString path = bench.folder.filePath(QStringLiteral("story.txt"));
    QCOMPARE(bench.controller->settings().recentFiles, QStringList{path});
    QSignalSpy written(&bench.controller->document(), &DocumentSession::written);
    QAction* recent = nullptr;
    for (QAction* action : bench.window().findChildren<QAction*>()) {
        if (action->toolTip() == path)
            recent = action;
    }
    QVERIFY(recent);
    recent->trigger();
    QTRY_COMPARE(written.size(), 1);
    bench.trigger(Command::ClearRecent);
    QVERIFY(bench.controller->settings().recentFiles.isEmpty());
}

void TestWorkbench::themeSwitches()
{
    WorkbenchBench bench;
    bench.trigger(Command::ThemeLight);
    QVERIFY(QGuiApplication::palette().color(QPalette::Window).lightness() > 180);
    const QImage light = bench.window().action(Command::Open)->icon().pixmap(32).toImage();
    QTest::keyClick(&bench.window(), Qt::Key_T, Qt::ControlModifier);
    QVERIFY(QGuiApplication::palette().color(QPalette::Window).lightness() < 80);
    QVERIFY(bench.window().action(Command::ThemeDark)->isChecked());
    QVERIFY(bench.window().action(Command::Open)->icon().pixmap(32).toImage() != light);
    bench.trigger(Command::ThemeSystem);
    QCOMPARE(bench.controller->settings().theme, ThemeChoice::System);
}

void TestWorkbench::helpAndAbout()
{
    WorkbenchBench bench;
    bench.openStory(10);
    QTest::keyClick(&bench.window(), Qt::Key_F1);
    auto* shortcuts = bench.find<QTextBrowser>(QStringLiteral("Keyboard shortcuts"));
    QVERIFY(shortcuts && shortcuts->isVisible());
    QVERIFY(shortcuts->toPlainText().contains(bench.window().action(Command::Run)->shortcut().toString(QKeySequence::NativeText)));
    bench.trigger(Command::ModelCard);
    QVERIFY(bench.find<QTextBrowser>(QStringLiteral("Model card")));
    bench.trigger(Command::About);
    auto* about = bench.find<QTextBrowser>(QStringLiteral("About Hayloft"));
    QVERIFY(about);
    for (auto* button : about->window()->findChildren<QAbstractButton*>()) {
        if (button->accessibleName() == QLatin1String("Copy text"))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("Qt 6")));
    QVERIFY(QGuiApplication::clipboard()->text().contains(QString::fromStdString(bench.controller->document().model()->name)));
}

void TestWorkbench::everyCommandHasHelp()
{
    WorkbenchBench bench;
    QSet<QString> keys;
    for (int i = 0; i <= int(Command::AboutQt); ++i) {
        QAction* action = bench.window().action(Command(i));
        QVERIFY2(action, qPrintable(QString::number(i)));
        QVERIFY2(!action->statusTip().isEmpty(), qPrintable(action->text()));
        if (!action->shortcut().isEmpty()) {
            QVERIFY2(!keys.contains(action->shortcut().toString()), qPrintable(action->text()));
            keys << action->shortcut().toString();
        }
    }
    // Nothing a user can reach is without a name.
    for (QWidget* widget : bench.window().findChildren<QWidget*>()) {
        const bool control = qobject_cast<QAbstractButton*>(widget) || qobject_cast<QLineEdit*>(widget) || qobject_cast<QAbstractSpinBox*>(widget)
            || qobject_cast<QAbstractSlider*>(widget);
        const bool part = widget->objectName().startsWith(QLatin1String("qt_")) || qobject_cast<QAbstractSpinBox*>(widget->parentWidget())
            || widget->inherits("QScrollBar") || widget->inherits("QDockWidgetTitleButton") || widget->inherits("QToolBarExtension");
        if (control && !part && widget->focusPolicy() != Qt::NoFocus) {
            auto* button = qobject_cast<QAbstractButton*>(widget);
            QVERIFY2(!widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
                     qPrintable(QLatin1String(widget->metaObject()->className()) + QLatin1Char(' ') + widget->objectName() + QLatin1Char(' ') + widget->toolTip()));
        }
    }
}

void TestWorkbench::layoutIsRememberedAndReset()
{
    WorkbenchBench bench;
    QVERIFY(bench.window().dock(QStringLiteral("query"))->isVisible());
    bench.window().dock(QStringLiteral("query"))->toggleViewAction()->trigger();
    QVERIFY(!bench.window().dock(QStringLiteral("query"))->isVisible());
    bench.trigger(Command::ThemeDark);
    bench.window().close();
    bench.close();
    bench.make();
    QVERIFY(!bench.window().dock(QStringLiteral("query"))->isVisible());
    QVERIFY(bench.window().dock(QStringLiteral("document"))->isVisible());
    QCOMPARE(bench.controller->settings().theme, ThemeChoice::Dark);
    bench.window().dock(QStringLiteral("memory"))->setFloating(true);
    QTest::keyClick(&bench.window(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(bench.window().dock(QStringLiteral("query"))->isVisible());
    QVERIFY(!bench.window().dock(QStringLiteral("memory"))->isFloating());
    // A broken layout leaves the default one.
    bench.window().restoreLayout(QByteArray("nonsense"));
    for (const char* name : {"document", "memory", "query", "recall"})
        QVERIFY(bench.window().dock(QLatin1String(name))->isVisible());
}

void TestWorkbench::cancelledWritingGoesOn()
{
    WorkbenchBench bench;
    *bench.slowness = 80;
    DocumentSession& document = bench.controller->document();
    QSignalSpy shown(&document, &DocumentSession::shown);
    QSignalSpy rows(&document, &DocumentSession::rowsWritten);
    bench.controller->start({{bench.writeFile(QStringLiteral("long.txt"), WorkbenchBench::story(600))}, needleState(sanFranciscoNeedle(), 95)});
    QTRY_VERIFY_WITH_TIMEOUT(!rows.isEmpty(), 20000);
    bench.trigger(Command::CancelWork);
    QTRY_VERIFY(!document.isWorking());
    QVERIFY(!document.snapshot().complete);
    *bench.slowness = 0;
    bench.askAndWait(); // writes the rest first
    QVERIFY(document.snapshot().complete);
    QCOMPARE(bench.label(QStringLiteral("Verdict")), QStringLiteral("Right"));
}

QTEST_MAIN(TestWorkbench)
#include "tst_workbench.moc"
