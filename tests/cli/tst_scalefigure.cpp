// SPDX-License-Identifier: GPL-3.0-or-later
// figure SCALE.json: what `bench scale` wrote, read back, told and drawn.
#include "CliBench.h"

#include "core/store/ScaleRecord.h"

#include <nlohmann/json.hpp>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

using namespace hayloft;
using namespace hayloft::test;

class TestScaleFigure : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    std::string path(const char* name) const { return m_folder.filePath(QString::fromLatin1(name)).toStdString(); }
    std::string write(const char* name, const std::string& text) const
    {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }
    /// Ten times the tokens: eight times the seconds, twice the memory.
    static nlohmann::ordered_json bench()
    {
        const auto point = [](int tokens, double seconds, double gigabytes, int hits) {
            return nlohmann::ordered_json { { "tokens", tokens }, { "rows", tokens / 30 }, { "seconds", seconds }, { "encode_s", seconds / 2 },
                { "peak_memory_gb", gigabytes }, { "hits", hits }, { "trials", 20 } };
        };
        return { { "schema", "hayloft.bench/1" }, { "workload", "scale" }, { "hayloft_version", "0.1.0" }, { "machine", { { "cpu", "Abacus" }, { "threads", 2 } } },
            { "inputs", { { "haystack", "book.txt" }, { "keys", "prefix" } } },
            { "results", { { "lengths", { point(10000, 0.5, 0.25, 20), point(100000, 4, 0.5, 19), point(1000000, 32, 1, 20) } } } } };
    }

private Q_SLOTS:
    void whatWasWrittenIsReadBack()
    {
        const ScaleRecord record = scaleRecordFromJson(bench().dump(2));
        QCOMPARE(record.points.size(), std::size_t(3));
        QCOMPARE(record.points[1].tokens, std::int64_t(100000));
        QCOMPARE(record.points[1].seconds, 4.0);
        QCOMPARE(record.points[1].encodeSeconds, 2.0);
        QCOMPARE(record.points[2].peakGigabytes, 1.0);
        const QString caption = QString::fromStdString(captionOf(record));
        for (const char* part : { "10,000 to 1,000,000 tokens of book.txt", "32 s (32 s for each million tokens, the shortest 50) and 1 GB", "59/60 recalled",
                 "Abacus, 2 threads" })
            QVERIFY2(caption.contains(QLatin1String(part)), qPrintable(caption));
    }

    void aFigureIsDrawn()
    {
        const std::string file = write("scale.json", bench().dump(2));
        QVERIFY(isScaleRecord(file));
        for (const char* name : { "scale.svg", "scale.png", "scale.pdf" }) {
            const Outcome outcome = run({ "figure", file, "--out", path(name) });
            QVERIFY2(outcome.code == 0, outcome.err.c_str());
        }
        const std::string svg = contents(path("scale.svg"));
        for (const char* text : { "Cost and memory by context length", "Seconds", "Memory (GB)", "Context length (tokens)", "in proportion", "encoding", "10k", "1m", "book.txt" })
            QVERIFY2(QString::fromStdString(svg).contains(QLatin1String(text), Qt::CaseInsensitive), text);
        QVERIFY(!QString::fromStdString(svg).contains(QStringLiteral("<image")));
        QCOMPARE(QImage(QString::fromStdString(path("scale.png"))).width(), 2 * 960);
    }

    void whatBenchWritesIsDrawn()
    {
        write("story.txt", kStory);
        const Outcome measured = run({ "bench", "scale", "--document", path("story.txt"), "--lengths", "120", "200", "--depths", "50", "--trials", "1", "--out", path("own.json") });
        QVERIFY2(measured.code == 0, measured.err.c_str());
        const Outcome drawn = run({ "figure", path("own.json"), "--out", path("own.svg") });
        QVERIFY2(drawn.code == 0, drawn.err.c_str());
    }

    void damageIsNamed_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("said");
        QTest::newRow("negative seconds") << "/results/lengths/1/seconds" << "-1" << "results.lengths[1].seconds";
        QTest::newRow("text for tokens") << "/results/lengths/0/tokens" << "\"many\"" << "results.lengths[0].tokens";
        QTest::newRow("more hits than trials") << "/results/lengths/2/hits" << "21" << "results.lengths[2].hits";
        QTest::newRow("lengths fall") << "/results/lengths/2/tokens" << "5" << "do not ascend";
        QTest::newRow("no lengths") << "/results/lengths" << "[]" << "no lengths";
        QTest::newRow("another workload") << "/workload" << "\"gui\"" << "gui";
    }
    void damageIsNamed()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, said);
        auto json = bench();
        json[nlohmann::ordered_json::json_pointer(pointer.toStdString())] = nlohmann::ordered_json::parse(value.toStdString());
        try {
            scaleRecordFromJson(json.dump());
            QFAIL("it was read");
        } catch (const Error& e) {
            QVERIFY2(QString::fromUtf8(e.what()).contains(said), e.what());
        }
        QVERIFY_EXCEPTION_THROWN(scaleRecordFromJson("{"), Error);
    }
};

QTEST_MAIN(TestScaleFigure)
#include "tst_scalefigure.moc"
