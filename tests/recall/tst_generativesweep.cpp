// SPDX-License-Identifier: GPL-3.0-or-later
// Sweeps with pseudo-inverse addressing: the fast path against the naive one, and the published equations.
#include "core/recall/DocumentMemory.h"
#include "core/recall/GenerativeSweep.h"
#include "core/recall/LoadSweep.h"
#include "tests/recall/SweepBench.h"

#include <Eigen/LU>
#include <Eigen/QR>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

SweepPlan publishedPlan(Index rows)
{
    SweepPlan plan;
    plan.lengths = {190, 333, 2000}; // the last is longer than the haystack several times
    plan.depths = {0, 61.8, 100};
    plan.trials = 2;
    plan.controls = 2;
    plan.seed = 11;
    plan.memory.addressing = Addressing::PseudoInverse;
    plan.memory.keyMemory = KeyMemoryKind::Fixed;
    plan.memory.rows = rows;
    return plan;
}

struct GenerativeBench : Bench {
    explicit GenerativeBench(const SweepPlan& p) : Bench(p) { setup.prior = priorFor(plan.memory, setup.keyRows); }
};

class ForgetsWrapping : public GenerativeSweep {
public:
    using GenerativeSweep::GenerativeSweep;
    Eigen::MatrixXd gramOf(const ContextLayout& layout, const Strip& strip) const override
    {
        Strip cut = strip;
        cut.count = std::min(strip.count, Index(20));
        return GenerativeSweep::gramOf(layout, cut);
    }
};

/// The projection of a query on the K dimensions that a memory of at least as many latents keeps, in double by a full QR.
RowVector projected(const RowVector& query, const Matrix& latents, const Matrix& prior)
{
    const Eigen::MatrixXd z = latents.cast<double>(), m0 = prior.cast<double>();
    const Eigen::MatrixXd inverse = m0.transpose() * (m0 * m0.transpose()).inverse();
    const Eigen::MatrixXd w = z * inverse; // N x K
    const Eigen::MatrixXd m = w.completeOrthogonalDecomposition().pseudoInverse() * z;
    return (query.cast<double>() * m.completeOrthogonalDecomposition().pseudoInverse() * m).cast<float>();
}

} // namespace

class TestGenerativeSweep : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pathsAgree_data();
    void pathsAgree();
    void aWrongFastPathIsNoticed();
    void readsWhatTheEquationsSay();
    void sumsOfStretches();
    void wholeSweepRuns();
    void loadsDecideTheLength();
    void documentsAreAsked();
    void badSettingsAreTold();
};

void TestGenerativeSweep::pathsAgree_data()
{
    QTest::addColumn<SweepPlan>("plan");
    for (const Index rows : {12, 200}) // fewer rows than most contexts have segments, and more than all
        for (const auto keys : {KeyKind::Prefix, KeyKind::Whole})
            for (const auto placement : {Placement::Boundary, Placement::Inside})
                for (const int steps : {0, 6}) {
                    SweepPlan plan = publishedPlan(rows);
                    plan.memory.keys = keys;
                    plan.task.placement = placement;
                    plan.memory.reads = steps > 0 ? 2 : 1;
                    plan.memory.inverse = steps > 0 ? InverseMode::Newton : InverseMode::Exact;
                    plan.memory.newton = {steps > 0 ? steps : 15, 1e-5};
                    QTest::addRow("%d rows, %s, %s, %d steps", int(rows), nameOf(keys).data(), nameOf(placement).data(), steps) << plan;
                }
}

