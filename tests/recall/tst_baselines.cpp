// SPDX-License-Identifier: GPL-3.0-or-later
// What content keys, their floor and BM25 find first, against plain ranking of each trial's assembled context.
#include "core/recall/Baselines.h"
#include "tests/recall/SweepBench.h"

#include <QTest>

#include <numeric>

using namespace hayloft;
using namespace hayloft::test;

namespace {

SweepPlan planOf(TaskKind kind, RulerTask ruler = RulerTask::NiahSingle1)
{
    SweepPlan plan;
    plan.task.kind = kind;
    plan.task.ruler = ruler;
    plan.task.needles = {sanFranciscoNeedle(), {"The house was sold for nine goats.", "The house was", "Who sold the old house on the water?"},
                         {"Ines laughed at the clock.", "", "What was lost?"}, {"The house was cold.", "", "Was the house cold?"}};
    plan.reading.byQuestion = true;
    plan.memory.keys = KeyKind::Content;
    plan.memory.rows = 20;
    plan.lengths = {700, 1100, 2500}; // the prose is shorter than the last two
    plan.depths = {0, 38.2, 100};
    plan.trials = 3;
    plan.controls = 3;
    plan.seed = 9;
    plan.segmenter.maxTokens = 60;
    plan.baselines = true;
    return plan;
}

Document haystackOf(const SweepPlan& plan)
{
    const bool made = plan.task.kind == TaskKind::Ruler && formOf(plan.task.ruler).haystack != RulerHaystack::Essay;
    return made ? documentFromText(rulerHaystackText(plan.task.ruler, bundledRulerWords(), 3, 24), "lines") : proseHaystack();
}

/// The segments of a trial's context, cut from its text.
struct Segments {
    std::vector<std::string> texts;
    std::vector<TokenIds> tokens;
};

Segments segmentsOf(const Bench& bench, const Trial& trial)
{
    const auto context = assemble(bench.pieces, trial.layout, trial.needle);
    auto cuts = context.restarts;
    cuts.insert(cuts.begin(), 0);
    cuts.push_back(context.text.size());
    Segments found;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
        const std::string stretch = context.text.substr(cuts[i], cuts[i + 1] - cuts[i]);
        for (auto& segment : segmentText(stretch, bench.model.tokenizer(), bench.plan.segmenter)) {
            if (segment.tokens.empty())
                continue;
            found.texts.push_back(stretch.substr(segment.contentBegin, segment.contentEnd - segment.contentBegin));
            found.tokens.push_back(std::move(segment.tokens));
        }
    }
    return found;
}

/// Whether a wanted segment is better than all others by more than `tie`. @param worse of each, the less the better
bool isFirst(const std::vector<float>& worse, const std::vector<char>& wanted, float tie)
{
    float best = 1e30f, other = 1e30f;
    for (std::size_t i = 0; i < worse.size(); ++i)
        (wanted[i] ? best : other) = std::min(wanted[i] ? best : other, worse[i]);
    return other > best + tie;
}

bool keysFindFirst(const Bench& bench, KeyKind kind, const Segments& segments, const std::vector<char>& wanted, const std::string& query)
{
    const KeyEncoder encoder(bench.model, kind, 4);
    const Matrix keys = encoder.writeKeys(segments.tokens), asked = encoder.readKeys({encoder.query(query).tokens});
    std::vector<float> distances;
    for (Index i = 0; i < keys.rows(); ++i)
        distances.push_back(exactDistance(asked.row(0), keys.row(i)));
    return isFirst(distances, wanted, kTieDistance);
}

bool wordsFindFirst(const Segments& segments, const std::vector<char>& wanted, const std::string& query)
{
    auto scores = Bm25(segments.texts).scores(query);
    for (float& score : scores)
        score = -score;
    return isFirst(scores, wanted, 0);
}

/// One trial, everything anew. @param outcome the naive path's, in a growing memory: its rows are numbers of segments
FoundFirst ranked(const Bench& bench, const Trial& trial, const TrialOutcome& outcome)
{
    const Segments segments = segmentsOf(bench, trial);
    std::vector<char> wanted(segments.texts.size(), 0);
    for (const auto& rows : outcome.answerRows)
        for (const Index row : rows)
            wanted[std::size_t(row)] = 1;
    FoundFirst found {true, true, true};
    for (const auto& query : queriesOf(trial.needle, KeyKind::Content, bench.plan.reading)) {
        found.content = keysFindFirst(bench, KeyKind::Content, segments, wanted, query) && found.content;
        found.floor = keysFindFirst(bench, KeyKind::Floor, segments, wanted, query) && found.floor;
        found.bm25 = wordsFindFirst(segments, wanted, query) && found.bm25;
    }
    return found;
}

