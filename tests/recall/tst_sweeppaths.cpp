// SPDX-License-Identifier: GPL-3.0-or-later
// The fast path against the naive one, trial by trial, and proof that a wrong fast path is noticed.
#include "tests/recall/SweepBench.h"

#include <QTest>
#include <set>

using namespace hayloft;
using namespace hayloft::test;

namespace {

SweepPlan smallPlan()
{
    SweepPlan plan;
    plan.lengths = {190, 333, 2000}; // the last is longer than the haystack several times
    plan.depths = {0, 33, 61.8, 100};
    plan.trials = 4;
    plan.controls = 5;
    plan.seed = 11;
    plan.memory.rows = 12;
    return plan;
}

/// Bugs of the kinds that a fast path has.
class OffByOneAfterNeedle : public FastSweep {
public:
    using FastSweep::FastSweep;
    Index rowOfPiece(const ContextLayout& layout, Index ordinal) const override
    {
        const Index row = FastSweep::rowOfPiece(layout, ordinal), before = FastSweep::rowOfPiece(layout, ordinal - 1);
        return row > before + 1 ? row - 1 : row; // a needle stands before this piece
    }
};

class ForgetsWrapping : public FastSweep {
public:
    using FastSweep::FastSweep;
    Index occurrences(const ContextLayout& layout, Index piece) const override
    {
        return piece < layout.offset ? 0 : FastSweep::occurrences(layout, piece);
    }
};

class ForgetsToRemoveTheSplitPiece : public FastSweep {
public:
    ForgetsToRemoveTheSplitPiece(const SweepSetup& setup, SweepClock& clock) : FastSweep(setup, clock), m_haystack(setup.haystack) {}
    Index occurrences(const ContextLayout& layout, Index piece) const override
    {
        Index times = FastSweep::occurrences(layout, piece);
        for (const auto& strip : layout.strips)
            times += strip.kind == Strip::Kind::Split && strip.begin == 0 && m_haystack.pieceAt(layout.offset, strip.first) == piece ? 1 : 0;
        return times;
    }

private:
    const Haystack& m_haystack;
};

const std::vector<SegmenterKind> kSegmenters {SegmenterKind::Sentence, SegmenterKind::Tokens, SegmenterKind::Paragraph};

} // namespace

class TestSweepPaths : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pathsAgree_data();
    void pathsAgree();
    void aWrongFastPathIsNoticed();
    void piecesAreSegmentsOnTheirOwn();
    void layoutsKeepTheirPromises();
    void fillerIsEncodedOnce();
    void identicalTrialsCountOnce();
};

void TestSweepPaths::pathsAgree_data()
{
    QTest::addColumn<SweepPlan>("plan");
    for (auto memory : {KeyMemoryKind::Grow, KeyMemoryKind::Fixed}) {
        for (auto keys : {KeyKind::Prefix, KeyKind::Whole}) {
            for (auto placement : {Placement::Boundary, Placement::Inside}) {
                for (auto segmenter : kSegmenters) {
                    for (auto task : {TaskKind::Passkey, TaskKind::Needle}) {
                        SweepPlan plan = smallPlan();
                        plan.memory.keyMemory = memory;
                        plan.memory.keys = keys;
                        plan.task.placement = placement;
                        plan.task.kind = task;
                        plan.task.needles = {sanFranciscoNeedle(),
                                             {"The house was sold for nine goats and a bell.", "The house was", "Who got the house?"}};
                        plan.segmenter.kind = segmenter;
                        plan.segmenter.maxTokens = segmenter == SegmenterKind::Tokens ? 40 : 60;
                        QTest::addRow("%s %s %s %s %s", nameOf(memory).data(), nameOf(keys).data(), nameOf(placement).data(),
                                      nameOf(segmenter).data(), nameOf(task).data())
                            << plan;
                    }
                }
            }
        }
        for (auto segmenter : kSegmenters) {
            SweepPlan plan = smallPlan();
            plan.memory.keyMemory = memory;
            plan.segmenter.kind = segmenter;
            plan.memory.latents = LatentFormat::Float16;
            QTest::addRow("%s %s float16", nameOf(memory).data(), nameOf(segmenter).data()) << plan;
        }
    }
}