void TestGenerativeSweep::pathsAgree()
{
    QFETCH(SweepPlan, plan);
    GenerativeBench bench(plan);
    GenerativeSweep fast(bench.setup, bench.clock);
    NaiveSweep naive(bench.setup, bench.clock);
    const auto a = bench.run(fast), b = bench.run(naive);
    const std::string found = difference(a, b);
    QVERIFY2(found.empty(), found.c_str());
    QVERIFY(fast.timing().tokensEncoded < naive.timing().tokensEncoded / 3);
    for (std::size_t i = 0; i < b.size(); ++i) {
        QCOMPARE(b[i].reads.front().row, Index(-1));
        QCOMPARE(b[i].reads.front().rowSegments, bench.trials[i].layout.segments());
        QCOMPARE(b[i].rows, plan.memory.rows);
        QVERIFY(b[i].reads.front().latent.allFinite());
    }
}

void TestGenerativeSweep::aWrongFastPathIsNoticed()
{
    GenerativeBench bench(publishedPlan(8));
    GenerativeSweep right(bench.setup, bench.clock);
    ForgetsWrapping wrong(bench.setup, bench.clock);
    NaiveSweep naive(bench.setup, bench.clock);
    const auto expected = bench.run(naive);
    QVERIFY(difference(bench.run(right), expected).empty());
    QVERIFY(!difference(bench.run(wrong), expected).empty());
}

void TestGenerativeSweep::readsWhatTheEquationsSay()
{
    for (const Index rows : {6, 60}) {
        GenerativeBench bench(publishedPlan(rows));
        GenerativeSweep fast(bench.setup, bench.clock);
        const auto outcomes = bench.run(fast);
        for (const std::size_t i : {std::size_t(0), outcomes.size() / 2}) {
            const Trial& trial = bench.trials[i];
            std::vector<TokenIds> segments;
            for (const Strip& strip : trial.layout.strips) {
                for (Index k = 0; k < strip.count; ++k)
                    segments.push_back(bench.pieces.piece(bench.pieces.pieceAt(trial.layout.offset, strip.first + k)).tokens);
                segments.insert(segments.end(), strip.part.segments.begin(), strip.part.segments.end());
            }
            auto tokens = bench.model.tokenizer().encode(trial.needle.prefix);
            tokens.resize(std::min(tokens.size(), std::size_t(bench.setup.prefixTokens)));
            const RowVector query = bench.model.encode({tokens}).row(0);
            const RowVector expected = projected(query, bench.model.encode(segments), bench.setup.keyRows);
            const RowVector& got = outcomes[i].reads.front().latent;
            QVERIFY2((got - expected).cwiseAbs().maxCoeff() < 1e-3f, qPrintable(QString::number(double((got - expected).cwiseAbs().maxCoeff()))));
            QVERIFY(std::abs(outcomes[i].reads.front().distance - (got - query).norm()) < 1e-3f);
        }
    }
}

void TestGenerativeSweep::sumsOfStretches()
{
    for (const Index size : {Index(1), Index(63), Index(64), Index(65), Index(300), Index(5000)}) {
        Random random(3);
        Matrix latents(size, 5);
        for (Index i = 0; i < latents.size(); ++i)
            latents.data()[i] = static_cast<float>(random.normal());
        const GramSums sums(latents);
        for (const auto& [first, count] : {std::pair(Index(0), size), std::pair(size / 2, size / 3), std::pair(size - 1, size), std::pair(size / 3, 2 * size + 1), std::pair(size / 3, Index(0)), std::pair(Index(0), 3 * size)}) {
            Eigen::MatrixXd expected = Eigen::MatrixXd::Zero(5, 5);
            for (Index i = 0; i < count; ++i) {
                const Eigen::RowVectorXd row = latents.row((first + i) % size).cast<double>();
                expected += row.transpose() * row;
            }
            QVERIFY((sums.sum(first, count) - expected).cwiseAbs().maxCoeff() < 1e-9 * double(1 + count));
        }
    }
}