std::vector<FoundFirst> fast(const Bench& bench, Baselines&& baselines)
{
    baselines.prepare(bench.trials);
    std::vector<FoundFirst> found;
    for (std::size_t first = 0; first < bench.trials.size(); first += 5) { // odd batches
        const auto batch = std::span<const Trial>(bench.trials).subspan(first, std::min<std::size_t>(5, bench.trials.size() - first));
        const auto more = baselines.measure(batch);
        found.insert(found.end(), more.begin(), more.end());
    }
    return found;
}

std::vector<FoundFirst> naive(Bench& bench)
{
    NaiveSweep solver(bench.setup, bench.clock);
    const auto outcomes = bench.run(solver);
    std::vector<FoundFirst> found;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        found.push_back(bench.trials[i].control ? FoundFirst {} : ranked(bench, bench.trials[i], outcomes[i]));
    return found;
}

std::string difference(const std::vector<FoundFirst>& a, const std::vector<FoundFirst>& b)
{
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        if (i >= a.size() || i >= b.size())
            return "number of trials";
        if (a[i].content != b[i].content || a[i].floor != b[i].floor || a[i].bm25 != b[i].bm25)
            return "trial " + std::to_string(i);
    }
    return {};
}

/// Mistakes of the kinds that a count of pieces can have.
class ForgetsWrapping : public Baselines {
public:
    explicit ForgetsWrapping(const SweepSetup& setup) : Baselines(setup), m_size(setup.haystack.size()) {}
    int timesOf(const ContextLayout& layout, Index ordinal) const override { return layout.offset + ordinal < m_size ? 1 : 0; }

private:
    Index m_size;
};

class SeesNoHaystack : public Baselines {
public:
    using Baselines::Baselines;
    int timesOf(const ContextLayout&, Index) const override { return 0; }
};

/// Only what is counted differs: how rare a word is in the context.
class CountsPiecesTooOften : public Baselines {
public:
    using Baselines::Baselines;
    int timesOf(const ContextLayout&, Index ordinal) const override { return 1 + static_cast<int>(ordinal % 3) * 40; }
};

} // namespace

class TestBaselines : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void fastIsNaive_data();
    void fastIsNaive();
    void aWrongCountIsNoticed();
    void aTieIsNoFind();
    void contentIsWhatTheSweepReads();
    void sweepsCountThem();
    void needsContentKeys();
};

void TestBaselines::fastIsNaive_data()
{
    QTest::addColumn<SweepPlan>("plan");
    for (const auto placement : {Placement::Boundary, Placement::Inside}) {
        const auto add = [&](const char* name, SweepPlan plan) {
            plan.task.placement = placement;
            QTest::addRow("%s %s", name, nameOf(placement).data()) << plan;
        };
        add("passkey", planOf(TaskKind::Passkey));
        add("needles", planOf(TaskKind::Needle));
        for (const RulerTask task : {RulerTask::NiahSingle1, RulerTask::NiahMultikey1, RulerTask::NiahMultikey2, RulerTask::NiahMultikey3,
                                     RulerTask::NiahMultivalue, RulerTask::NiahMultiquery})
            add(nameOf(task).data(), planOf(TaskKind::Ruler, task));
    }
}

void TestBaselines::fastIsNaive()
{
    QFETCH(SweepPlan, plan);
    Bench bench(plan, haystackOf(plan));
    QVERIFY(bench.pieces.tokens() < plan.lengths.back()); // it repeats
    const auto a = fast(bench, Baselines(bench.setup)), b = naive(bench);
    const std::string found = difference(a, b);
    QVERIFY2(found.empty(), found.c_str());
    for (std::size_t i = 0; i < a.size(); ++i)
        QVERIFY(!bench.trials[i].control || !(a[i].content || a[i].floor || a[i].bm25));
}

void TestBaselines::aWrongCountIsNoticed()
{
    SweepPlan plan = planOf(TaskKind::Needle);
    plan.trials = 12;
    Bench bench(plan);
    const auto right = naive(bench);
    QVERIFY(difference(fast(bench, Baselines(bench.setup)), right).empty());
    QVERIFY(!difference(fast(bench, ForgetsWrapping(bench.setup)), right).empty());
    QVERIFY(!difference(fast(bench, SeesNoHaystack(bench.setup)), right).empty());
    const auto wrong = fast(bench, CountsPiecesTooOften(bench.setup));
    const auto sum = [](const std::vector<FoundFirst>& all, bool FoundFirst::* one) {
        return std::accumulate(all.begin(), all.end(), 0, [one](int n, const FoundFirst& f) { return n + (f.*one ? 1 : 0); });
    };
    QVERIFY(sum(wrong, &FoundFirst::bm25) != sum(right, &FoundFirst::bm25)); // only words are counted over the context
    QCOMPARE(sum(wrong, &FoundFirst::content), sum(right, &FoundFirst::content));
}

