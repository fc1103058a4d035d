// SPDX-License-Identifier: GPL-3.0-or-later
// RULER's tasks in sweeps: both paths with several needles and several rows, following, scores, failures and controls.
#include "core/recall/RulerScoring.h"
#include "tests/recall/SweepBench.h"

#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

SweepPlan rulerPlan(RulerTask task, KeyKind keys = KeyKind::Content)
{
    SweepPlan plan;
    plan.task.kind = TaskKind::Ruler;
    plan.task.ruler = task;
    plan.reading.byQuestion = true;
    plan.memory.keys = keys;
    plan.memory.prefixTokens = 24; // up to the key and into it
    plan.memory.rows = 40;
    plan.lengths = {800, 2500};
    plan.depths = {0, 38.2, 100};
    plan.trials = 3;
    plan.controls = 4;
    plan.seed = 5;
    return plan;
}

int hits(const SweepResult& result)
{
    int count = 0;
    for (const auto& cell : result.cells)
        count += cell.hits;
    return count;
}

class TakesRepeatsForTheFirst : public FastSweep {
public:
    TakesRepeatsForTheFirst(const SweepSetup& setup, SweepClock& clock) : FastSweep(setup, clock), m_size(setup.haystack.size()) {}
    Index rowOfPiece(const ContextLayout& layout, Index ordinal) const override { return FastSweep::rowOfPiece(layout, ordinal % m_size); }

private:
    Index m_size;
};

class FollowsTheWrongWay : public FastSweep {
public:
    using FastSweep::FastSweep;
    Index segmentAfter(Index number) const override { return number - 1; }
};

bool pathsDiffer(Bench& bench, FastSweep&& fast)
{
    NaiveSweep naive(bench.setup, bench.clock);
    return !difference(bench.run(fast), bench.run(naive)).empty();
}

} // namespace

class TestRulerSweep : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pathsAgree_data();
    void pathsAgree();
    void aWrongFastPathIsNoticed();
    void severalNeedlesStandWhereTheyShould();
    void everyTaskIsSolved_data();
    void everyTaskIsSolved();
    void keyAndValueOfUuidsNeverShareASegment();
    void valuesCutInTwoComeBackWhole();
    void failuresAreExplained();
    void claimsAreSeen();
    void absenceIsJudgedBesideRecall();
    void aPartOfTheValuesIsAPartOfTheScore();
};

void TestRulerSweep::pathsAgree_data()
{
    QTest::addColumn<SweepPlan>("plan");
    for (auto memory : {KeyMemoryKind::Grow, KeyMemoryKind::Fixed}) {
        for (auto keys : {KeyKind::Prefix, KeyKind::Content, KeyKind::Floor}) {
            for (auto placement : {Placement::Boundary, Placement::Inside}) {
                for (auto task : {RulerTask::NiahMultikey1, RulerTask::NiahMultikey3, RulerTask::NiahMultivalue, RulerTask::NiahMultiquery}) {
                    for (auto segmenter : {SegmenterKind::Sentence, SegmenterKind::Tokens}) {
                        SweepPlan plan = rulerPlan(task, keys);
                        plan.memory.keyMemory = memory;
                        plan.task.placement = placement;
                        plan.segmenter = {segmenter, segmenter == SegmenterKind::Tokens ? 40 : 60};
                        plan.reading.rows.share = 0.5; // reads rows of the haystack too
                        QTest::addRow("%s %s %s %s %s", nameOf(memory).data(), nameOf(keys).data(), nameOf(placement).data(),
                                      nameOf(task).data(), nameOf(segmenter).data())
                            << plan;
                    }
                }
            }
        }
    }
}

