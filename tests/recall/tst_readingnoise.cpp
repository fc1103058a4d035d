// SPDX-License-Identifier: GPL-3.0-or-later
// Observation noise and sampled reading of the memory as published: in sweeps and documents, seeded, with their variances.
#include "core/compute/ParallelJobs.h"
#include "core/recall/DocumentMemory.h"
#include "core/recall/GenerativeSweep.h"
#include "tests/recall/SweepBench.h"

#include <Eigen/QR>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

SweepPlan noisyPlan(Index rows, float noise, bool sampled)
{
    SweepPlan plan;
    plan.lengths = {190, 333, 1000};
    plan.depths = {0, 61.8, 100};
    plan.trials = 2;
    plan.controls = 2;
    plan.seed = 11;
    plan.memory.addressing = Addressing::PseudoInverse;
    plan.memory.keyMemory = KeyMemoryKind::Fixed;
    plan.memory.rows = rows;
    plan.memory.observationNoise = noise;
    plan.memory.sampled = sampled;
    plan.memory.weightLogVariance = -4;
    return plan;
}

struct NoisyBench : Bench {
    explicit NoisyBench(const SweepPlan& p) : Bench(p) { setup.prior = priorFor(plan.memory, setup.keyRows); }
    std::vector<TrialOutcome> fast()
    {
        GenerativeSweep solver(setup, clock);
        return run(solver);
    }
};

/// All latents of a trial's context in their order.
Matrix latentsOf(const Bench& bench, const Trial& trial)
{
    std::vector<TokenIds> segments;
    for (const Strip& strip : trial.layout.strips) {
        for (Index k = 0; k < strip.count; ++k)
            segments.push_back(bench.pieces.piece(bench.pieces.pieceAt(trial.layout.offset, strip.first + k)).tokens);
        segments.insert(segments.end(), strip.part.segments.begin(), strip.part.segments.end());
    }
    return bench.model.encode(segments);
}

Eigen::MatrixXd pseudoInverse(const Eigen::MatrixXd& a) { return a.completeOrthogonalDecomposition().pseudoInverse(); }

std::vector<Sample> samplesOf(const SweepResult& result)
{
    std::vector<Sample> samples;
    for (const Cell& cell : result.cells)
        samples.insert(samples.end(), cell.samples.begin(), cell.samples.end());
    return samples;
}

/// Answers to the letter. Products of other numbers of threads round otherwise: a noise of its own would be 1e5 times that.
bool areSame(const std::vector<Sample>& a, const std::vector<Sample>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Sample& x, const Sample& y) {
        return x.answer == y.answer && std::abs(x.keyDistance - y.keyDistance) <= 1e-6f * y.keyDistance;
    });
}

} // namespace

class TestReadingNoise : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { useThreads(1); } // the matrices are small
    void pathsAgree_data();
    void pathsAgree();
    void aTrialsNoiseIsItsOwn();
    void writesHaveTheirVariance();
    void weightsHaveTheirVariance();
    void documentsAreAsked();
    void badSettingsAreTold();
};

void TestReadingNoise::pathsAgree_data()
{
    QTest::addColumn<SweepPlan>("plan");
    for (const Index rows : {12, 200})
        for (const int steps : {0, 6})
            for (const auto& [noise, sampled] : {std::pair(0.02f, false), std::pair(0.0f, true), std::pair(0.02f, true)}) {
                SweepPlan plan = noisyPlan(rows, noise, sampled);
                plan.memory.inverse = steps > 0 ? InverseMode::Newton : InverseMode::Exact;
                plan.memory.newton = {steps > 0 ? steps : 15, 1e-5};
                plan.memory.reads = steps > 0 ? 2 : 1;
                QTest::addRow("%d rows, %d steps, noise %g%s", int(rows), steps, double(noise), sampled ? ", sampled" : "") << plan;
            }
}