void TestSweepPaths::pathsAgree()
{
    QFETCH(SweepPlan, plan);
    Bench bench(plan);
    QVERIFY(bench.pieces.tokens() < plan.lengths.back());
    QVERIFY(bench.pieces.tokens() > plan.lengths.front());
    FastSweep fast(bench.setup, bench.clock);
    NaiveSweep naive(bench.setup, bench.clock);
    const auto a = bench.run(fast), b = bench.run(naive);
    const std::string found = difference(a, b);
    QVERIFY2(found.empty(), found.c_str());
    QVERIFY(fast.timing().tokensEncoded < naive.timing().tokensEncoded / 5);
    for (std::size_t i = 0; i < b.size(); ++i) {
        QVERIFY(b[i].lengthAchieved <= bench.trials[i].lengthTokens);
        QVERIFY(b[i].lengthAchieved > bench.trials[i].lengthTokens - 2 * plan.segmenter.maxTokens);
        QCOMPARE(b[i].writeRow() < 0, bench.trials[i].control);
    }
}

void TestSweepPaths::aWrongFastPathIsNoticed()
{
    SweepPlan plan = smallPlan();
    plan.task.kind = TaskKind::Needle;
    plan.task.needles = {{"The house was sold for nine goats and a bell.", "One was for", "Who got the house?"}};
    plan.trials = 10;
    plan.task.placement = Placement::Inside;
    plan.memory.prefixTokens = 3;
    const auto differs = [](Bench& bench, FastSweep&& fast) {
        NaiveSweep naive(bench.setup, bench.clock);
        return !difference(bench.run(fast), bench.run(naive)).empty();
    };
    {
        plan.task.placement = Placement::Boundary;
        Bench bench(plan);
        QVERIFY(!differs(bench, FastSweep(bench.setup, bench.clock)));
        QVERIFY(differs(bench, OffByOneAfterNeedle(bench.setup, bench.clock)));
    }
    plan.task.placement = Placement::Inside;
    plan.memory.keyMemory = KeyMemoryKind::Fixed;
    plan.memory.rows = 3;
    Bench bench(plan);
    QVERIFY(!differs(bench, FastSweep(bench.setup, bench.clock)));
    QVERIFY(differs(bench, ForgetsWrapping(bench.setup, bench.clock)));
    QVERIFY(differs(bench, ForgetsToRemoveTheSplitPiece(bench.setup, bench.clock)));
}

// The rule that both paths stand on, on hostile text too.
void TestSweepPaths::piecesAreSegmentsOnTheirOwn()
{
    const ToyTokenizer tokenizer;
    std::string hostile = "a.b.c. ... !?!? (x. y.) \"Q. R.\" 3.14. e.g. this, i.e. that. Mr. X vs. Dr. Y.\r\n\r\n \t\n\n- x\n- y\n\nzzzzzz";
    hostile += std::string(400, 'w') + ". " + std::string(300, '.') + " \xE3\x80\x82\xE3\x80\x82 \xF0\x9F\x98\x80\xF0\x9F\x98\x80. End";
    for (const auto& document : {proseHaystack(), documentFromText(hostile, "hostile")}) {
        for (auto kind : kSegmenters) {
            for (int maxTokens : {4, 7, 64}) {
                const SegmenterOptions options {kind, maxTokens};
                const Haystack haystack(document, tokenizer, options);
                std::size_t end = 0;
                std::int64_t tokens = 0;
                for (Index i = 0; i < haystack.size(); ++i) {
                    QCOMPARE(haystack.piece(i).begin, end);
                    end = haystack.piece(i).end;
                    const auto segments = segmentText(haystack.text(i), tokenizer, options);
                    QCOMPARE(segments.size(), std::size_t(1));
                    QCOMPARE(segments.front().tokens, haystack.piece(i).tokens);
                    tokens += std::int64_t(segments.front().tokens.size());
                }
                QCOMPARE(end, document.text.size());
                QCOMPARE(haystack.tokens(), tokens);
            }
        }
    }
}