void TestBaselines::aTieIsNoFind()
{
    SweepPlan plan = planOf(TaskKind::Needle);
    plan.lengths = {2500}; // the whole haystack, which has the same sentence
    plan.task.needles = {{"The house was cold.", "", "Was the house cold?"}};
    const Bench same(plan);
    for (const FoundFirst& found : fast(same, Baselines(same.setup)))
        QVERIFY(!found.content && !found.floor && !found.bm25);
    plan.task.needles = {{"Xylophone zeppelin quark.", "", "Xylophone zeppelin quark?"}};
    const Bench other(plan);
    const auto found = fast(other, Baselines(other.setup));
    for (std::size_t i = 0; i < found.size(); ++i)
        QCOMPARE(found[i].content && found[i].floor && found[i].bm25, !other.trials[i].control);
    plan.task.needles = {{"Xylophone zeppelin quark.", "", "Who?"}}; // no word in common with anything
    const Bench none(plan);
    for (const FoundFirst& each : fast(none, Baselines(none.setup)))
        QVERIFY(!each.bm25);
}

void TestBaselines::contentIsWhatTheSweepReads()
{
    SweepPlan plan = planOf(TaskKind::Needle);
    plan.task.needles.pop_back(); // stands in the haystack too: a tie
    plan.trials = 20;
    plan.lengths = {1100};
    Bench bench(plan);
    FastSweep sweep(bench.setup, bench.clock);
    const auto outcomes = bench.run(sweep);
    const auto found = fast(bench, Baselines(bench.setup));
    int firsts = 0, misses = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        if (bench.trials[i].control)
            continue;
        const auto& rows = outcomes[i].answerRows.front();
        const bool read = std::find(rows.begin(), rows.end(), outcomes[i].reads.front().row) != rows.end();
        QCOMPARE(found[i].content, read);
        (read ? firsts : misses) += 1;
    }
    QVERIFY(firsts > 0 && misses > 0);
}

void TestBaselines::sweepsCountThem()
{
    const ToyModel model = Bench::makeModel();
    SweepPlan plan = planOf(TaskKind::Needle);
    for (const auto path : {SweepPath::Fast, SweepPath::Naive}) {
        for (const auto memory : {KeyMemoryKind::Grow, KeyMemoryKind::Fixed}) {
            plan.path = path;
            plan.memory.keyMemory = memory;
            plan.lengths = {700};
            const Bench bench(plan);
            const auto found = fast(bench, Baselines(bench.setup));
            const auto result = runSweep(plan, proseHaystack(), model);
            for (std::size_t c = 0; c < result.cells.size(); ++c) {
                int content = 0, floor = 0, bm25 = 0;
                for (std::size_t i = 0; i < found.size(); ++i) {
                    const int counts = bench.trials[i].cell == c && !bench.trials[i].control ? 1 : 0;
                    content += counts * found[i].content;
                    floor += counts * found[i].floor;
                    bm25 += counts * found[i].bm25;
                }
                QVERIFY(result.cells[c].foundFirst.has_value());
                QCOMPARE(result.cells[c].foundFirst->content, content);
                QCOMPARE(result.cells[c].foundFirst->floor, floor);
                QCOMPARE(result.cells[c].foundFirst->bm25, bm25);
            }
        }
    }
    plan.baselines = false;
    for (const auto& cell : runSweep(plan, proseHaystack(), model).cells)
        QVERIFY(!cell.foundFirst.has_value());
}

void TestBaselines::needsContentKeys()
{
    SweepPlan plan = planOf(TaskKind::Passkey);
    plan.memory.keys = KeyKind::Prefix;
    QVERIFY_EXCEPTION_THROWN(runSweep(plan, proseHaystack(), ToyModel(768, 64)), Error);
    std::stop_source source;
    source.request_stop();
    QVERIFY_EXCEPTION_THROWN(runSweep(planOf(TaskKind::Passkey), proseHaystack(), Bench::makeModel(), {source.get_token(), {}}), Cancelled);
    const Bench bench(planOf(TaskKind::Passkey));
    Baselines baselines(bench.setup);
    baselines.prepare(bench.trials);
    QVERIFY_EXCEPTION_THROWN(baselines.measure(bench.trials, {source.get_token(), {}}), Cancelled);
}

QTEST_GUILESS_MAIN(TestBaselines)
#include "tst_baselines.moc"