void TestReadingNoise::pathsAgree()
{
    QFETCH(SweepPlan, plan);
    NoisyBench bench(plan);
    NaiveSweep naive(bench.setup, bench.clock);
    const auto a = bench.fast(), b = bench.run(naive);
    const std::string found = difference(a, b);
    QVERIFY2(found.empty(), found.c_str());
    SweepPlan quiet = plan;
    quiet.memory.observationNoise = 0;
    quiet.memory.sampled = false;
    NoisyBench silent(quiet);
    QVERIFY(!difference(silent.fast(), b).empty());
}

// Whatever is computed beside it, in whatever order and by how many threads.
void TestReadingNoise::aTrialsNoiseIsItsOwn()
{
    SweepPlan plan = noisyPlan(12, 0.05f, true);
    NoisyBench bench(plan);
    const auto together = bench.fast();
    GenerativeSweep alone(bench.setup, bench.clock);
    alone.prepare(bench.trials, {});
    for (std::size_t i = bench.trials.size(); i-- > 0;) {
        const auto one = alone.run({&bench.trials[i], 1}, {});
        QVERIFY(one.front().reads.front().latent == together[i].reads.front().latent);
    }
    const ToyModel model;
    const Document document = proseHaystack();
    const SweepResult whole = runSweep(plan, document, model);
    useThreads(3);
    const SweepResult threaded = runSweep(plan, document, model);
    useThreads(1);
    QVERIFY(areSame(samplesOf(threaded), samplesOf(whole)));
    std::vector<Sample> shards;
    for (int number = 1; number <= 4; ++number)
        for (const Sample& sample : samplesOf(runSweepShard(plan, {number, 4}, document, model)))
            shards.push_back(sample);
    QVERIFY(areSame(shards, samplesOf(whole)));
    plan.seed = 12;
    QVERIFY(!areSame(samplesOf(runSweep(plan, document, model)), samplesOf(whole)));
}

// Of a memory of N latents read with z = a Z, to the first order in s: Z' = Z + s e, so that z_read = P' (z + s e') + s e'' has the
// mean z and, over its C numbers, the variance s^2 (|a|^2 (C - N) + N + C): written, read, and read out.
void TestReadingNoise::writesHaveTheirVariance()
{
    constexpr Index n = 5, c = 48;
    constexpr int draws = 4000;
    constexpr double s = 0.02;
    Random random(3);
    Matrix latents(n, c), prior = Matrix::Identity(32, c);
    for (Index i = 0; i < latents.size(); ++i)
        latents.data()[i] = 3 * static_cast<float>(random.normal());
    const Eigen::RowVectorXd a = Eigen::RowVectorXd::LinSpaced(n, 0.4, 1.2);
    const Matrix query = (a * latents.cast<double>()).cast<float>();
    for (const InverseMode mode : {InverseMode::Exact, InverseMode::Newton}) {
        MemorySettings settings = noisyPlan(32, static_cast<float>(s), false).memory;
        settings.inverse = mode;
        settings.newton = {25, 5e-4}; // converged
        const auto shared = priorFor(settings, prior);
        Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(c);
        double squares = 0;
        for (int seed = 0; seed < draws; ++seed) {
            GenerativeMemory memory(shared, generativeSettings(settings, static_cast<std::uint64_t>(seed)));
            memory.write(latents);
            const Eigen::RowVectorXd off = (readoutsOf(memory, query, 1).front().latent - query.row(0)).cast<double>();
            sum += off;
            squares += off.squaredNorm();
        }
        const double expected = s * s * (a.squaredNorm() * double(c - n) + double(n + c));
        const double found = squares / draws;
        QVERIFY2(std::abs(found / expected - 1) < 0.05, qPrintable(QString("%1 for %2").arg(found).arg(expected)));
        QVERIFY((sum / draws).norm() < 4 * std::sqrt(expected / draws));
    }
}