// Windows, lengths and depths against counting one piece at a time.
void TestSweepPaths::layoutsKeepTheirPromises()
{
    const ToyTokenizer tokenizer;
    const auto document = proseHaystack();
    const Haystack haystack(document, tokenizer, {SegmenterKind::Sentence, 50});
    for (Index offset = 0; offset < haystack.size(); ++offset) {
        std::int64_t tokens = 0;
        for (Index n = 0; n < 3 * haystack.size(); ++n) {
            QCOMPARE(haystack.windowTokens(offset, n), tokens);
            tokens += std::int64_t(haystack.piece(haystack.pieceAt(offset, n)).tokens.size());
            QCOMPARE(haystack.piecesWithin(offset, tokens), n + 1);
            QCOMPARE(haystack.piecesWithin(offset, tokens - 1), n);
        }
    }
    const TrialNeedle needle = drawNeedle({}, 3);
    for (auto placement : {Placement::Boundary, Placement::Inside}) {
        for (double depth : {0.0, 1.0, 25.0, 50.0, 77.7, 99.0, 100.0}) {
            for (Index offset = 0; offset < haystack.size(); ++offset) {
                const auto layout = layOut(haystack, placement, needle, offset, 400, depth);
                const auto context = assemble(haystack, layout, needle);
                QCOMPARE(context.text.substr(context.needleBegin, context.needleEnd - context.needleBegin), needle.text);
                QVERIFY(context.text.rfind(needle.openingLine, 0) == 0);
                if (placement == Placement::Boundary)
                    QVERIFY(layout.depthAchieved <= depth + 1e-6);
                QVERIFY(std::abs(layout.depthAchieved - depth) < 100.0 * 50 / 300);
                std::size_t splits = 0;
                for (const auto& strip : layout.strips) {
                    QVERIFY(strip.segments() > 0);
                    splits += strip.kind == Strip::Kind::Split ? 1 : 0;
                }
                QCOMPARE(splits, std::size_t(placement == Placement::Inside ? 2 : 0));
            }
        }
    }
    const auto top = layOut(haystack, Placement::Boundary, needle, 2, 400, 0);
    QVERIFY(top.strips[1].kind == Strip::Kind::Needle);
    QCOMPARE(top.depthAchieved, 0.0);
    QCOMPARE(layOut(haystack, Placement::Boundary, needle, 2, 400, 100).depthAchieved, 100.0);
    QVERIFY_EXCEPTION_THROWN(layOut(haystack, Placement::Boundary, needle, 0, 60, 50), Error);
    // The same trial, rebuilt from the plan alone.
    SweepPlan plan = smallPlan();
    const auto context = assembleTrial(plan, document, tokenizer, 333, 61.8, 2);
    const auto seed = trialSeed(plan.seed, 333, 61.8, 2);
    QCOMPARE(context.needle.expected, drawNeedle(plan.task, seed).expected);
    QVERIFY(context.lengthAchieved <= 333);
    QVERIFY(context.text.find(context.needle.text) == context.needleBegin);
}

void TestSweepPaths::fillerIsEncodedOnce()
{
    SweepPlan plan = smallPlan();
    plan.lengths = {20000};
    plan.memory.keys = KeyKind::Whole;
    Bench bench(plan, documentFromText(passkeyFiller(60000), "filler"));
    QVERIFY(bench.pieces.size() > 2000);
    FastSweep fast(bench.setup, bench.clock);
    fast.prepare(bench.trials, {});
    std::int64_t parts = 0; // what the trials' needles bring, with repeats
    for (const auto& trial : bench.trials)
        for (const auto& strip : trial.layout.strips)
            for (const auto& tokens : strip.part.segments)
                parts += static_cast<std::int64_t>(tokens.size());
    QVERIFY(fast.timing().tokensEncoded < 60 + parts); // five sentences
    QVERIFY(parts < 20000 / 4);
}

void TestSweepPaths::identicalTrialsCountOnce()
{
    SweepPlan plan = smallPlan();
    plan.task.kind = TaskKind::Needle;
    plan.task.needles = {sanFranciscoNeedle()};
    plan.trials = 1000;
    plan.lengths = {400};
    plan.depths = {50};
    plan.controls = 0;
    Bench bench(plan); // one needle: at most one trial per rotation
    QVERIFY(bench.trials.size() <= std::size_t(bench.pieces.size()));
    std::set<Index> offsets;
    for (const auto& trial : bench.trials)
        QVERIFY(offsets.insert(trial.offset).second);
}

QTEST_GUILESS_MAIN(TestSweepPaths)
#include "tst_sweeppaths.moc"