void TestGenerativeSweep::wholeSweepRuns()
{
    SweepPlan plan = publishedPlan(16);
    const ToyModel model;
    const Document document = proseHaystack();
    const SweepResult fast = runSweep(plan, document, model);
    plan.path = SweepPath::Naive;
    const SweepResult naive = runSweep(plan, document, model);
    QCOMPARE(fast.rows, Index(16));
    QCOMPARE(fast.cells.size(), std::size_t(9));
    for (std::size_t i = 0; i < fast.cells.size(); ++i) {
        QCOMPARE(fast.cells[i].hits, naive.cells[i].hits);
        for (const Sample& sample : fast.cells[i].samples) {
            QCOMPARE(sample.readRow, Index(-1));
            QVERIFY(sample.correct || sample.failure == Failure::RowShared); // in all rows, with all others
        }
    }
}

void TestGenerativeSweep::loadsDecideTheLength()
{
    SweepPlan plan = publishedPlan(20);
    plan.lengths.clear();
    plan.controls = 0;
    const ToyModel model;
    const auto points = runLoadSweep(plan, {0.7, 1, 4}, proseHaystack(), model);
    QCOMPARE(points.size(), std::size_t(3));
    for (const LoadPoint& point : points) {
        QCOMPARE(point.result.rows, Index(20));
        QVERIFY2(std::abs(double(point.segments) - 20 * point.load) <= 2, qPrintable(QString::number(point.segments)));
        QCOMPARE(point.plan.lengths.size(), std::size_t(1));
    }
    QVERIFY(points[0].plan.lengths.front() < points[2].plan.lengths.front() / 4);
}

void TestGenerativeSweep::documentsAreAsked()
{
    const ToyModel model;
    MemorySettings settings = publishedPlan(100).memory;
    settings.keys = KeyKind::Whole;
    DocumentMemory memory(model, "The ferry was late. Nobody minded.\n", {SegmenterKind::Sentence, 60}, settings);
    memory.segment();
    QVERIFY_THROWS_EXCEPTION(Error, memory.ask("The ferry was late."));
    memory.write();
    const Answer answer = memory.ask("The ferry was late."); // what was written itself is read back whole
    QCOMPARE(answer.text(), std::string("The ferry was late."));
    QCOMPARE(answer.reading.row, Index(-1));
    QCOMPARE(answer.reading.rowSegments, Index(2));
    QVERIFY(answer.reading.distance < 1e-3f);
    MemorySettings bad = settings;
    bad.keys = KeyKind::Content;
    QVERIFY_THROWS_EXCEPTION(Error, memory.setMemory(bad));
    settings.addressing = Addressing::NearestRow;
    memory.setMemory(settings);
    memory.write();
    QVERIFY(memory.ask("The ferry was late.").reading.row >= 0);
}

void TestGenerativeSweep::badSettingsAreTold()
{
    const ToyModel model;
    const auto refused = [&](const std::function<void(SweepPlan&)>& change, const char* says) {
        SweepPlan plan = publishedPlan(8);
        change(plan);
        try {
            runSweep(plan, proseHaystack(), model);
        } catch (const Error& error) {
            const std::string message = error.what();
            return message.find(says) != std::string::npos && message.find('\n') == std::string::npos;
        }
        return false;
    };
    QVERIFY(refused([](SweepPlan& plan) { plan.memory.keys = KeyKind::Content; }, "prefix or whole"));
    QVERIFY(refused([](SweepPlan& plan) { plan.memory.keyMemory = KeyMemoryKind::Grow; }, "K rows"));
    QVERIFY(refused([](SweepPlan& plan) { plan.memory.keyMemory = KeyMemoryKind::Prior; }, "no learned prior"));
    QVERIFY(refused([](SweepPlan& plan) { plan.memory.reads = 0; }, "0 times"));
    QVERIFY(refused([](SweepPlan& plan) { plan.memory.inverse = InverseMode::Newton, plan.memory.newton.scale = 1; }, "diverges"));
    QVERIFY(refused([](SweepPlan& plan) { plan.memory.newton.steps = 0; }, "0 Newton steps"));
}

QTEST_GUILESS_MAIN(TestGenerativeSweep)
#include "tst_generativesweep.moc"
