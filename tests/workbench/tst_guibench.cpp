// SPDX-License-Identifier: GPL-3.0-or-later
// The GUI's bench: its instruments against things that are known, and a whole run over a small document.
#include "app/workbench/GuiBench.h"
#include "tests/workbench/WorkbenchBench.h"
#include "widgets/memory/HeatImage.h"

#include <QJsonDocument>
#include <random>

using namespace hayloft;

namespace {

RowsUpdate someRows(qint64 rows, int columns)
{
    std::mt19937 random(3);
    RowsUpdate update;
    update.totalRows = rows;
    update.columns = columns;
    for (qint64 row = 0; row < rows; ++row) {
        update.rows.push_back(row);
        update.counts.push_back(row % 7 == 3 ? 0 : 1);
        for (int c = 0; c < columns; ++c)
            update.values.push_back(static_cast<float>(random() % 20001) / 10000 - 1);
    }
    return update;
}

std::array<QRgb, 256> greys()
{
    std::array<QRgb, 256> table {};
    for (int i = 0; i < 256; ++i)
        table[static_cast<std::size_t>(i)] = qRgb(i, i, i);
    return table;
}

} // namespace

class TestGuiBench : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void thePixelCheckAgreesWithTheViewAndFindsWhatIsWrong_data()
    {
        QTest::addColumn<double>("pixelsPerRow");
        QTest::addColumn<double>("pixelsPerColumn");
        QTest::addColumn<double>("top");
        QTest::newRow("magnified") << 3.3 << 2.7 << 100.4;
        QTest::newRow("about one to one") << 0.93 << 1.0 << 17.8;
        QTest::newRow("reduced") << 0.21 << 0.6 << 3.3;
        QTest::newRow("groups of 8") << 0.071 << 1.0 << 41.7;
        QTest::newRow("groups of 64") << 0.0129 << 0.9 << 0.0;
    }

    void thePixelCheckAgreesWithTheViewAndFindsWhatIsWrong()
    {
        QFETCH(double, pixelsPerRow);
        QFETCH(double, pixelsPerColumn);
        QFETCH(double, top);
        const RowsUpdate update = someRows(3000, 48);
        MatrixStore store;
        store.update(update.rows, update.values, update.counts, update.totalRows, update.columns);
        while (store.reduceSome(100)) {
        }
        WrittenMatrix matrix;
        matrix.take(update);
        HeatColours colours;
        colours.table = greys();
        const HeatRegion region {0, top, pixelsPerColumn, pixelsPerRow};
        QImage image = renderHeat(store, region, QSize(48, 30), colours);
        const PixelReport right = checkHeatPixels(image, region, matrix, colours.table, store.range());
        QVERIFY(right.checked > 500);
        QCOMPARE(right.wrong, 0);
        image.setPixel(10, 10, qRgb(255, 0, 0));
        QCOMPARE(checkHeatPixels(image, region, matrix, colours.table, store.range()).wrong, 1);
        HeatRegion moved = region;
        moved.top += 200;
        QVERIFY(checkHeatPixels(image, moved, matrix, colours.table, store.range()).wrong > right.checked / 4);
    }

    void percentilesAreOrderStatistics()
    {
        std::vector<double> values;
        for (int i = 100; i >= 1; --i)
            values.push_back(i);
        QCOMPARE(percentile(values, 0.5), 50.0);
        QCOMPARE(percentile(values, 0.95), 95.0);
        QCOMPARE(percentile(values, 1), 100.0);
        QCOMPARE(percentile({}, 0.5), 0.0);
    }

    void theHeartbeatSeesABlock()
    {
        Heartbeat heartbeat;
        QTest::qWait(30);
        heartbeat.lap();
        QTimer::singleShot(5, this, [] { std::this_thread::sleep_for(std::chrono::milliseconds(60)); });
        QTest::qWait(100);
        const LoopBlock block = heartbeat.lap();
        QVERIFY2(block.wallMs >= 60, qPrintable(QString::number(block.wallMs)));
        QVERIFY2(block.cpuMs < block.wallMs, qPrintable(QString::number(block.cpuMs)));
    }

    void aSmallDocumentIsMeasured()
    {
        WorkbenchBench bench;
        const QString file = bench.folder.filePath(QStringLiteral("gui.json"));
        GuiBench gui(*bench.controller, {file, 0});
        QSignalSpy finished(&gui, &GuiBench::finished);
        bench.controller->start({{bench.writeFile(QStringLiteral("story.txt"), WorkbenchBench::story(400))}, {}, {}, false});
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, 120000);
        QCOMPARE(finished[0][0].toString(), QString());
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const QJsonObject result = QJsonDocument::fromJson(written.readAll()).object();
        QCOMPARE(result[QStringLiteral("document")][QStringLiteral("segments")].toInt(), qint64(bench.controller->document().snapshot().document.segments->size()));
        const QJsonObject frames = result[QStringLiteral("frames")].toObject();
        QCOMPARE(frames.size(), 6);
        for (const QString& scene : frames.keys()) {
            const QJsonValue one = frames[scene];
            QVERIFY2(one[QStringLiteral("frames")].toInt() > 5, qPrintable(scene));
            QVERIFY2(one[QStringLiteral("p95_ms")].toDouble() >= one[QStringLiteral("median_ms")].toDouble(), qPrintable(scene));
            QVERIFY2(one[QStringLiteral("frames_that_differ")].toInt() * 10 >= one[QStringLiteral("frames")].toInt() * 9, qPrintable(scene));
            QVERIFY2(one[QStringLiteral("pixels_checked")].toInt() > 1000, qPrintable(scene));
            QVERIFY2(one[QStringLiteral("pixels_wrong")].toInt() == 0, qPrintable(scene));
        }
        for (const char* phase : {"open", "encode_write", "write_again", "sweep"})
            QVERIFY2(result[QStringLiteral("blocks")][QLatin1String(phase)][QStringLiteral("longest_ms")].toDouble() > 0, phase);
    }
};

QTEST_MAIN(TestGuiBench)
#include "tst_guibench.moc"
