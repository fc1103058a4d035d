// SPDX-License-Identifier: GPL-3.0-or-later
// Shards of a sweep become the record of one process, or are refused in one line.
#include "core/base/Error.h"
#include "core/recall/SweepRunner.h"
#include "core/store/RunMerge.h"
#include "tests/support/ToyModel.h"

#include <nlohmann/json.hpp>

#include <QTest>

#include <functional>

using namespace hayloft;

namespace {

SweepPlan planOf(KeyKind keys = KeyKind::Prefix, KeyMemoryKind memory = KeyMemoryKind::Grow)
{
    SweepPlan plan;
    plan.lengths = { 120, 240, 480 };
    plan.depths = { 0, 50, 100 };
    plan.trials = 2;
    plan.controls = 4;
    plan.seed = 8;
    plan.memory.keys = keys;
    plan.memory.keyMemory = memory;
    plan.memory.rows = 64;
    plan.baselines = keys == KeyKind::Content;
    plan.reading.byQuestion = readsByQuestion(plan.task, plan.memory);
    return plan;
}

Document haystack()
{
    std::string text;
    for (int i = 0; i < 120; ++i)
        text += "Crate " + std::to_string(i) + " left the old harbour. ";
    return documentFromText(text, "crates");
}

RunRecord measured(const SweepPlan& plan, Shard shard)
{
    ToyModel model;
    AbsenceRule rule;
    model.giveContentKeys(rule);
    return makeRunRecord(plan, runSweepShard(plan, shard, haystack(), model), model.info(), { "cpu", "isa", "blas", "core", 1, "2", "cpu" }, shard);
}

std::vector<ShardRecord> shardsOf(const SweepPlan& plan, int count)
{
    std::vector<ShardRecord> shards;
    for (int number = 1; number <= count; ++number) {
        const std::string where = "s" + std::to_string(number) + ".json";
        shards.push_back({ where, runRecordFromJson(toJson(measured(plan, { number, count })), where) });
    }
    return shards;
}

std::string comparable(const RunRecord& record)
{
    auto json = nlohmann::ordered_json::parse(toJson(record));
    json.erase("created");
    json.erase("timing");
    return json.dump(1);
}

std::string errorOf(const std::function<void()>& call)
{
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

using Shards = std::vector<ShardRecord>;

} // namespace

class TestRunMerge : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void equalsOneProcess_data()
    {
        QTest::addColumn<int>("keys");
        QTest::addColumn<int>("memory");
        QTest::newRow("prefix") << int(KeyKind::Prefix) << int(KeyMemoryKind::Grow);
        QTest::newRow("whole") << int(KeyKind::Whole) << int(KeyMemoryKind::Grow);
        QTest::newRow("content, with baselines") << int(KeyKind::Content) << int(KeyMemoryKind::Grow);
        QTest::newRow("fixed") << int(KeyKind::Prefix) << int(KeyMemoryKind::Fixed);
    }

    void equalsOneProcess()
    {
        QFETCH(int, keys);
        QFETCH(int, memory);
        const SweepPlan plan = planOf(KeyKind(keys), KeyMemoryKind(memory));
        const std::string whole = comparable(measured(plan, {}));
        for (const int count : { 2, 3, 9 }) {
            Shards shards = shardsOf(plan, count);
            std::reverse(shards.begin(), shards.end());
            QCOMPARE(comparable(mergeShards(shards)), whole);
        }
    }

    void aShardSaysWhichItIs()
    {
        const RunRecord shard = measured(planOf(), { 2, 3 });
        const std::string json = toJson(shard);
        const auto parsed = nlohmann::json::parse(json);
        QCOMPARE(parsed["shard"]["number"].get<int>(), 2);
        QCOMPARE(parsed["shard"]["of"].get<int>(), 3);
        QVERIFY(shard.result.cells.size() < 9 && parsed["plan"]["lengths"].size() == 3);
        QCOMPARE(toJson(runRecordFromJson(json)), json);
        QVERIFY(captionOf(shard).find("shard 2 of 3 alone") != std::string::npos);
        QVERIFY(!nlohmann::json::parse(toJson(measured(planOf(), {}))).contains("shard"));
    }

    void timingSaysWhatWasDone()
    {
        Shards shards = shardsOf(planOf(), 2);
        shards[0].record.result.timing = { 2, 0.25, 0.5, 1, 4, 100, 50, 0, 1 };
        shards[1].record.result.timing = { 3, 0.25, 0.5, 2, 6, 400, 133, 0, 1 };
        shards[0].record.created = "2026-01-02T00:00:00Z";
        shards[1].record.created = "2026-01-01T00:00:00Z";
        const RunRecord merged = runRecordFromJson(toJson(mergeShards(shards)));
        const SweepTiming& timing = merged.result.timing;
        QCOMPARE(timing.encodeSeconds, 5.0);
        QCOMPARE(timing.writeSeconds, 0.5);
        QCOMPARE(timing.readSeconds, 1.0);
        QCOMPARE(timing.decodeSeconds, 3.0);
        QCOMPARE(timing.totalSeconds, 6.0);
        QCOMPARE(timing.tokensEncoded, 500);
        QCOMPARE(timing.tokensPerSecond, 100.0);
        QCOMPARE(timing.shards, 2);
        QCOMPARE(merged.created, std::string("2026-01-02T00:00:00Z"));
        QVERIFY(merged.shard.isWhole() && merged.machines.empty());
    }

