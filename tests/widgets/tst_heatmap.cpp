// SPDX-License-Identifier: GPL-3.0-or-later
// Heatmap data, colours and figures: exact cells, no image in the PDF, text as text, errors.
#include "core/text/Document.h"
#include "tests/widgets/FakeRun.h"
#include "tests/widgets/FigureReaders.h"
#include "widgets/Heatmap.h"
#include "widgets/recall/HeatmapPainter.h"
#include "widgets/recall/LengthPlot.h"
#include "widgets/recall/RunExport.h"

#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>

using namespace hayloft;
using namespace hayloft::test;

namespace {

HeatmapData sample()
{
    RunRecord run = fakeRun({ 1000, 2000, 4000, 8000 }, { 0, 25, 50, 100 }, 10);
    run.result.cells.erase(run.result.cells.begin() + 5); // (2000, 25) is not measured
    return heatmapOf(run);
}

const HeatmapCell& at(const HeatmapData& heatmap, std::size_t x, std::size_t y) { return heatmap.cells[x * heatmap.depths.size() + y]; }

} // namespace

class TestHeatmap : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gridOfARecord()
    {
        const HeatmapData heatmap = sample();
        QCOMPARE(heatmap.lengths, (std::vector<std::int64_t> { 1000, 2000, 4000, 8000 }));
        QCOMPARE(heatmap.depths, (std::vector<double> { 0, 25, 50, 100 }));
        QCOMPARE(heatmap.cells.size(), std::size_t(16));
        QCOMPARE(at(heatmap, 3, 2).hits, 7);
        QCOMPARE(at(heatmap, 3, 2).value, 0.7);
        QCOMPARE(at(heatmap, 3, 2).trials, 10);
        QCOMPARE(at(heatmap, 3, 2).lengthAchieved, 7997.0);
        QVERIFY(!at(heatmap, 1, 1).measured);
        QVERIFY(heatmap.title.contains("4 digits") && heatmap.title.contains("prefix keys") && heatmap.title.contains("larimar-mini"));
        QVERIFY(!heatmap.caption.isEmpty());
    }

    void emptyGridAndLiveCells()
    {
        const RunRecord run = fakeRun({ 500, 900 }, { 0, 100 }, 5);
        HeatmapData heatmap = emptyHeatmap(run.plan);
        for (const HeatmapCell& cell : heatmap.cells)
            QVERIFY(!cell.measured);
        QVERIFY(setCell(heatmap, run.result.cells[2]));
        QVERIFY(at(heatmap, 1, 0).measured);
        Cell stranger = run.result.cells[0];
        stranger.depthPercent = 33;
        QVERIFY(!setCell(heatmap, stranger));
    }

    void differenceOfRuns()
    {
        RunRecord a = fakeRun({ 1000, 2000 }, { 0, 50 }, 10, 1), b = fakeRun({ 2000, 4000 }, { 0, 50 }, 10, 1);
        a.result.cells[2].hits = 9, a.result.cells[2].recall = 0.9, a.result.cells[2].ci95 = wilson(9, 10);
        b.result.cells[0].hits = 4, b.result.cells[0].recall = 0.4, b.result.cells[0].ci95 = wilson(4, 10);
        const HeatmapData difference = differenceOf(a, b);
        QVERIFY(difference.difference);
        QCOMPARE(difference.lengths, (std::vector<std::int64_t> { 2000 }));
        const HeatmapCell& cell = at(difference, 0, 0);
        QVERIFY(std::abs(cell.value - 0.5) < 1e-12);
        QCOMPARE(cell.otherHits, 4);
        // Newcombe 1998, method 10, by hand: Wilson 9/10 = [.5958, .9821], 4/10 = [.1682, .6873].
        QVERIFY(std::abs(cell.ci95.low - (0.5 - std::hypot(0.9 - 0.5958, 0.6873 - 0.4))) < 2e-4);
        QVERIFY(std::abs(cell.ci95.high - (0.5 + std::hypot(0.9821 - 0.9, 0.4 - 0.1682))) < 2e-4);
        QVERIFY_EXCEPTION_THROWN(differenceOf(a, fakeRun({ 7000 }, { 0 }, 10)), Error);
    }

    void differenceTitleNamesBoth()
    {
        RunRecord a = fakeRun({ 1000 }, { 0 }, 5), b = fakeRun({ 1000 }, { 0 }, 5);
        b.plan.memory.keys = KeyKind::Whole;
        QCOMPARE(differenceOf(a, b).title, QStringLiteral("Passkey, 4 digits · larimar-mini · prefix keys (A) − whole keys (B)"));
        b = fakeRun({ 1000 }, { 0 }, 5, 7);
        QVERIFY(differenceOf(a, b).title.contains("seed 1 (A) − seed 7 (B)"));
    }

    void publishedColours()
    {
        QCOMPARE(heatColour(0, Palette::Cividis), QColor(0x00, 0x22, 0x4E));
        QCOMPARE(heatColour(1, Palette::Cividis), QColor(0xFE, 0xE8, 0x38));
        QCOMPARE(heatColour(0, Palette::Viridis), QColor(0x44, 0x01, 0x54));
        QCOMPARE(heatColour(1, Palette::Viridis), QColor(0xFD, 0xE7, 0x25));
        QCOMPARE(heatColour(0, Palette::RedAmberGreen), QColor(0xF0, 0x49, 0x6E));
        QCOMPARE(heatColour(0.5, Palette::RedAmberGreen), QColor(0xEB, 0xB8, 0x39));
        QCOMPARE(heatColour(1, Palette::RedAmberGreen), QColor(0x0C, 0xD7, 0x9F));
        QVERIFY(heatColour(-1, Palette::Cividis, true).blue() > heatColour(-1, Palette::Cividis, true).red());
        QVERIFY(heatColour(1, Palette::Cividis, true).red() > heatColour(1, Palette::Cividis, true).blue());
    }

    void svgCellsAreExact_data()
    {
        QTest::addColumn<int>("palette");
        QTest::newRow("cividis") << int(Palette::Cividis);
        QTest::newRow("viridis") << int(Palette::Viridis);
        QTest::newRow("classic") << int(Palette::RedAmberGreen);
    }

    void svgCellsAreExact()
    {
        QFETCH(int, palette);
        QTemporaryDir dir;
        const HeatmapData heatmap = sample();
        FigureOptions options;
        options.palette = Palette(palette);
        saveFigure(heatmap, dir.filePath("f.svg"), options);
        const Svg svg = parseSvg(bytesOf(dir.filePath("f.svg")));
        QCOMPARE(svg.images, 0);
        for (std::size_t x = 0; x < heatmap.lengths.size(); ++x)
            for (std::size_t y = 0; y < heatmap.depths.size(); ++y) {
                const QRectF want = figureCellRect(heatmap, x, y, options);
                QStringList found;
                for (const SvgRect& rect : svg.rects)
                    if (std::abs(rect.rect.x() - want.x()) < 0.01 && std::abs(rect.rect.y() - want.y()) < 0.01
                        && std::abs(rect.rect.width() - want.width()) < 0.01 && std::abs(rect.rect.height() - want.height()) < 0.01)
                        found << rect.fill;
                const HeatmapCell& cell = at(heatmap, x, y);
                QCOMPARE(found, cell.measured ? QStringList { heatColour(cell.value, options.palette).name() } : QStringList {});
            }
    }

    void cellsAreOfEqualSizeAndDepthZeroIsOnTop()
    {
        const HeatmapData heatmap = sample();
        const QRectF first = figureCellRect(heatmap, 0, 0), last = figureCellRect(heatmap, 3, 3);
        QVERIFY(std::abs(first.width() - last.width()) < 1e-9 && std::abs(first.height() - last.height()) < 1e-9);
        QVERIFY(first.top() < last.top() && first.left() < last.left());
        QVERIFY(QRectF(0, 0, 960, 600).contains(last));
    }

    void svgTextIsText()
    {
        QTemporaryDir dir;
        FigureOptions options;
        options.values = true;
        const HeatmapData heatmap = sample();
        saveFigure(heatmap, dir.filePath("f.svg"), options);
        const QStringList texts = parseSvg(bytesOf(dir.filePath("f.svg"))).texts;
        QVERIFY(texts.contains(heatmap.title));
        for (const char* wanted : { "Context length (tokens)", "Needle depth (%)", "Recall (%)", "1k", "8k", "25", "7/10", "100" })
            QVERIFY2(texts.contains(QString::fromLatin1(wanted)), wanted);
        QVERIFY(texts.join(' ').contains("Blank: not measured."));
        options.values = options.caption = false;
        saveFigure(heatmap, dir.filePath("g.svg"), options);
        const QStringList plain = parseSvg(bytesOf(dir.filePath("g.svg"))).texts;
        QVERIFY(!plain.contains("7/10") && !plain.join(' ').contains("Blank"));
    }

    void pngCellsAreExact()
    {
        QTemporaryDir dir;
        const HeatmapData heatmap = sample();
        FigureOptions options;
        options.size = { 640, 420 };
        options.scale = 3;
        saveFigure(heatmap, dir.filePath("f.png"), options);
        const QImage image(dir.filePath("f.png"));
        QCOMPARE(image.size(), QSize(1920, 1260));
        for (std::size_t x = 0; x < heatmap.lengths.size(); ++x)
            for (std::size_t y = 0; y < heatmap.depths.size(); ++y) {
                const HeatmapCell& cell = at(heatmap, x, y);
                const QRectF rect = figureCellRect(heatmap, x, y, options);
                const QColor want = cell.measured ? heatColour(cell.value, options.palette) : QColor(Qt::white);
                // Flat to its corners: nothing is interpolated.
                for (const QPointF& point : { rect.center(), rect.topLeft() + QPointF(1, 1), rect.bottomRight() - QPointF(1, 1) })
                    QCOMPARE(image.pixelColor((point * options.scale).toPoint()), want);
            }
    }

    void pdfHoldsNoImage()
    {
        QTemporaryDir dir;
        FigureOptions options;
        options.values = true;
        saveFigure(sample(), dir.filePath("f.pdf"), options);
        const QByteArray pdf = bytesOf(dir.filePath("f.pdf"));
        QVERIFY(pdf.startsWith("%PDF-"));
        QCOMPARE(imagesIn(pdf), 0);

        // The search does find images where there are some.
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        QPdfWriter writer(&buffer);
        QPainter painter(&writer);
        QImage image(30, 30, QImage::Format_RGB32);
        image.fill(Qt::red);
        painter.drawImage(0, 0, image);
        painter.end();
        QVERIFY(imagesIn(bytes) > 0);
    }

    void pdfCellsAreVectorRectanglesOfExactColour()
    {
        QTemporaryDir dir;
        const HeatmapData heatmap = sample();
        saveFigure(heatmap, dir.filePath("f.pdf"));
        const QString content = QString::fromLatin1(inflatedStreams(bytesOf(dir.filePath("f.pdf"))));
        // "r g b scn ... x y w h re": the fill colour that stands when each rectangle is drawn.
        static const QRegularExpression token(QStringLiteral("([0-9.]+) ([0-9.]+) ([0-9.]+) (?:scn|rg|sc)\\b|(-?[0-9.]+) (-?[0-9.]+) (-?[0-9.]+) (-?[0-9.]+) re\\b"));
        QString colour;
        std::map<QString, int> rectangles;
        for (auto it = token.globalMatch(content); it.hasNext();) {
            const auto match = it.next();
            if (match.capturedLength(1) > 0)
                colour = QColor::fromRgbF(match.captured(1).toFloat(), match.captured(2).toFloat(), match.captured(3).toFloat()).name();
            else
                ++rectangles[colour];
        }
        std::map<QString, int> wanted;
        for (const HeatmapCell& cell : heatmap.cells)
            if (cell.measured)
                ++wanted[heatColour(cell.value, Palette::Cividis).name()];
        for (const auto& [name, count] : wanted)
            QVERIFY2(rectangles[name] >= count, qPrintable(name));
    }

    void pdfTextCanBeExtracted()
    {
        QTemporaryDir dir;
        FigureOptions options;
        options.values = true;
        const HeatmapData heatmap = sample();
        saveFigure(heatmap, dir.filePath("f.pdf"), options);
        QString text;
        try {
            text = QString::fromStdString(loadDocument(dir.filePath("f.pdf").toStdString()).text);
        } catch (const Error& error) {
            QSKIP(error.what());
        }
        text = text.simplified();
        for (const QString& wanted : { heatmap.title, QStringLiteral("Context length (tokens)"), QStringLiteral("8k"), QStringLiteral("7/10") })
            QVERIFY2(text.contains(wanted), qPrintable(wanted + " not in: " + text));
    }

    void badFilesAreErrors()
    {
        QTemporaryDir dir;
        const HeatmapData heatmap = sample();
        for (const QString& file : { dir.filePath("f.bmp"), dir.filePath("f"), dir.filePath("none/f.pdf"), QStringLiteral("/proc/f.svg") })
            QVERIFY_EXCEPTION_THROWN(saveFigure(heatmap, file), Error);
        QVERIFY(QDir(dir.path()).isEmpty());
        try {
            saveFigure(heatmap, dir.filePath("f.bmp"));
        } catch (const Error& error) {
            QVERIFY(QString::fromUtf8(error.what()).contains(".svg"));
        }
    }

    void suffixInCapitals()
    {
        QTemporaryDir dir;
        saveFigure(sample(), dir.filePath("F.PNG"));
        QVERIFY(!QImage(dir.filePath("F.PNG")).isNull());
    }

    void oddGridsPaint_data()
    {
        QTest::addColumn<int>("lengths");
        QTest::addColumn<int>("depths");
        QTest::newRow("none") << 0 << 0;
        QTest::newRow("one") << 1 << 1;
        QTest::newRow("column") << 1 << 60;
        QTest::newRow("wide") << 300 << 2;
    }

    void oddGridsPaint()
    {
        QFETCH(int, lengths);
        QFETCH(int, depths);
        std::vector<std::int64_t> l;
        std::vector<double> d;
        for (int i = 0; i < lengths; ++i)
            l.push_back(100 * (i + 1));
        for (int i = 0; i < depths; ++i)
            d.push_back(100.0 * i / depths);
        FigureOptions options;
        options.size = { 300, 200 };
        options.values = true;
        const HeatmapData heatmap = heatmapOf(fakeRun(l, d, 3));
        const QImage image = figureImage(heatmap, options);
        QCOMPARE(image.size(), QSize(600, 400));
        if (lengths > 0)
            QVERIFY(QRectF(0, 0, 300, 200).contains(figureCellRect(heatmap, std::size_t(lengths - 1), std::size_t(depths - 1), options)));
    }

    void cellUnderAPoint()
    {
        const HeatmapData heatmap = sample();
        const HeatmapPainter painter(heatmap, figureStyle({}), QRectF(0, 0, 960, 600));
        for (int x = 0; x < 4; ++x)
            for (int y = 0; y < 4; ++y)
                QCOMPARE(painter.cellAt(painter.cellRect({ x, y }).center()), std::optional<CellIndex>(CellIndex { x, y }));
        QVERIFY(!painter.cellAt({ 1, 1 }));
    }

    void recallOfEachLength()
    {
        const std::vector<LengthPoint> points = recallByLength(fakeRun({ 2000, 1000 }, { 0, 50, 100 }, 10));
        QCOMPARE(points.size(), std::size_t(2));
        QCOMPARE(points[0].lengthTokens, std::int64_t(1000));
        QCOMPARE(points[0].trials, 30);
        QCOMPARE(points[0].hits, 1 + 3 + 5);
        QCOMPARE(points[1].hits, 0 + 2 + 4);
        QCOMPARE(points[1].ci95.high, wilson(6, 30).high);
    }

    void lengthPlotFiles()
    {
        QTemporaryDir dir;
        LengthPlot plot;
        plot.setSeries({ { "one", recallByLength(fakeRun({ 1000, 2000 }, { 0, 50 }, 10)) } });
        RunExport run;
        run.options.size = { 600, 400 };
        run.lengths = plot.figure(run.options.size);
        writeExport(run, dir.filePath("l.pdf"));
        QCOMPARE(imagesIn(bytesOf(dir.filePath("l.pdf"))), 0);
        writeExport(run, dir.filePath("l.svg"));
        const Svg svg = parseSvg(bytesOf(dir.filePath("l.svg")));
        QCOMPARE(svg.images, 0);
        QVERIFY(svg.texts.contains("Context length (tokens)") && svg.texts.contains("2k") && svg.texts.contains("one"));
        writeExport(run, dir.filePath("l.png"));
        QCOMPARE(QImage(dir.filePath("l.png")).size(), QSize(1200, 800));
        QVERIFY_EXCEPTION_THROWN(writeExport(run, dir.filePath("l.gif")), Error);
    }
};

QTEST_MAIN(TestHeatmap)
#include "tst_heatmap.moc"
