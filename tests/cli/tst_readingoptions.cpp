// SPDX-License-Identifier: GPL-3.0-or-later
// --prompted, --latents, --observation-noise and --sampled of query and sweep, on a model that needs no training.
#include "core/store/LoadRecord.h"
#include "tests/cli/CliBench.h"

#include <nlohmann/json.hpp>

#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

using Arguments = std::vector<std::string>;

} // namespace

class TestReadingOptions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        std::ofstream(path("story.txt")) << kStory;
    }

    void wrongUseIsOneLine_data()
    {
        QTest::addColumn<QStringList>("more");
        QTest::addColumn<QString>("names");
        const QStringList published { "--addressing", "pseudo-inverse" };
        QTest::newRow("prompt") << QStringList { "--prompted", "both" } << "none, prefix or query";
        QTest::newRow("content keys") << QStringList { "--prompted", "query", "--keys", "content" } << "content keys";
        QTest::newRow("noise of the nearest row") << QStringList { "--observation-noise", "0.1" } << "--addressing pseudo-inverse";
        QTest::newRow("sampled nearest row") << QStringList { "--sampled" } << "--addressing pseudo-inverse";
        QTest::newRow("variance of the nearest row") << QStringList { "--weight-logvar", "0" } << "--addressing pseudo-inverse";
        QTest::newRow("variance without sampling") << published + QStringList { "--weight-logvar", "-2" } << "--sampled";
        QTest::newRow("negative noise") << published + QStringList { "--observation-noise", "-1" } << "-1";
        QTest::newRow("no noise") << published + QStringList { "--observation-noise", "nan" } << "noise";
        QTest::newRow("precision") << QStringList { "--precision", "int8" } << "float32 or bfloat16";
        QTest::newRow("latents") << QStringList { "--latents", "int8" } << "float32 or float16";
        QTest::newRow("latents that are keys") << QStringList { "--keys", "whole", "--latents", "float16" } << "whole keys";
        QTest::newRow("mixed latents") << published + QStringList { "--latents", "float16" } << "--latents";
        QTest::newRow("wild variance") << published + QStringList { "--sampled", "--weight-logvar", "99" } << "-30 to 30";
    }

    void wrongUseIsOneLine()
    {
        QFETCH(QStringList, more);
        QFETCH(QString, names);
        for (Arguments arguments : { Arguments { "query", "--document", path("story.txt"), "--prefix", "The mail came" },
                 Arguments { "sweep", "--haystack", path("story.txt"), "--lengths", "250", "--depths", "50", "--out", path("run.json") } }) {
            for (const QString& argument : more)
                arguments.push_back(argument.toStdString());
            const Outcome outcome = runWithContentKeys(arguments);
            QVERIFY(outcome.code != 0);
            QVERIFY2(isOneLine(outcome.err) && has(outcome.err, names.toStdString()), outcome.err.c_str());
        }
    }

    void aQueryIsPrompted()
    {
        const Arguments query { "query", "--document", path("story.txt"), "--prefix", "The mail came at ten", "--prefix-tokens", "3" };
        const auto ask = [&](Arguments more) {
            more.insert(more.begin(), query.begin(), query.end());
            return run(more);
        };
        QVERIFY(!has(ask({}).out, "prompt "));
        Outcome outcome = ask({ "--prompted", "prefix" });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        QVERIFY2(has(outcome.out, "answer    The mail came at nine and there was a letter from Lisbon."), outcome.out.c_str());
        QVERIFY(has(outcome.out, "prompt    \"The m"));
        outcome = ask({ "--prompted", "query" });
        QVERIFY2(has(outcome.out, "answer    The mail came at ten") && has(outcome.out, "prompt    \"The mail came at ten\""), outcome.out.c_str());
        outcome = ask({ "--prompted", "query", "--json" });
        QCOMPARE(nlohmann::json::parse(outcome.out)["answers"][0]["prompt"].get<std::string>(), std::string("The mail came at ten"));
        std::ofstream(path("q.jsonl")) << R"({"context": "The sky is blue.", "question": "The sky is", "answers": ["blue"]})" << "\n";
        outcome = run({ "query", "--questions", path("q.jsonl"), "--keys", "whole", "--prompted", "query" });
        QVERIFY2(outcome.code == 1 && isOneLine(outcome.err) && has(outcome.err, "--prompted"), outcome.err.c_str());
    }

    void sweepsRecordTheirSettings_data()
    {
        QTest::addColumn<QStringList>("more");
        const QStringList published { "--addressing", "pseudo-inverse", "--rows", "9" };
        QTest::newRow("prefix") << QStringList { "--prompted", "prefix" };
        QTest::newRow("query, fixed, whole") << QStringList { "--prompted", "query", "--key-memory", "fixed", "--rows", "60", "--keys", "whole" };
        QTest::newRow("naive") << QStringList { "--prompted", "query", "--path", "naive" };
        QTest::newRow("published") << published + QStringList { "--prompted", "query", "--observation-noise", "0.01", "--sampled", "--weight-logvar", "-3.5" };
    }

    void sweepsRecordTheirSettings()
    {
        QFETCH(QStringList, more);
        const Outcome whole = sweep("whole.json", more);
        QVERIFY2(whole.code == 0, whole.err.c_str());
        const MemorySettings memory = loadRunRecord(path("whole.json")).plan.memory;
        QCOMPARE(QString::fromStdString(std::string(nameOf(memory.prompted))), more[more.indexOf("--prompted") + 1]);
        QCOMPARE(memory.sampled, more.contains("--sampled"));
        QCOMPARE(memory.observationNoise, more.contains("--sampled") ? 0.01f : 0.0f);
        QCOMPARE(memory.weightLogVariance, more.contains("--sampled") ? -3.5f : 0.0f);
        Arguments merge { "merge" };
        for (const char* number : { "1", "2" }) {
            const Outcome shard = sweep("s" + std::string(number) + ".json", more + QStringList { "--shard", QString(number) + "/2" });
            QVERIFY2(shard.code == 0, shard.err.c_str());
            merge.push_back(path("s" + std::string(number) + ".json"));
        }
        merge.insert(merge.end(), { "--out", path("merged.json") });
        const Outcome merged = run(merge);
        QVERIFY2(merged.code == 0, merged.err.c_str());
        QCOMPARE(comparable(contents(path("merged.json"))), comparable(contents(path("whole.json"))));
    }

    void shardsOfOtherLatentsAreRefused()
    {
        QCOMPARE(sweep("s1.json", { "--shard", "1/2", "--latents", "float16" }).code, 0);
        QVERIFY(loadRunRecord(path("s1.json")).plan.memory.latents == LatentFormat::Float16);
        QCOMPARE(sweep("s2.json", { "--shard", "2/2" }).code, 0);
        const Outcome merged = run({ "merge", path("s1.json"), path("s2.json"), "--out", path("merged.json") });
        QVERIFY2(merged.code != 0 && isOneLine(merged.err) && has(merged.err, "latents"), merged.err.c_str());
    }

    void shardsOfOtherPromptsAreRefused()
    {
        QCOMPARE(sweep("s1.json", { "--shard", "1/2", "--prompted", "prefix" }).code, 0);
        QCOMPARE(sweep("s2.json", { "--shard", "2/2", "--prompted", "query" }).code, 0);
        const Outcome merged = run({ "merge", path("s1.json"), path("s2.json"), "--out", path("merged.json") });
        QVERIFY2(merged.code != 0 && has(merged.err, "addressing.prompted"), merged.err.c_str());
    }

    void loadsRecordTheirSettings()
    {
        const Outcome outcome = run({ "sweep", "--axis", "load", "--haystack", path("story.txt"), "--addressing", "pseudo-inverse", "--rows", "12", "--loads",
            "1,4", "--depths", "0,100", "--trials", "2", "--prompted", "prefix", "--observation-noise", "0.01", "--sampled", "--out", path("load.json") });
        QVERIFY2(outcome.code == 0, outcome.err.c_str());
        const LoadRecord record = readLoadRecord(path("load.json"));
        for (const LoadRun& point : record.runs) {
            const MemorySettings& memory = point.run.plan.memory;
            QVERIFY(memory.prompted == DecoderPrompt::Prefix && memory.sampled && memory.observationNoise == 0.01f);
        }
        const std::string caption = captionOf({ std::make_shared<const LoadRecord>(record) });
        QVERIFY2(has(caption, "observation noise 0.01, sampled weights of log variance 0") && has(caption, "Answers prompted with the query's first tokens. "),
            caption.c_str());
    }

private:
    std::string path(const std::string& name) const { return m_folder->filePath(QString::fromStdString(name)).toStdString(); }
    Outcome sweep(const std::string& file, const QStringList& more) const
    {
        Arguments arguments { "sweep", "--haystack", path("story.txt"), "--lengths", "200,250", "--depths", "0,100", "--trials", "3", "--controls", "3", "--out",
            path(file) };
        for (const QString& argument : more)
            arguments.push_back(argument.toStdString());
        return run(arguments);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_MAIN(TestReadingOptions)
#include "tst_readingoptions.moc"
