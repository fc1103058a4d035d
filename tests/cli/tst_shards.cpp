// SPDX-License-Identifier: GPL-3.0-or-later
// sweep --shard and merge, on a model that needs no training.
#include "core/store/RunRecord.h"
#include "tests/cli/CliBench.h"

#include <nlohmann/json.hpp>

#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

using Arguments = std::vector<std::string>;

} // namespace

class TestShards : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        std::ofstream(path("story.txt")) << kStory;
    }

    void mergedShardsAreTheRunOfOneProcess_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::newRow("passkey") << QStringList {};
        QTest::newRow("whole keys, inside") << QStringList { "--keys", "whole", "--placement", "inside" };
        QTest::newRow("content keys with baselines") << QStringList { "--keys", "content" };
        QTest::newRow("RULER") << QStringList { "--task", "niah_multivalue" };
        QTest::newRow("its own haystack") << QStringList { "--task", "niah_multikey_3", "--keys", "prefix" };
        QTest::newRow("fixed") << QStringList { "--key-memory", "fixed", "--rows", "128" };
        QTest::newRow("naive") << QStringList { "--path", "naive" };
    }

    void mergedShardsAreTheRunOfOneProcess()
    {
        QFETCH(QStringList, more);
        const Outcome whole = sweep("whole.json", "", more);
        QVERIFY2(whole.code == 0, whole.err.c_str());
        for (const int count : { 2, 3 }) {
            Arguments merge { "merge" };
            for (int number = count; number >= 1; --number) {
                const std::string file = "s" + std::to_string(number) + ".json";
                const Outcome outcome = sweep(file, std::to_string(number) + "/" + std::to_string(count), more);
                QVERIFY2(outcome.code == 0, outcome.err.c_str());
                merge.push_back(path(file));
            }
            merge.insert(merge.end(), { "--out", path("run.json") });
            const Outcome outcome = run(merge);
            QVERIFY2(outcome.code == 0, outcome.err.c_str());
            QCOMPARE(outcome.err, std::string());
            QCOMPARE(comparable(contents(path("run.json"))), comparable(contents(path("whole.json"))));
            QVERIFY2(has(outcome.out, "record    " + path("run.json")), outcome.out.c_str());
        }
    }

    void mergeWritesTheTableToo()
    {
        QCOMPARE(sweep("whole.json", "", {}, { "--csv", path("whole.csv") }).code, 0);
        QCOMPARE(sweep("s1.json", "1/2").code, 0);
        QCOMPARE(sweep("s2.json", "2/2").code, 0);
        QCOMPARE(run({ "merge", path("s1.json"), path("s2.json"), "--out", path("run.json"), "--csv", path("run.csv") }).code, 0);
        QCOMPARE(contents(path("run.csv")), contents(path("whole.csv")));
    }

    void figuresOfShardsAndOfTheWhole()
    {
        QCOMPARE(sweep("s1.json", "1/2").code, 0);
        QCOMPARE(sweep("s2.json", "2/2").code, 0);
        const Outcome drawn = run({ "figure", path("s2.json"), "--out", path("s2.svg") });
        if (has(drawn.err, "built without Qt"))
            QSKIP("figures need Qt");
        QVERIFY2(drawn.code == 0, drawn.err.c_str());
        QVERIFY(has(contents(path("s2.svg")), "shard 2 of 2 alone"));
        QCOMPARE(run({ "merge", path("s1.json"), path("s2.json"), "--out", path("run.json"), "--figure", path("run.svg") }).code, 0);
        QVERIFY(has(contents(path("run.svg")), "<svg") && !has(contents(path("run.svg")), "shard"));
    }

    void mergeRefusesInOneLine_data()
    {
        QTest::addColumn<QStringList>("files");
        QTest::addColumn<QString>("says");
        QTest::newRow("missing") << QStringList { "s1.json", "s3.json" } << "shard 2 of 3 is missing";
        QTest::newRow("twice") << QStringList { "s1.json", "s2.json", "s2.json", "s3.json" } << "shard 2 of 3 is there twice";
        QTest::newRow("another seed") << QStringList { "s1.json", "seed.json", "s3.json" } << "seed 6, not 5";
        QTest::newRow("no shard") << QStringList { "whole.json" } << "no shard";
        QTest::newRow("no record") << QStringList { "s1.json", "story.txt", "s3.json" } << "story.txt";
        QTest::newRow("empty") << QStringList { "s1.json", "empty.json", "s3.json" } << "empty.json";
        QTest::newRow("damaged") << QStringList { "s1.json", "cut.json", "s3.json" } << "cut.json";
        QTest::newRow("no such file") << QStringList { "s1.json", "none.json" } << "none.json";
        QTest::newRow("a folder") << QStringList { "s1.json", "." } << "folder";
    }

    void mergeRefusesInOneLine()
    {
        QFETCH(QStringList, files);
        QFETCH(QString, says);
        for (const char* number : { "1", "2", "3" })
            QCOMPARE(sweep("s" + std::string(number) + ".json", std::string(number) + "/3").code, 0);
        QCOMPARE(sweep("seed.json", "2/3", {}, {}, "6").code, 0);
        QCOMPARE(sweep("whole.json", "").code, 0);
        std::ofstream(path("empty.json")).flush();
        std::ofstream(path("cut.json")) << contents(path("s2.json")).substr(0, 900);
        Arguments merge { "merge" };
        for (const QString& file : files)
            merge.push_back(path(file.toStdString()));
        merge.insert(merge.end(), { "--out", path("run.json") });
        const Outcome outcome = run(merge);
        QVERIFY(outcome.code != 0);
        QVERIFY2(isOneLine(outcome.err) && has(outcome.err, says.toStdString()), outcome.err.c_str());
        QVERIFY(outcome.out.empty() && !QFileInfo::exists(m_folder->filePath("run.json")));
    }

    void wrongUseIsOneLine_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QString>("names");
        QTest::newRow("zero") << QStringList { "--shard", "0/2" } << "0/2";
        QTest::newRow("beyond") << QStringList { "--shard", "3/2" } << "3/2";
        QTest::newRow("no fraction") << QStringList { "--shard", "2" } << "i/n";
        QTest::newRow("loads") << QStringList { "--shard", "1/2", "--axis", "load", "--loads", "1" } << "--axis load";
        QTest::newRow("more than cells") << QStringList { "--shard", "1/7" } << "3 cells has no 7 shards";
    }

    void wrongUseIsOneLine()
    {
        QFETCH(QStringList, more);
        QFETCH(QString, names);
        Arguments arguments { "sweep", "--haystack", path("story.txt"), "--lengths", "300", "--depths", "0:100:3", "--out", path("run.json") };
        for (const QString& one : more)
            arguments.push_back(one.toStdString());
        const Outcome outcome = run(arguments);
        QVERIFY(outcome.code != 0);
        QVERIFY2(isOneLine(outcome.err) && has(outcome.err, names.toStdString()), outcome.err.c_str());
        QVERIFY(!QFileInfo::exists(m_folder->filePath("run.json")));
    }

private:
    std::string path(const std::string& name) const { return m_folder->filePath(QString::fromStdString(name)).toStdString(); }

    /// @param shard "" for the whole sweep
    Outcome sweep(const std::string& out, const std::string& shard, const QStringList& more = {}, const Arguments& last = {}, const std::string& seed = "5") const
    {
        Arguments arguments { "sweep", "--lengths", "300,500,800", "--depths", "0:100:3", "--trials", "2", "--controls", "4", "--seed", seed, "--out", path(out) };
        if (!more.contains("niah_multikey_3"))
            arguments.insert(arguments.end(), { "--haystack", path("story.txt") });
        if (!shard.empty())
            arguments.insert(arguments.end(), { "--shard", shard });
        for (const QString& one : more)
            arguments.push_back(one.toStdString());
        arguments.insert(arguments.end(), last.begin(), last.end());
        return runWithContentKeys(arguments);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestShards)
#include "tst_shards.moc"