// A sampled readout is the deterministic one and e M: with at least K segments e can be told from it.
void TestReadingNoise::weightsHaveTheirVariance()
{
    constexpr Index rows = 6;
    SweepPlan plan = noisyPlan(rows, 0, true);
    plan.lengths = {190, 333};
    plan.trials = 15;
    plan.memory.weightLogVariance = -3;
    NoisyBench bench(plan);
    const auto sampled = bench.fast();
    plan.memory.sampled = false;
    NoisyBench still(plan);
    const auto mean = still.fast();
    const Eigen::MatrixXd priorInverse = pseudoInverse(bench.setup.keyRows.cast<double>());
    double sum = 0, squares = 0, count = 0;
    Eigen::RowVectorXd last = Eigen::RowVectorXd::Zero(rows);
    for (std::size_t i = 0; i < sampled.size(); ++i) {
        const Eigen::MatrixXd z = latentsOf(bench, bench.trials[i]).cast<double>();
        QVERIFY(z.rows() >= rows);
        const Eigen::MatrixXd matrix = pseudoInverse(z * priorInverse) * z; // M
        const Eigen::RowVectorXd off = (sampled[i].reads.front().latent - mean[i].reads.front().latent).cast<double>();
        const Eigen::RowVectorXd drawn = off * pseudoInverse(matrix);
        QVERIFY((drawn * matrix - off).norm() < 1e-3 * off.norm()); // nothing else is added
        QVERIFY((drawn - last).norm() > 1e-3);
        last = drawn;
        sum += drawn.sum();
        squares += drawn.squaredNorm();
        count += rows;
    }
    const double variance = std::exp(-3.0);
    QVERIFY(count > 500);
    QVERIFY2(std::abs(squares / count / variance - 1) < 4 * std::sqrt(2 / count), qPrintable(QString::number(squares / count / variance)));
    QVERIFY(std::abs(sum / count) < 4 * std::sqrt(variance / count));
}

void TestReadingNoise::documentsAreAsked()
{
    const ToyModel model;
    MemorySettings settings = noisyPlan(100, 0.01f, true).memory;
    settings.keys = KeyKind::Whole;
    const auto read = [&](std::uint64_t seed, std::optional<std::uint64_t> noiseSeed = {}) {
        DocumentMemory memory(model, "The ferry was late. Nobody minded.\n", {SegmenterKind::Sentence, 60}, settings, seed, noiseSeed);
        memory.segment();
        memory.write();
        return memory.ask("The ferry was late.").reading.latent;
    };
    QVERIFY(read(1) == read(1));
    QVERIFY(read(1) != read(2));
    // A trial that is looked at again: the rows of its sweep, the noise of its own.
    QVERIFY(read(1, 7) == read(1, 7));
    QVERIFY(read(1, 7) != read(1, 8));
    QVERIFY(read(1, 7) != read(2, 7));
    QVERIFY(read(1, 1) == read(1));
}

void TestReadingNoise::badSettingsAreTold()
{
    const ToyModel model;
    const auto refused = [&](float noise, float logVariance, const char* says) {
        SweepPlan plan = noisyPlan(8, noise, true);
        plan.memory.weightLogVariance = logVariance;
        try {
            runSweep(plan, proseHaystack(), model);
        } catch (const Error& error) {
            const std::string message = error.what();
            return message.find(says) != std::string::npos && message.find('\n') == std::string::npos;
        }
        return false;
    };
    const float nan = std::numeric_limits<float>::quiet_NaN();
    QVERIFY(refused(-1, 0, "observation noise of -1"));
    QVERIFY(refused(nan, 0, "observation noise"));
    QVERIFY(refused(1e9f, 0, "0 to 1e6"));
    QVERIFY(refused(0, 31, "log variance of weights of 31"));
    QVERIFY(refused(0, nan, "log variance"));
}

QTEST_GUILESS_MAIN(TestReadingNoise)
#include "tst_readingnoise.moc"
