// SPDX-License-Identifier: GPL-3.0-or-later
// Exporting and copying the recall panel's figures, tables and records.
#include "core/text/Document.h"
#include "tests/widgets/RecallPanelFixture.h"
#include "widgets/recall/LengthPlot.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QContextMenuEvent>
#include <QDialogButtonBox>
#include <QFile>
#include <QFileDialog>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QToolButton>

using namespace hayloft;
using hayloft::test::fakeRun;

class TestRecallExport : public test::RecallPanelFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { showPanel(); }

    void everyFormatIsWritten()
    {
        QTemporaryDir dir;
        QVERIFY(!exportTo(dir.filePath("none.png")));
        m_panel->addRun({ "run", "", m_run });
        for (const char* name : { "r.png", "r.svg", "r.pdf", "r.csv", "r.json" })
            QVERIFY2(exportTo(dir.filePath(name)), name);
        QCOMPARE(m_written.size(), 5);
        QCOMPARE(m_written[0], dir.filePath("r.png"));
        QCOMPARE(QImage(dir.filePath("r.png")).size(), QSize(1920, 1200));
        QCOMPARE(toJson(loadRunRecord(dir.filePath("r.json").toStdString())), toJson(*m_run));
        QFile csv(dir.filePath("r.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(csv.readAll().toStdString(), toCsv(*m_run));
        for (const QString& bad : { dir.filePath("r.gif"), dir.filePath("none/r.png"), QStringLiteral("/proc/r.json") })
            QVERIFY(!exportTo(bad));
        QCOMPARE(m_written.size(), 5);
        QVERIFY(control<QLabel>("Sweep message")->text().contains("Not exported"));
    }

    void exportMenuAddsTheSuffix()
    {
        QTemporaryDir dir;
        m_panel->addRun({ "run", "", m_run });
        exportByMenu(2, dir.filePath("figure"));
        QTRY_COMPARE(m_written.size(), 1);
        QCOMPARE(m_written[0], dir.filePath("figure.svg"));
        QVERIFY(QFile::exists(dir.filePath("figure.svg")));
    }

    void differenceIsExportedAsATable()
    {
        QTemporaryDir dir;
        compareTheTwoRuns();
        exportByMenu(4, dir.filePath("difference"));
        QTRY_COMPARE(m_written.size(), 1);
        const QStringList lines = textOf(dir.filePath("difference.csv")).split("\r\n");
        QCOMPARE(lines.size(), 1 + 16 + 1);
        QCOMPARE(lines[0], QStringLiteral("length_tokens,depth_percent,recall_a,recall_b,difference,ci95_low,ci95_high,"
                                          "hits_a,trials_a,hits_b,trials_b,run_a,run_b"));
        const HeatmapCell& shown = map()->heatmap().cells[14];
        QCOMPARE(lines[15], QStringLiteral("8000,50,1,0.7,0.3,%1,%2,10,10,7,10,")
                                    .arg(shown.ci95.low, 0, 'g', 10).arg(shown.ci95.high, 0, 'g', 10)
                + QStringLiteral("\"%1, seed 4\",\"%1, seed 1\"").arg(runTitle(*m_run)));
        map()->setFocus();
        QTest::keyClick(map(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->mimeData()->text(), lines.join("\r\n"));
        // One run again: its own table.
        clickRun(0);
        QVERIFY(exportTo(dir.filePath("one.csv")));
        QCOMPARE(textOf(dir.filePath("one.csv")).toStdString(), toCsv(*m_other));
    }

    void differenceIsExportedAsBothRecords()
    {
        QTemporaryDir dir;
        compareTheTwoRuns();
        exportByMenu(5, dir.filePath("runs"));
        QTRY_COMPARE(m_written.size(), 2);
        QCOMPARE(toJson(loadRunRecord(dir.filePath("runs-A.json").toStdString())), toJson(*m_other));
        QCOMPARE(toJson(loadRunRecord(dir.filePath("runs-B.json").toStdString())), toJson(*m_run));
        QVERIFY(!QFile::exists(dir.filePath("runs.json")));
        // Nobody was asked about these two names: they are never overwritten.
        QVERIFY(!exportTo(dir.filePath("runs.json")));
        QCOMPARE(m_written.size(), 2);
        QVERIFY(control<QLabel>("Sweep message")->text().contains("choose another name"));
    }

    void copyButtonCopies()
    {
        QApplication::clipboard()->clear();
        m_panel->addRun({ "run", "", m_run });
        QTest::mouseClick(control<QToolButton>("Copy figure"), Qt::LeftButton);
        QVERIFY(QApplication::clipboard()->mimeData()->hasImage());
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

    void aCopyBringsItsPng()
    {
        m_panel->addRun({ "run", "", m_run });
        QTest::mouseClick(control<QToolButton>("Copy figure"), Qt::LeftButton);
        const QMimeData* mime = QApplication::clipboard()->mimeData();
        const QImage png = QImage::fromData(mime->data("image/png"), "PNG");
        QCOMPARE(png.convertToFormat(QImage::Format_RGB32), qvariant_cast<QImage>(mime->imageData()).convertToFormat(QImage::Format_RGB32));
    }

    void whatIsShownWhenAskedIsWritten()
    {
        // The sweep goes on, and another run is shown, before the file is written.
        QTemporaryDir dir;
        m_panel->disconnect(SIGNAL(exportRequested(hayloft::RunExport,QString)));
        QSignalSpy asked(m_panel.get(), &RecallPanel::exportRequested);
        m_panel->beginRun(m_run->plan);
        m_panel->addCell(m_run->result.cells[0]);
        m_panel->exportTo(dir.filePath("early.csv"));
        QCOMPARE(asked.size(), 1);
        m_panel->addCell(m_run->result.cells[1]);
        m_panel->addRun({ "run", "", m_other });
        writeExport(asked[0][0].value<RunExport>(), asked[0][1].toString());
        QCOMPARE(textOf(dir.filePath("early.csv")).count("\r\n"), 1 + 1);
    }

    void lengthsAreTheSameInEveryFormat()
    {
        QTemporaryDir dir;
        m_panel->addRun({ "run", "", m_run });
        control<QTabWidget>("Figures")->setCurrentIndex(1);
        for (const char* name : { "l.png", "l.pdf" })
            QVERIFY2(exportTo(dir.filePath(name)), name);
        const QImage image(dir.filePath("l.png"));
        QCOMPARE(image.size(), QSize(1920, 1200));
        QRect blue; // the curve and its bars
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                if (image.pixelColor(x, y) == QColor(0x00, 0x72, 0xB2))
                    blue |= QRect(x, y, 1, 1);
        QVERIFY(blue.width() > image.width() * 3 / 4 && blue.height() > image.height() / 2);
        QVERIFY(image.rect().adjusted(8, 8, -8, -8).contains(blue));
        QCOMPARE(image.pixelColor(3, 3), QColor(Qt::white));
        QString text;
        try {
            text = QString::fromStdString(loadDocument(dir.filePath("l.pdf").toStdString()).text);
        } catch (const Error& error) {
            QSKIP(error.what());
        }
        for (const char* wanted : { "8k", "Context length (tokens)" }) // text off the page is not found
            QVERIFY2(text.contains(wanted), qPrintable(text));
    }

    void lengthsHaveATabOfTheirOwn()
    {
        QTemporaryDir dir;
        m_panel->addRun({ "run", "", m_run });
        auto* tabs = control<QTabWidget>("Figures");
        QVERIFY(control<QComboBox>("Heatmap colours")->isEnabled());
        QTest::mouseClick(tabs->tabBar(), Qt::LeftButton, {}, tabs->tabBar()->tabRect(1).center());
        QVERIFY(!control<QComboBox>("Heatmap colours")->isEnabled() && !control<QCheckBox>("Values in cells")->isEnabled());
        QVERIFY(control<LengthPlot>("Recall by context length")->accessibleDescription().contains("1000 tokens, 12/40 hits"));
        QVERIFY(exportTo(dir.filePath("l.svg")));
        QFile svg(dir.filePath("l.svg"));
        QVERIFY(svg.open(QIODevice::ReadOnly));
        QVERIFY(!svg.readAll().contains("Needle depth"));
    }

private:
    static QString textOf(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    }
    /// Chooses a line of the heatmap's context menu (1 = PNG) and a name in the dialog that opens.
    void exportByMenu(int line, const QString& path) const
    {
        QContextMenuEvent rightClick(QContextMenuEvent::Mouse, cell(0, 0), map()->mapToGlobal(cell(0, 0)));
        QApplication::sendEvent(map(), &rightClick);
        auto* menu = control<QMenu>("Export menu");
        QTRY_VERIFY(menu->isVisible());
        for (int i = 0; i < line; ++i)
            QTest::keyClick(menu, Qt::Key_Down);
        QTest::keyClick(menu, Qt::Key_Return);
        QTRY_VERIFY(m_panel->findChild<QFileDialog*>());
        auto* dialog = m_panel->findChild<QFileDialog*>();
        QTRY_VERIFY(dialog->isVisible());
        auto* name = dialog->findChild<QLineEdit*>("fileNameEdit");
        name->setText(path); // typed letters would open the dialog's completer, which takes the click
        QTest::mouseClick(dialog->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save), Qt::LeftButton);
    }
    /// A is the upper line: the run with seed 4.
    void compareTheTwoRuns()
    {
        m_panel->addRun({ "first", "", m_run });
        m_panel->addRun({ "second", "", m_other });
        clickRun(1);
        clickRun(0, Qt::ControlModifier);
        QTest::mouseClick(control<QPushButton>("Compare two runs"), Qt::LeftButton);
        QVERIFY(map()->heatmap().difference);
    }
};

QTEST_MAIN(TestRecallExport)
#include "tst_recallexport.moc"