void TestRulerSweep::pathsAgree()
{
    QFETCH(SweepPlan, plan);
    Bench bench(plan);
    FastSweep fast(bench.setup, bench.clock);
    NaiveSweep naive(bench.setup, bench.clock);
    const auto a = bench.run(fast), b = bench.run(naive);
    const std::string found = difference(a, b);
    QVERIFY2(found.empty(), found.c_str());
    const bool several = formOf(plan.task.ruler).needles() > 1;
    for (std::size_t i = 0; i < b.size(); ++i) {
        QVERIFY(b[i].lengthAchieved <= bench.trials[i].lengthTokens);
        QVERIFY(b[i].lengthAchieved > bench.trials[i].lengthTokens - 2 * plan.segmenter.maxTokens);
        QCOMPARE(b[i].writeRow() < 0, bench.trials[i].control);
        QCOMPARE(b[i].depths.size() > 1, several);
    }
}

void TestRulerSweep::aWrongFastPathIsNoticed()
{
    {
        SweepPlan plan = rulerPlan(RulerTask::NiahMultikey3);
        plan.segmenter.maxTokens = 60; // the line does not fit
        Bench bench(plan);
        QVERIFY(!pathsDiffer(bench, FastSweep(bench.setup, bench.clock)));
        QVERIFY(pathsDiffer(bench, FollowsTheWrongWay(bench.setup, bench.clock)));
    }
    SweepPlan plan = rulerPlan(RulerTask::NiahMultivalue);
    plan.reading.rows = {0.1, 12};
    Bench bench(plan);
    QVERIFY(!pathsDiffer(bench, FastSweep(bench.setup, bench.clock)));
    QVERIFY(pathsDiffer(bench, TakesRepeatsForTheFirst(bench.setup, bench.clock)));
}

void TestRulerSweep::severalNeedlesStandWhereTheyShould()
{
    const ToyTokenizer tokenizer;
    const auto document = proseHaystack();
    const Haystack haystack(document, tokenizer, {SegmenterKind::Sentence, 60});
    for (auto placement : {Placement::Boundary, Placement::Inside}) {
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            TrialNeedle needle = drawNeedle(rulerPlan(RulerTask::NiahMultiquery).task, seed);
            if (seed % 2 == 0) // all in one place
                for (auto& other : needle.others)
                    other.depthPercent = 50 + static_cast<double>(seed % 3);
            const auto layout = layOut(haystack, placement, needle, static_cast<Index>(seed) % haystack.size(), 900, 50);
            const auto context = assemble(haystack, layout, needle);
            QVERIFY(context.text.rfind(needle.openingLine + "\n", 0) == 0);
            QCOMPARE(context.text.find(needle.question), std::string::npos);
            QCOMPARE(context.needles.size(), std::size_t(4));
            for (std::size_t n = 0; n < 4; ++n) {
                const std::string& text = n == 0 ? needle.text : needle.others[n - 1].text;
                const auto [begin, end] = context.needles[n];
                QCOMPARE(context.text.substr(begin, end - begin), text);
                const double wanted = n == 0 ? 50 : needle.others[n - 1].depthPercent;
                QVERIFY(std::abs(layout.depths[n] - wanted) < 100.0 * 60 / 500);
            }
            QVERIFY(layout.lengthAchieved <= 900);
            // The text without what was planted is the haystack, word for word.
            std::int64_t tokens = 0;
            for (const auto& strip : layout.strips)
                tokens += strip.kind == Strip::Kind::Pieces ? haystack.windowTokens(layout.offset, strip.first + strip.count)
                        - haystack.windowTokens(layout.offset, strip.first)
                                                            : strip.part.tokens;
            QCOMPARE(tokens, layout.lengthAchieved);
        }
    }
    // A control keeps the needles that are not asked for.
    const TrialNeedle multikey = drawNeedle(rulerPlan(RulerTask::NiahMultikey1).task, 1);
    const auto control = layOut(haystack, Placement::Boundary, multikey, 0, 900, 50, false);
    QVERIFY(!control.needle(0));
    QVERIFY(control.needle(1) && control.needle(2) && control.needle(3));
    const auto none = layOut(haystack, Placement::Boundary, drawNeedle(rulerPlan(RulerTask::NiahMultivalue).task, 1), 0, 900, 50, false);
    for (std::size_t n = 0; n < 4; ++n)
        QVERIFY(!none.needle(n));
}

