// SPDX-License-Identifier: GPL-3.0-or-later
// sweep --axis load and the figure of its records, on a model that needs no training.
#include "core/base/Error.h"
#include "core/recall/LoadSweep.h"
#include "core/store/LoadRecord.h"
#include "core/text/Document.h"
#include "tests/cli/CliBench.h"
#include "tests/widgets/FigureReaders.h"

#include <nlohmann/json.hpp>

#include <QFileInfo>
#include <QImage>
#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

std::string errorOf(const std::function<void()>& call)
{
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

} // namespace

class TestLoadSweep : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        std::ofstream(path("story.txt")) << kStory;
    }

    void loadsAreParsed()
    {
        QCOMPARE(parseLoads("2,0.5,2"), (std::vector<double> { 0.5, 2 }));
        for (const char* bad : { "", "0", "-1", "1,,2", "x", "1:2:3", "nan", "inf", "0.0001", "1001" })
            QVERIFY2(errorOf([&] { parseLoads(bad); }).find("--loads") != std::string::npos, bad);
    }

    void rowsAreSegmentsByLoad()
    {
        const Outcome outcome = sweep("prefix", "load.json");
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QCOMPARE(outcome.err, std::string());
        const LoadRecord record = readLoadRecord(path("load.json"));
        QCOMPARE(record.runs.size(), std::size_t(3));
        const Index segments = record.runs.front().segments;
        QVERIFY(segments > 10);
        const double loads[] = { 0.1, 1, 8 };
        for (std::size_t i = 0; i < 3; ++i) {
            const LoadRun& point = record.runs[i];
            QCOMPARE(point.load, loads[i]);
            QCOMPARE(point.segments, segments);
            QCOMPARE(point.run.result.rows, Index(std::llround(double(segments) / loads[i])));
            QVERIFY(point.run.plan.memory.keyMemory == KeyMemoryKind::Fixed);
            const LoadCounts counts = countsOf(point.run);
            QCOMPARE(counts.trials, 6);
            QCOMPARE(counts.hits + counts.rowWrong + counts.rowShared + counts.decodeWrong, counts.trials);
            QVERIFY2(has(outcome.out, std::to_string(counts.hits) + "/6"), outcome.out.c_str());
        }
        // The same trials at each load: only the rows differ.
        QCOMPARE(record.runs[0].run.result.cells[0].samples[0].seed, record.runs[2].run.result.cells[0].samples[0].seed);
        QVERIFY(countsOf(record.runs[2].run).rowSegments > countsOf(record.runs[0].run).rowSegments);
        QVERIFY2(has(outcome.out, "load N/K"), outcome.out.c_str());
    }

    void aLoadIsTheSweepWithThatManyRows()
    {
        QCOMPARE(sweep("prefix", "load.json").code, 0);
        const RunRecord alone = readLoadRecord(path("load.json")).runs[1].run;
        auto arguments = common("prefix");
        arguments.insert(arguments.end(), { "--key-memory", "fixed", "--rows", std::to_string(alone.result.rows), "--out", path("run.json") });
        QCOMPARE(run(arguments).code, 0);
        auto a = nlohmann::json::parse(toJson(alone)), b = nlohmann::json::parse(contents(path("run.json")));
        for (auto* json : { &a, &b }) {
            json->erase("created");
            json->erase("timing");
        }
        QCOMPARE(a.dump(), b.dump());
    }

    void pseudoInverseLoadsVaryTheLength()
    {
        const std::vector<std::string> arguments { "sweep", "--axis", "load", "--haystack", path("story.txt"), "--addressing", "pseudo-inverse", "--rows", "12",
            "--loads", "1,4", "--depths", "0,100", "--trials", "2", "--out", path("load.json"), "--csv", path("load.csv") };
        const Outcome outcome = run(arguments);
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const std::string json = contents(path("load.json"));
        const LoadRecord record = loadRecordFromJson(json);
        QCOMPARE(toJson(record), json);
        QCOMPARE(record.runs.size(), std::size_t(2));
        for (const LoadRun& point : record.runs) {
            QVERIFY(point.run.plan.memory.addressing == Addressing::PseudoInverse);
            QCOMPARE(point.run.result.rows, Index(12));
            QVERIFY(std::abs(static_cast<double>(point.segments) - 12 * point.load) <= 2);
        }
        QVERIFY(record.runs[1].run.plan.lengths.front() > 2 * record.runs[0].run.plan.lengths.front());
        QVERIFY(has(captionOf({ std::make_shared<const LoadRecord>(record) }), "pseudo-inverse addressing (exact inverses)"));
        QCOMPARE(sweep("prefix", "near.json").code, 0);
        const Outcome figure = run({ "figure", path("near.json"), path("load.json"), "--out", path("both.png") });
        QVERIFY2(figure.code == 0, figure.err.c_str());
        QVERIFY(QImage(m_folder->filePath("both.png")).width() > 100);
    }

    void recordsAreReadBack()
    {
        QCOMPARE(sweep("whole", "load.json").code, 0);
        const std::string json = contents(path("load.json"));
        QVERIFY(isLoadRecord(path("load.json")));
        QVERIFY(!isLoadRecord(path("story.txt")));
        QCOMPARE(toJson(loadRecordFromJson(json)), json);
    }

    void perfectMeansReadBack()
    {
        // The mean of twenty ones, added up as shares of 1/20, is above 1.
        QCOMPARE(run({ "sweep", "--haystack", path("story.txt"), "--lengths", "300", "--depths", "50", "--trials", "20", "--out", path("run.json") }).code, 0);
        const std::string json = contents(path("run.json"));
        QCOMPARE(toJson(loadRunRecord(path("run.json"))), json);
        auto earlier = nlohmann::ordered_json::parse(json);
        earlier["cells"][0]["rouge_l"] = 1.0000000000000004;
        QCOMPARE(runRecordFromJson(earlier.dump()).result.cells[0].rougeL, 1.0);
        earlier["cells"][0]["rouge_l"] = 1.01;
        QVERIFY(has(errorOf([&] { runRecordFromJson(earlier.dump()); }), "rouge_l"));
    }

    void hostileRecordsAreRefusedByName_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("names");
        QTest::newRow("schema") << "/schema" << "\"hayloft.load/2\"" << "hayloft.load/2";
        QTest::newRow("points") << "/points" << "7" << "points";
        QTest::newRow("no points") << "/points" << "[]" << "points";
        QTest::newRow("load") << "/points/1/load" << "0" << "points[1].load";
        QTest::newRow("load as text") << "/points/1/load" << "\"1\"" << "points[1].load";
        QTest::newRow("falling loads") << "/points/1/load" << "0.05" << "points[1].load";
        QTest::newRow("segments") << "/points/0/segments" << "-3" << "points[0].segments";
        QTest::newRow("run") << "/points/0/run" << "{}" << "points[0].run";
        QTest::newRow("run's trial") << "/points/2/run/cells/0/hits" << "-1" << "points[2].run";
        QTest::newRow("growing") << "/points/0/run/addressing/key_memory" << "\"grow\"" << "points[0].run";
        QTest::newRow("two lengths") << "/points/0/run/plan/lengths" << "[200, 400]" << "points[0].run";
        QTest::newRow("nothing measured") << "/points/0/run/cells" << "[]" << "points[0].run";
        QTest::newRow("another seed") << "/points/1/run/seed" << "12" << "points[1].run";
        QTest::newRow("other keys") << "/points/1/run/addressing/keys" << "\"whole\"" << "points[1].run";
    }

    void hostileRecordsAreRefusedByName()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        QFETCH(QString, names);
        QCOMPARE(sweep("prefix", "load.json").code, 0);
        auto json = nlohmann::ordered_json::parse(contents(path("load.json")));
        json[nlohmann::ordered_json::json_pointer(pointer.toStdString())] = nlohmann::ordered_json::parse(value.toStdString());
        const std::string error = errorOf([&] { loadRecordFromJson(json.dump()); });
        QVERIFY2(has(error, names.toStdString()), error.c_str());
        QVERIFY(!errorOf([] { loadRecordFromJson("{"); }).empty());
        QVERIFY(!errorOf([] { loadRecordFromJson("[]"); }).empty());
    }

    void wrongUseIsOneLine_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QString>("names");
        QTest::newRow("no loads") << QStringList { "--axis", "load" } << "--loads";
        QTest::newRow("loads without axis") << QStringList { "--loads", "1" } << "--axis load";
        QTest::newRow("axis") << QStringList { "--axis", "time", "--loads", "1" } << "--axis time";
        QTest::newRow("zero") << QStringList { "--axis", "load", "--loads", "0,1" } << "--loads 0";
        QTest::newRow("negative") << QStringList { "--axis", "load", "--loads", "1,-2" } << "--loads -2";
        QTest::newRow("growing") << QStringList { "--axis", "load", "--loads", "1", "--key-memory", "grow" } << "--key-memory grow";
        QTest::newRow("rows") << QStringList { "--axis", "load", "--loads", "1", "--rows", "64" } << "--rows";
        QTest::newRow("a length for the pseudo-inverse") << QStringList { "--axis", "load", "--loads", "1", "--addressing", "pseudo-inverse", "--lengths", "200" } << "--lengths 200";
        QTest::newRow("lengths") << QStringList { "--axis", "load", "--loads", "1", "--lengths", "200,400" } << "--lengths 200,400";
    }

    void wrongUseIsOneLine()
    {
        QFETCH(QStringList, more);
        QFETCH(QString, names);
        std::vector<std::string> arguments { "sweep", "--haystack", path("story.txt"), "--depths", "50", "--out", path("load.json") };
        if (!more.contains("--lengths"))
            arguments.insert(arguments.end(), { "--lengths", "300" });
        for (const QString& one : more)
            arguments.push_back(one.toStdString());
        const Outcome outcome = run(arguments);
        QVERIFY(outcome.code != 0);
        QVERIFY2(isOneLine(outcome.err) && has(outcome.err, names.toStdString()), outcome.err.c_str());
        QVERIFY(outcome.out.empty() && !QFileInfo::exists(m_folder->filePath("load.json")));
    }

    void oneFigureOfSeveralRecords()
    {
        QCOMPARE(sweep("prefix", "prefix.json", { "--figure", path("one.svg"), "--csv", path("run.csv") }).code, 0);
        QCOMPARE(sweep("whole", "whole.json").code, 0);
        QCOMPARE(sweep("content", "content.json", { "--no-baselines" }).code, 0);
        for (const char* name : { "load.svg", "load.pdf", "load.png" }) {
            const Outcome outcome = run({ "figure", path("prefix.json"), path("whole.json"), path("content.json"), "--out", path(name) });
            QVERIFY2(outcome.code == 0, outcome.err.c_str());
        }
        const Svg svg = parseSvg(bytesOf(m_folder->filePath("load.svg")));
        QCOMPARE(svg.images, 0);
        const QByteArray pdf = bytesOf(m_folder->filePath("load.pdf"));
        QCOMPARE(imagesIn(pdf), 0);
        const QString read = QString::fromStdString(loadDocument(path("load.pdf")).text).simplified();
        for (const char* wanted : { "prefix keys", "whole keys", "content keys", "0.1", "8", "100", "Load: segments per row (N/K)", "Recall (%)" }) {
            QVERIFY2(svg.texts.contains(QLatin1String(wanted)) || svg.texts.join(' ').contains(QLatin1String(wanted)), wanted);
            QVERIFY2(read.contains(QLatin1String(wanted)), qPrintable(wanted + (": " + read)));
        }
        for (const char* wanted : { "passkey, 4 digits", "Contexts of 300 tokens", "6 trials a point", "Seed 11", "rows, drawn once for each load" })
            QVERIFY2(read.contains(QLatin1String(wanted)), qPrintable(wanted + (": " + read)));
        QVERIFY(!QImage(m_folder->filePath("load.png")).isNull());
        QVERIFY(has(contents(path("one.svg")), "prefix keys"));
        QCOMPARE(std::ranges::count(contents(path("run.csv")), '\n'), 10); // a header, three loads of three cells
    }

    void figuresAreNotMixed()
    {
        QCOMPARE(sweep("prefix", "load.json").code, 0);
        auto arguments = common("prefix");
        arguments.insert(arguments.end(), { "--out", path("run.json") });
        QCOMPARE(run(arguments).code, 0);
        for (const std::vector<std::string>& more : { std::vector<std::string> { path("run.json") }, { "--values" }, { "--minus", path("run.json") } }) {
            std::vector<std::string> figure { "figure", path("load.json"), "--out", path("no.svg") };
            figure.insert(figure.begin() + 2, more.begin(), more.end());
            const Outcome outcome = run(figure);
            QVERIFY(outcome.code != 0);
            QVERIFY2(isOneLine(outcome.err), outcome.err.c_str());
        }
        QVERIFY(!QFileInfo::exists(m_folder->filePath("no.svg")));
    }

private:
    std::string path(const std::string& name) const { return m_folder->filePath(QString::fromStdString(name)).toStdString(); }

    std::vector<std::string> common(const std::string& keys) const
    {
        return { "sweep", "--haystack", path("story.txt"), "--keys", keys, "--lengths", "300", "--depths", "0:100:3", "--trials", "2", "--seed", "11" };
    }

    Outcome sweep(const std::string& keys, const std::string& out, const std::vector<std::string>& more = {}) const
    {
        auto arguments = common(keys);
        arguments.insert(arguments.end(), { "--axis", "load", "--loads", "8,0.1,1", "--out", path(out) });
        arguments.insert(arguments.end(), more.begin(), more.end());
        return runWithContentKeys(arguments);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestLoadSweep)
#include "tst_loadsweep.moc"
