// SPDX-License-Identifier: GPL-3.0-or-later
// Which cells each shard of a sweep measures.
#include "core/base/Error.h"
#include "core/recall/ShardPartition.h"
#include "tests/recall/SweepBench.h"

#include <QTest>

#include <map>
#include <numeric>
#include <set>

using namespace hayloft;
using namespace hayloft::test;

namespace {

SweepPlan smallPlan()
{
    SweepPlan plan;
    plan.lengths = { 150, 300, 600 };
    plan.depths = { 0, 50, 100 };
    plan.trials = 2;
    plan.controls = 5;
    plan.seed = 3;
    return plan;
}

/// What cells `first` up to `end` cost, counted piece by piece.
std::int64_t countedCost(const Bench& bench, std::size_t first, std::size_t end)
{
    std::int64_t cost = 0;
    std::set<TokenIds> encoded;
    for (const Trial& trial : bench.trials) {
        if (trial.cell < first || trial.cell >= end)
            continue;
        cost += 32;
        if (bench.plan.path == SweepPath::Naive) {
            cost += trial.layout.lengthAchieved;
            continue;
        }
        for (const Strip& strip : trial.layout.strips) {
            if (strip.kind == Strip::Kind::Needle || strip.kind == Strip::Kind::Split)
                cost += strip.part.tokens;
        }
        for (Index i = 0; i < trial.layout.pieces; ++i) {
            const TokenIds& tokens = bench.pieces.piece(bench.pieces.pieceAt(trial.layout.offset, i)).tokens;
            if (encoded.insert(tokens).second)
                cost += static_cast<std::int64_t>(tokens.size());
        }
    }
    return cost;
}

/// The dearest shard of the best split there is, by trying them all.
std::int64_t leastDearest(const Bench& bench, std::size_t first, std::size_t cells, int shards)
{
    if (shards == 1)
        return countedCost(bench, first, cells);
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (std::size_t end = first + 1; end + static_cast<std::size_t>(shards) - 1 <= cells; ++end)
        least = std::min(least, std::max(countedCost(bench, first, end), leastDearest(bench, end, cells, shards - 1)));
    return least;
}

} // namespace

class TestShardPartition : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void shardsAreParsed()
    {
        QVERIFY((parseShard("2/3") == Shard { 2, 3 }));
        QVERIFY(parseShard("1/1").isWhole());
        for (const char* bad : { "", "/", "1", "1/", "/2", "0/2", "3/2", "-1/2", "1/2/3", "a/b", "1 /2", "1/9999999999", "1/1000001" })
            QVERIFY_THROWS_EXCEPTION(Error, parseShard(bad));
    }

    void everyTrialIsInOneShard()
    {
        const Bench bench(smallPlan());
        for (int shards = 1; shards <= 9; ++shards) {
            const ShardPartition partition(bench.plan, bench.pieces, bench.trials, shards);
            std::map<std::tuple<bool, std::size_t, int>, int> seen;
            for (int shard = 1; shard <= shards; ++shard) {
                QCOMPARE(partition.first(shard), shard == 1 ? std::size_t(0) : partition.end(shard - 1));
                QVERIFY(partition.end(shard) > partition.first(shard));
                for (const Trial& trial : partition.trialsOf(shard, bench.trials)) {
                    QVERIFY(trial.cell >= partition.first(shard) && trial.cell < partition.end(shard));
                    ++seen[{ trial.control, trial.cell, trial.number }];
                }
            }
            QCOMPARE(partition.end(shards), std::size_t(9));
            QCOMPARE(seen.size(), bench.trials.size());
            QVERIFY(std::ranges::all_of(seen, [](const auto& one) { return one.second == 1; }));
        }
    }

    void theDearestShardIsAsCheapAsCanBe_data()
    {
        QTest::addColumn<bool>("naive");
        QTest::addColumn<bool>("inside");
        QTest::newRow("fast") << false << false;
        QTest::newRow("inside segments") << false << true;
        QTest::newRow("naive") << true << false;
    }

    void theDearestShardIsAsCheapAsCanBe()
    {
        QFETCH(bool, naive);
        QFETCH(bool, inside);
        SweepPlan plan = smallPlan();
        plan.path = naive ? SweepPath::Naive : SweepPath::Fast;
        plan.task.placement = inside ? Placement::Inside : Placement::Boundary;
        const Bench bench(plan);
        for (int shards = 1; shards <= 5; ++shards) {
            const ShardPartition partition(bench.plan, bench.pieces, bench.trials, shards);
            std::int64_t dearest = 0;
            for (int shard = 1; shard <= shards; ++shard) {
                QCOMPARE(partition.cost(shard), countedCost(bench, partition.first(shard), partition.end(shard)));
                dearest = std::max(dearest, partition.cost(shard));
            }
            QCOMPARE(dearest, leastDearest(bench, 0, 9, shards));
        }
    }

    // Ten thousand tokens of text, none of it twice: what one length's windows share with another's is worth keeping together.
    void shardsEncodeLittleMoreThanOneProcess()
    {
        std::string text;
        for (int i = 0; i < 1500; ++i)
            text += "Box " + std::to_string(i) + " holds " + std::to_string(7 * i) + " pins. ";
        SweepPlan plan = smallPlan();
        plan.lengths = { 200, 400, 800, 1600 };
        plan.depths = { 0, 25, 50, 75 };
        plan.trials = 1;
        plan.controls = 0;
        const Bench bench(plan, documentFromText(text, "boxes"));
        const ShardPartition whole(bench.plan, bench.pieces, bench.trials, 1), three(bench.plan, bench.pieces, bench.trials, 3);
        const std::int64_t sum = three.cost(1) + three.cost(2) + three.cost(3);
        QVERIFY2(sum * 10 < whole.cost(1) * 15, qPrintable(QString("%1 of %2").arg(sum).arg(whole.cost(1))));
        QVERIFY(std::max({ three.cost(1), three.cost(2), three.cost(3) }) * 3 < sum * 2);
    }

    void moreShardsThanCellsAreRefused()
    {
        const Bench bench(smallPlan());
        QVERIFY_THROWS_EXCEPTION(Error, ShardPartition(bench.plan, bench.pieces, bench.trials, 10));
        QVERIFY_THROWS_EXCEPTION(Error, runSweepShard(bench.plan, { 2, 10 }, bench.document, bench.model));
    }

    void aShardHandsOutItsCellsOnly()
    {
        const Bench bench(smallPlan());
        std::vector<Cell> all;
        for (int number = 1; number <= 4; ++number) {
            int handed = 0;
            const SweepResult shard = runSweepShard(bench.plan, { number, 4 }, bench.document, bench.model, {}, [&](const Cell&) { ++handed; });
            QCOMPARE(handed, static_cast<int>(shard.cells.size()));
            all.insert(all.end(), shard.cells.begin(), shard.cells.end());
        }
        const SweepResult whole = runSweep(bench.plan, bench.document, bench.model);
        QCOMPARE(all.size(), whole.cells.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            QCOMPARE(all[i].lengthTokens, whole.cells[i].lengthTokens);
            QCOMPARE(all[i].depthPercent, whole.cells[i].depthPercent);
            QCOMPARE(all[i].hits, whole.cells[i].hits);
        }
    }

    void aShardIsCancelled()
    {
        const Bench bench(smallPlan());
        std::stop_source stop;
        stop.request_stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled, runSweepShard(bench.plan, { 1, 2 }, bench.document, bench.model, { stop.get_token(), {} }));
    }
};

QTEST_GUILESS_MAIN(TestShardPartition)
#include "tst_shardpartition.moc"