void TestRulerSweep::everyTaskIsSolved_data()
{
    QTest::addColumn<int>("task");
    for (const RulerTask task : kRulerTasks)
        QTest::newRow(nameOf(task).data()) << static_cast<int>(task);
}

void TestRulerSweep::everyTaskIsSolved()
{
    QFETCH(int, task);
    const auto ruler = static_cast<RulerTask>(task);
    SweepPlan plan = rulerPlan(ruler);
    plan.task.placement = Placement::Inside;
    const ToyModel model = Bench::makeModel();
    const bool essay = formOf(ruler).haystack == RulerHaystack::Essay;
    const Document haystack = essay ? proseHaystack() : documentFromText(rulerHaystackText(ruler, bundledRulerWords(), 3, 60), "lines");
    plan.task.placement = essay ? Placement::Inside : Placement::Boundary;
    const auto result = runSweep(plan, haystack, model);
    QCOMPARE(hits(result), 18);
    QCOMPARE(result.controls.falseAnswers, 0);
    for (const auto& cell : result.cells) {
        QCOMPARE(cell.rulerScore, 1.0);
        for (const auto& sample : cell.samples) {
            QCOMPARE(sample.rulerScore, 1.0);
            QVERIFY(!sample.readRows.empty());
            QCOMPARE(sample.readRows.front(), sample.readRow);
            QCOMPARE(sample.depths.size(), std::size_t(formOf(ruler).needles() - 1));
            if (formOf(ruler).needles() > 1)
                QCOMPARE(sample.writeRows.size(), sample.depths.size() + 1);
        }
    }
}

void TestRulerSweep::keyAndValueOfUuidsNeverShareASegment()
{
    const ToyTokenizer tokenizer;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        const TrialNeedle needle = drawNeedle(rulerPlan(RulerTask::NiahMultikey3).task, seed);
        const Part part = segmentPart(needle.text, tokenizer, {SegmenterKind::Sentence, 64});
        QCOMPARE(part.texts.size(), std::size_t(2));
        for (const auto& text : part.texts)
            QVERIFY(text.find(needle.keys.front()) == text.npos || text.find(needle.values.front()) == text.npos);
    }
}

// Fixed-length segments cut a UUID anywhere: its halves are glued together again.
void TestRulerSweep::valuesCutInTwoComeBackWhole()
{
    SweepPlan plan = rulerPlan(RulerTask::NiahSingle3, KeyKind::Prefix);
    plan.segmenter = {SegmenterKind::Tokens, 50};
    plan.memory.prefixTokens = 12;
    const ToyModel model = Bench::makeModel();
    const auto result = runSweep(plan, proseHaystack(), model);
    QCOMPARE(hits(result), 18);
    QVERIFY(result.cells[0].samples[0].readRows.size() > 1);
    plan.reading.byQuestion = false; // one row holds no whole UUID
    QVERIFY_EXCEPTION_THROWN(runSweep(plan, proseHaystack(), model), Error);
}

void TestRulerSweep::failuresAreExplained()
{
    const ToyModel model = Bench::makeModel();
    SweepPlan plan = rulerPlan(RulerTask::NiahMultivalue);
    plan.memory.keyMemory = KeyMemoryKind::Fixed;
    plan.memory.rows = 2; // everything shares a row
    for (const auto& cell : runSweep(plan, proseHaystack(), model).cells) {
        QCOMPARE(cell.hits, 0);
        for (const auto& sample : cell.samples)
            QVERIFY(sample.failure == Failure::RowShared || sample.failure == Failure::RowWrong);
    }
    plan = rulerPlan(RulerTask::NiahMultivalue);
    plan.reading.rows.most = 1;
    for (const auto& cell : runSweep(plan, proseHaystack(), model).cells) {
        QCOMPARE(cell.rulerScore, 0.25);
        QVERIFY(cell.samples[0].failure == Failure::RowWrong); // of the values that were not read
    }
}