    void differentMachinesAreAllRecorded()
    {
        Shards shards = shardsOf(planOf(), 2);
        shards[1].record.machine.cpu = "another cpu";
        const RunRecord merged = runRecordFromJson(toJson(mergeShards(shards)));
        QCOMPARE(merged.machine.cpu, std::string("cpu"));
        QCOMPARE(merged.machines.size(), std::size_t(2));
        QCOMPARE(merged.machines[1].cpu, std::string("another cpu"));
    }

    void refusesInOneLine_data()
    {
        QTest::addColumn<int>("change");
        QTest::addColumn<QString>("says");
        QTest::newRow("missing") << 0 << "shard 2 of 3 is missing";
        QTest::newRow("two missing") << 1 << "shards 1, 3 of 3 are missing";
        QTest::newRow("twice") << 2 << "shard 2 of 3 is there twice: s2.json and s2.json";
        QTest::newRow("seed") << 3 << "seed 9, not 8: s3.json";
        QTest::newRow("digits") << 4 << "task.digits 7, not 4: s2.json";
        QTest::newRow("haystack") << 5 << "haystack.sha256";
        QTest::newRow("model") << 6 << "model.sha256";
        QTest::newRow("lengths") << 7 << "plan.lengths";
        QTest::newRow("depths") << 8 << "plan.depths";
        QTest::newRow("trials") << 9 << "plan.trials";
        QTest::newRow("keys") << 10 << "addressing.keys";
        QTest::newRow("segmenter") << 11 << "segmenter.max_tokens";
        QTest::newRow("path") << 12 << "path \"naive\"";
        QTest::newRow("version") << 13 << "hayloft_version";
        QTest::newRow("whole") << 14 << "this record is no shard: s1.json";
        QTest::newRow("of another number") << 15 << "shard 2 of 4 among shards of 3: s2.json";
        QTest::newRow("cell missing") << 16 << "not the one that comes next";
        QTest::newRow("last cell missing") << 17 << "8 cells and 4 controls of 9 and 4";
        QTest::newRow("control missing") << 18 << "9 cells and 3 controls of 9 and 4";
        QTest::newRow("cell twice") << 19 << "not the one that comes next";
        QTest::newRow("none") << 20 << "no shards";
        QTest::newRow("baselines") << 21 << "baselines true, not false: s2.json";
    }

    void refusesInOneLine()
    {
        QFETCH(int, change);
        QFETCH(QString, says);
        Shards shards = shardsOf(planOf(), 3);
        RunRecord &second = shards[1].record, &third = shards[2].record;
        const std::vector<std::function<void()>> changes {
            [&] { shards.erase(shards.begin() + 1); },
            [&] { shards = { shards[1] }; },
            [&] { shards.push_back(shards[1]); },
            [&] { third.plan.seed = 9; },
            [&] { second.plan.task.digits = 7; },
            [&] { second.result.haystack.sha256 = "0"; },
            [&] { second.model.sha256 = "0"; },
            [&] { third.plan.lengths.back() = 500; },
            [&] { third.plan.depths.pop_back(); },
            [&] { third.plan.trials = 3; },
            [&] { third.plan.memory.keys = KeyKind::Whole; },
            [&] { third.plan.segmenter.maxTokens = 32; },
            [&] { third.plan.path = SweepPath::Naive; },
            [&] { third.hayloftVersion = "0"; },
            [&] { shards[0].record.shard = {}; },
            [&] { second.shard.of = 4; },
            [&] { second.result.cells.erase(second.result.cells.begin()); },
            [&] { third.result.cells.pop_back(); },
            [&] { shards[0].record.result.controls.trials = std::max(0, shards[0].record.result.controls.trials - 1); },
            [&] { second.result.cells.push_back(second.result.cells.back()); },
            [&] { shards.clear(); },
            [&] { second.result.cells.front().foundFirst.emplace(); },
        };
        changes[static_cast<std::size_t>(change)]();
        const std::string error = errorOf([&] { mergeShards(shards); });
        QVERIFY2(error.find(says.toStdString()) != std::string::npos, error.c_str());
        QVERIFY(error.find('\n') == std::string::npos);
    }

    void hostileShardsAreRefusedByName_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::newRow("no object") << "/shard" << "2";
        QTest::newRow("number 0") << "/shard/number" << "0";
        QTest::newRow("number above") << "/shard/number" << "3";
        QTest::newRow("of 1") << "/shard/of" << "1";
        QTest::newRow("of many") << "/shard/of" << "1e30";
        QTest::newRow("machines") << "/machines" << "[{}]";
        QTest::newRow("timing") << "/timing/shards" << "0";
    }

    void hostileShardsAreRefusedByName()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        auto json = nlohmann::ordered_json::parse(toJson(measured(planOf(), { 1, 2 })));
        json[nlohmann::ordered_json::json_pointer(pointer.toStdString())] = nlohmann::ordered_json::parse(value.toStdString());
        const std::string error = errorOf([&] { runRecordFromJson(json.dump()); });
        QVERIFY2(error.find(pointer.split('/').at(1).toStdString()) != std::string::npos, error.c_str());
    }
};

QTEST_GUILESS_MAIN(TestRunMerge)
#include "tst_runmerge.moc"
