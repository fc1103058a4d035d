// SPDX-License-Identifier: GPL-3.0-or-later
// Small multiples as data and as files: shared axes, exact cells, text as text, one colour bar, records and table beside.
#include "core/text/Document.h"
#include "tests/widgets/FakeRun.h"
#include "tests/widgets/FigureReaders.h"
#include "widgets/recall/FigureFile.h"
#include "widgets/recall/RunExport.h"
#include "widgets/recall/TaskPresets.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace hayloft;
using namespace hayloft::test;

namespace {

using Runs = std::vector<std::shared_ptr<const RunRecord>>;

std::shared_ptr<const RunRecord> runOf(const RecallTask& task, RunRecord record)
{
    record.plan.task = task;
    return std::make_shared<const RunRecord>(std::move(record));
}

/// A passkey and two of RULER's; the last one over another grid.
Runs someRuns()
{
    return { runOf(passkeyTask(3), fakeRun({ 1000, 2000, 4000 }, { 0, 50, 100 }, 10)),
             runOf(rulerTask(RulerTask::NiahSingle1), fakeRun({ 1000, 2000, 4000 }, { 0, 50, 100 }, 10)),
             runOf(rulerTask(RulerTask::NiahMultiquery), fakeRun({ 2000, 8000 }, { 25, 50 }, 10)) };
}

RunExport exportOf(const Runs& runs)
{
    RunExport run;
    run.grid = heatmapGridOf(runs);
    run.options.size = gridFigureSize(runs.size());
    run.runs = runs;
    return run;
}

QString extracted(const QString& pdf)
{
    return QString::fromStdString(loadDocument(pdf.toStdString()).text).simplified();
}

} // namespace