// The rule changes no hit and no false answer; what it would change is counted by an independent look at each answer.
void TestRulerSweep::absenceIsJudgedBesideRecall()
{
    SweepPlan plan;
    plan.memory.keys = KeyKind::Content;
    plan.reading = rulesFor(KeyKind::Content);
    plan.lengths = {900};
    plan.depths = {0, 50, 100};
    plan.trials = 4;
    plan.controls = 6;
    ToyModel model = Bench::makeModel();
    const auto without = runSweep(plan, proseHaystack(), model);
    QVERIFY(!without.controls.answered && !without.cells[0].upheld);
    QCOMPARE(hits(without), 12);
    model.giveContentKeys({-0.6f, 1, 0}); // "pass" and "key": both, not one of two
    const auto lenient = runSweep(plan, proseHaystack(), model);
    QCOMPARE(hits(lenient), 12);
    QCOMPARE(lenient.controls.falseAnswers, without.controls.falseAnswers);
    QCOMPARE(lenient.controls.answered, std::optional<int>(0));
    for (const auto& cell : lenient.cells) {
        QCOMPARE(cell.upheld, std::optional<int>(4));
        for (const auto& sample : cell.samples)
            QVERIFY(!sample.absent && sample.upheld);
    }
    model.giveContentKeys({-1.5f, 1, 0}); // nothing can be covered that well
    for (const auto& cell : runSweep(plan, proseHaystack(), model).cells) {
        QCOMPARE(cell.hits, 4);
        QCOMPARE(cell.upheld, std::optional<int>(0));
        for (const auto& sample : cell.samples)
            QVERIFY(sample.absent && !sample.upheld && sample.correct);
    }
    plan.memory.keys = KeyKind::Prefix; // other keys are not judged
    plan.reading = {};
    QVERIFY(!runSweep(plan, proseHaystack(), model).cells[0].upheld);
}

void TestRulerSweep::claimsAreSeen()
{
    RecallTask numbers = rulerPlan(RulerTask::NiahSingle1).task, uuids = rulerPlan(RulerTask::NiahMultikey3).task;
    TrialNeedle needle;
    needle.keys = {"kind-tree"};
    QVERIFY(claimsRulerValue(numbers, needle, "One of the special magic numbers for kind-tree is: 1234567."));
    QVERIFY(!claimsRulerValue(numbers, needle, "One of the special magic numbers for old-tree is: 1234567."));
    QVERIFY(!claimsRulerValue(numbers, needle, "A special magic number for kind-tree is hidden."));
    QVERIFY(!claimsRulerValue(numbers, needle, "for kind-trees is: 1234567."));
    QVERIFY(!claimsRulerValue(numbers, needle, "for kind-tree is: 12345678."));
    needle.keys = {"38f505ce-2ac1-44d8-a6ee-b7101efa3117"};
    QVERIFY(!claimsRulerValue(uuids, needle, "uuids for 38f505ce-2ac1-44d8-a6ee-b7101efa3117 is:"));
    QVERIFY(claimsRulerValue(uuids, needle, "for 38f505ce-2ac1-44d8-a6ee-b7101efa3117 is: 4b146236-6c5a-4ccf-99c8-fb534ab1e9f7."));
}

void TestRulerSweep::aPartOfTheValuesIsAPartOfTheScore()
{
    SweepPlan plan = rulerPlan(RulerTask::NiahMultivalue);
    plan.reading.rows.most = 3;
    const auto result = runSweep(plan, proseHaystack(), Bench::makeModel());
    QCOMPARE(hits(result), 0);
    for (const auto& cell : result.cells)
        QCOMPARE(cell.rulerScore, 0.75);
}

QTEST_GUILESS_MAIN(TestRulerSweep)
#include "tst_rulersweep.moc"