class TestSmallMultiples : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void axesAreTheUnion()
    {
        const HeatmapGrid grid = heatmapGridOf(someRuns());
        QCOMPARE(grid.maps.size(), std::size_t(3));
        for (const HeatmapData& map : grid.maps) {
            QCOMPARE(map.lengths, (std::vector<std::int64_t> { 1000, 2000, 4000, 8000 }));
            QCOMPARE(map.depths, (std::vector<double> { 0, 25, 50, 100 }));
        }
        const auto measured = [&](std::size_t map) {
            return std::count_if(grid.maps[map].cells.begin(), grid.maps[map].cells.end(), [](const HeatmapCell& c) { return c.measured; });
        };
        QCOMPARE(measured(0), 9);
        QCOMPARE(measured(2), 4);
        QVERIFY(heatmapGridOf({}).maps.empty());
    }

    void titlesSayWhatDiffers()
    {
        HeatmapGrid grid = heatmapGridOf(someRuns());
        QCOMPARE(grid.maps[0].title, QStringLiteral("Passkey, 3 digits"));
        QCOMPARE(grid.maps[1].title, QStringLiteral("niah_single_1"));
        QCOMPARE(grid.title, QStringLiteral("3 runs · prefix keys · larimar-mini · seed 1"));
        QCOMPARE(hitsText(grid.maps[2], true), QStringLiteral("6/40"));
        QCOMPARE(hitsText(grid.maps[2], false), QStringLiteral("6/40 hits (15.0%)"));
        // The same task twice: the seed tells the two apart.
        const RecallTask task = passkeyTask(4);
        grid = heatmapGridOf({ runOf(task, fakeRun({ 1000 }, { 0 }, 10, 1)), runOf(task, fakeRun({ 1000 }, { 0 }, 10, 7)) });
        QCOMPARE(grid.maps[1].title, QStringLiteral("Passkey, 4 digits, seed 7"));
    }

    void captionComesFromTheRecords()
    {
        const QString caption = heatmapGridOf(someRuns()).caption;
        for (const char* wanted : { "3 runs", "larimar-mini (aaaaaaaaaaaa", "prefix keys (P = 4)", "Haystack: harbour.txt, 25,000 tokens.",
                                    "passkey, 3 digits", "RULER niah_single_1", "3 lengths x 3 depths", "2 lengths x 2 depths", "6/40 (", "Seed 1" })
            QVERIFY2(caption.contains(QLatin1String(wanted)), qPrintable(QLatin1String(wanted) + " not in: " + caption));
        QCOMPARE(caption.count("larimar-mini"), 1);
        QCOMPARE(caption.count("harbour.txt"), 1);
    }

    void svgCellsAreExactAndTextIsText()
    {
        QTemporaryDir dir;
        const RunExport run = exportOf(someRuns());
        QCOMPARE(writeExport(run, dir.filePath("g.svg")), QStringList { dir.filePath("g.svg") });
        const Svg svg = parseSvg(bytesOf(dir.filePath("g.svg")));
        QCOMPARE(svg.images, 0);
        for (std::size_t map = 0; map < run.grid->maps.size(); ++map)
            for (std::size_t i = 0; i < run.grid->maps[map].cells.size(); ++i) {
                const HeatmapCell& cell = run.grid->maps[map].cells[i];
                const QRectF want = gridCellRect(*run.grid, { int(map), { int(i / 4), int(i % 4) } }, run.options);
                QStringList found;
                for (const SvgRect& rect : svg.rects)
                    if (std::abs(rect.rect.x() - want.x()) < 0.01 && std::abs(rect.rect.y() - want.y()) < 0.01
                        && std::abs(rect.rect.width() - want.width()) < 0.01 && std::abs(rect.rect.height() - want.height()) < 0.01)
                        found << rect.fill;
                QCOMPARE(found, cell.measured ? QStringList { heatColour(cell.value, Palette::Cividis).name() } : QStringList {});
            }
        for (const char* wanted : { "Passkey, 3 digits", "niah_single_1", "niah_multiquery" })
            QVERIFY2(svg.texts.contains(QLatin1String(wanted)), wanted);
        QVERIFY(svg.texts.join(' ').contains("6/40"));
        QVERIFY(svg.texts.join(' ').contains("Blank: not measured."));
    }

    void axesStandAtTheOuterEdgesOnly()
    {
        QTemporaryDir dir;
        RunExport run = exportOf(someRuns());
        run.options.size = { 740, 650 };
        writeExport(run, dir.filePath("g.svg"));
        const QStringList texts = parseSvg(bytesOf(dir.filePath("g.svg"))).texts;
        // Two columns, two rows, the last place empty: depths on the left of both rows, lengths below both columns.
        QCOMPARE(texts.count("25"), 2 + 1); // the bar's 25 too
        QCOMPARE(texts.count("8k"), 2);
        for (const char* once : { "Context length (tokens)", "Needle depth (%)", "Recall (%)", "75" })
            QCOMPARE(texts.count(QLatin1String(once)), 1);
    }

    void cellsOfAllMapsHaveOneSizeAndDoNotMeet()
    {
        const RunExport run = exportOf(someRuns());
        const HeatmapGridPainter painter(*run.grid, gridFigureStyle(*run.grid, run.options), QRectF(QPointF(0, 0), QSizeF(run.options.size)));
        for (int a = 0; a < 3; ++a) {
            QVERIFY(QRectF(QPointF(0, 0), QSizeF(run.options.size)).contains(painter.mapRect(a)));
            QVERIFY(std::abs(painter.mapRect(a).width() - painter.mapRect(0).width()) < 1e-9);
            for (int b = 0; b < a; ++b)
                QVERIFY(!painter.mapRect(a).intersects(painter.mapRect(b)));
            const GridCell cell { a, { 2, 1 } };
            QCOMPARE(painter.cellAt(painter.cellRect(cell).center()), std::optional<GridCell>(cell));
        }
        QVERIFY(!painter.cellAt({ 1, 1 }));
    }

    void pdfHoldsNoImageAndItsTextCanBeExtracted()
    {
        QTemporaryDir dir;
        RunExport run = exportOf(someRuns());
        run.options.values = true;
        writeExport(run, dir.filePath("g.pdf"));
        QCOMPARE(imagesIn(bytesOf(dir.filePath("g.pdf"))), 0);
        QString text;
        try {
            text = extracted(dir.filePath("g.pdf"));
        } catch (const Error& error) {
            QSKIP(error.what());
        }
        for (const char* wanted : { "niah_multiquery", "Context length (tokens)", "8k", "3/10", "larimar-mini (aaaaaaaaaaaa" })
            QVERIFY2(text.contains(QLatin1String(wanted)), qPrintable(QLatin1String(wanted) + " not in: " + text));
    }

    void pngCellsAreExact()
    {
        QTemporaryDir dir;
        RunExport run = exportOf(someRuns());
        run.options.palette = Palette::Viridis;
        writeExport(run, dir.filePath("g.png"));
        const QImage image(dir.filePath("g.png"));
        QCOMPARE(image.size(), run.options.size * 2);
        for (std::size_t map = 0; map < 3; ++map)
            for (std::size_t i = 0; i < run.grid->maps[map].cells.size(); ++i) {
                const HeatmapCell& cell = run.grid->maps[map].cells[i];
                const QRectF rect = gridCellRect(*run.grid, { int(map), { int(i / 4), int(i % 4) } }, run.options);
                const QColor want = cell.measured ? heatColour(cell.value, Palette::Viridis) : QColor(Qt::white);
                for (const QPointF& point : { rect.center(), rect.topLeft() + QPointF(1, 1), rect.bottomRight() - QPointF(1, 1) })
                    QCOMPARE(image.pixelColor((point * 2).toPoint()), want);
            }
    }

    void tableHoldsAllRuns()
    {
        QTemporaryDir dir;
        writeExport(exportOf(someRuns()), dir.filePath("g.csv"));
        const QString csv = QString::fromUtf8(bytesOf(dir.filePath("g.csv")));
        QCOMPARE(csv.count("\r\n"), 1 + 9 + 9 + 4);
        QCOMPARE(csv.count("length_tokens"), 1);
        QCOMPARE(csv.count("RULER niah_multiquery"), 4);
    }

    void everyRunHasItsRecord()
    {
        QTemporaryDir dir;
        const Runs runs = someRuns();
        const QStringList names = writeExport(exportOf(runs), dir.filePath("g.json"));
        QCOMPARE(names, (QStringList { dir.filePath("g-1-passkey3.json"), dir.filePath("g-2-niah_single_1.json"), dir.filePath("g-3-niah_multiquery.json") }));
        for (std::size_t i = 0; i < runs.size(); ++i)
            QCOMPARE(toJson(loadRunRecord(names[qsizetype(i)].toStdString())), toJson(*runs[i]));
        QVERIFY_EXCEPTION_THROWN(writeExport(exportOf(runs), dir.filePath("g.json")), Error);
    }

    void allIsWrittenTogether()
    {
        QTemporaryDir dir;
        RunExport run = exportOf(someRuns());
        run.together = true;
        const QStringList names = writeExport(run, dir.filePath("all.pdf"));
        QCOMPARE(names.size(), 4 + 3);
        for (const QString& name : names)
            QVERIFY2(QFileInfo(name).size() > 0, qPrintable(name));
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files).size(), 7);
        // The dialog asked about all.pdf; nothing else may be overwritten, and nothing is written by halves.
        QVERIFY(QFile::remove(dir.filePath("all.png")));
        QVERIFY_EXCEPTION_THROWN(writeExport(run, dir.filePath("all.pdf")), Error);
        QVERIFY(!QFile::exists(dir.filePath("all.png")));
    }

    void anyNumberOfMapsPaints_data()
    {
        QTest::addColumn<int>("count");
        for (const int count : { 1, 2, 5, 8, 12, 40 })
            QTest::addRow("%d", count) << count;
    }

    void anyNumberOfMapsPaints()
    {
        QFETCH(int, count);
        Runs runs;
        for (int i = 0; i < count; ++i)
            runs.push_back(runOf(rulerTask(kRulerTasks[std::size_t(i) % 8]), fakeRun({ 1000, 64000 }, { 0, 100 }, 3, std::uint64_t(i + 1))));
        const RunExport run = exportOf(runs);
        for (const QSize& size : { run.options.size, QSize(100, 100), QSize(960, 600) }) {
            FigureOptions options = run.options;
            options.size = size;
            options.scale = 1;
            QCOMPARE(sheetImage(gridSheet(*run.grid, options), options).size(), size);
        }
    }
};

QTEST_MAIN(TestSmallMultiples)
#include "tst_smallmultiples.moc"
