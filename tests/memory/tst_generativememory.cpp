// SPDX-License-Identifier: GPL-3.0-or-later
// Larimar's memory against its laws, worked out independently.
#include "tests/memory/GenerativeFixture.h"

#include <Eigen/LU>
#include <Eigen/SVD>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;

namespace {

/// The projection of each query on the span of the latents, by Eigen's SVD in double.
Matrix projected(const Matrix& queries, const Matrix& latents)
{
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(latents.cast<double>(), Eigen::ComputeThinU | Eigen::ComputeThinV);
    Index rank = 0;
    while (rank < svd.singularValues().size() && svd.singularValues()(rank) > 1e-5 * svd.singularValues()(0))
        ++rank;
    const Eigen::MatrixXd basis = svd.matrixV().leftCols(rank);
    return (queries.cast<double>() * basis * basis.transpose()).cast<float>();
}

Eigen::MatrixXd svdInverse(const Eigen::MatrixXd& a)
{
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(a, Eigen::ComputeThinU | Eigen::ComputeThinV);
    const double greatest = svd.singularValues()(0);
    return svd.matrixV() * svd.singularValues().unaryExpr([&](double s) { return s > 1e-5 * greatest ? 1 / s : 0.0; }).asDiagonal() * svd.matrixU().transpose();
}

} // namespace

class TestGenerativeMemory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void matrixAndWeightsAreThoseOfTheEquations_data();
    void matrixAndWeightsAreThoseOfTheEquations();
    void oneLatentIsReadScaled_data();
    void oneLatentIsReadScaled();
    void readingProjects();
    void moreLatentsThanRowsAreLossy();
    void nearDuplicatesAreReadBack();
    void readingAgain();
    void noiseIsSeeded();
    void noiseHasItsVariance();
    void sequentialWritesGoOn();
    void sequentialEqualsTheBatchPosterior();
    void writingForgetsAndClearing();
    void badInputIsTold();
};

void TestGenerativeMemory::matrixAndWeightsAreThoseOfTheEquations_data()
{
    QTest::addColumn<int>("latents");
    QTest::addColumn<bool>("newton"); // about as many latents as rows: W is nearly singular, M long, and the iteration on M diverges
    for (const auto& [n, newton] : { std::pair(1, true), std::pair(5, true), std::pair(12, true), std::pair(23, false), std::pair(24, false), std::pair(60, true) })
        QTest::addRow("%d", n) << n << newton;
}

void TestGenerativeMemory::matrixAndWeightsAreThoseOfTheEquations()
{
    QFETCH(int, latents);
    QFETCH(bool, newton);
    const Matrix prior = normals(24, 40, 1), written = 0.5f * normals(latents, 40, 2), queries = normals(6, 40, 3);
    const Eigen::MatrixXd w = written.cast<double>() * svdInverse(prior.cast<double>());
    const Eigen::MatrixXd m = svdInverse(w) * written.cast<double>();
    const Eigen::MatrixXd weights = queries.cast<double>() * svdInverse(m);
    for (const InverseMode mode : { InverseMode::Exact, InverseMode::Newton }) {
        if (mode == InverseMode::Newton && !newton)
            continue;
        GenerativeMemorySettings settings = settingsOf(mode);
        settings.newton.steps = 30;
        GenerativeMemory memory = memoryOf(prior, settings);
        memory.write(written);
        const Readout readout = memory.read(queries);
        QVERIFY(worst(memory.matrix(), m.cast<float>()) < 1e-4);
        QVERIFY(worst(readout.weights, weights.cast<float>()) < 2e-4);
        QVERIFY(worst(readout.latents, (weights * m).cast<float>()) < 1e-4);
        Matrix product = readout.weights * memory.matrix(); // z_read = w M
        QVERIFY(worst(product, readout.latents) < 1e-5);
    }
}

void TestGenerativeMemory::oneLatentIsReadScaled_data()
{
    QTest::addColumn<float>("length");
    QTest::newRow("5") << 5.0f;
    QTest::newRow("16") << 16.0f;
}

void TestGenerativeMemory::oneLatentIsReadScaled()
{
    QFETCH(float, length);
    Matrix z = normals(1, 48, 4);
    z *= length / z.norm();
    const Matrix queries = normals(7, 48, 5);
    const Matrix expected = ((queries * z.transpose()) / z.squaredNorm()) * z;
    for (const InverseMode mode : { InverseMode::Exact, InverseMode::Newton })
        for (const Matrix& prior : { Matrix(Matrix::Identity(32, 48)), Matrix(normals(32, 48, 6)) }) {
            GenerativeMemory memory = memoryOf(prior, settingsOf(mode));
            memory.write(z);
            QVERIFY(worst(memory.read(queries).latents, expected) < 1e-5);
        }
}

void TestGenerativeMemory::readingProjects()
{
    const Matrix latents = normals(16, 96, 7), queries = normals(9, 96, 8), expected = projected(queries, latents);
    for (const InverseMode mode : { InverseMode::Exact, InverseMode::Newton })
        for (const Matrix& prior : { Matrix(Matrix::Identity(64, 96)), Matrix(normals(64, 96, 9)) }) {
            GenerativeMemory memory = memoryOf(prior, settingsOf(mode));
            memory.write(latents);
            QVERIFY(worst(memory.read(queries).latents, expected) < 1e-5);
            QVERIFY(worst(memory.read(latents).latents, latents) < 1e-5);
        }
    // What was never written, orthogonal to all that was, reads as nothing.
    const Matrix orthogonal = queries - expected;
    GenerativeMemory memory = memoryOf(normals(64, 96, 9), settingsOf(InverseMode::Exact));
    memory.write(latents);
    QVERIFY(memory.read(orthogonal).latents.norm() < 1e-5f * orthogonal.norm());
    // An unwritten memory projects on its prior.
    memory.clear();
    QVERIFY(worst(memory.read(queries).latents, projected(queries, normals(64, 96, 9))) < 1e-5);
}

void TestGenerativeMemory::moreLatentsThanRowsAreLossy()
{
    // 600 in 512 rows of the published size: 14 % of the latents are lost, whatever the inverse.
    const Matrix latents = normals(600, 768, 10), prior = Matrix::Identity(512, 768);
    GenerativeMemory memory = memoryOf(prior, settingsOf(InverseMode::Exact));
    memory.write(latents);
    const double lost = static_cast<double>((memory.read(latents).latents - latents).norm() / latents.norm());
    QVERIFY2(std::abs(lost - 0.14) < 0.015, qPrintable(QString::number(lost)));
    memory.write(latents.topRows(511));
    QVERIFY(worst(memory.read(latents.topRows(511)).latents, latents.topRows(511)) < 1e-3);
}

void TestGenerativeMemory::nearDuplicatesAreReadBack()
{
    for (const float apart : { 0.0f, 1e-7f, 1e-6f, 1e-4f, 1e-2f }) {
        Matrix latents = 3 * normals(6, 48, 11);
        latents.row(3) = latents.row(1) + apart * latents.row(1).norm() * normals(1, 48, 12).row(0).normalized();
        for (const InverseMode mode : { InverseMode::Exact, InverseMode::Newton }) {
            GenerativeMemory memory = memoryOf(Matrix::Identity(32, 48), settingsOf(mode));
            memory.write(latents);
            QVERIFY(memory.matrix().allFinite());
            // The iteration does not get as far as their difference: it gives back their mean.
            const double most = mode == InverseMode::Newton ? std::max(2e-5, static_cast<double>(apart)) : 2e-5;
            const double found = worst(memory.read(latents).latents, latents);
            QVERIFY2(found < most, qPrintable(QString("%1 apart: %2").arg(apart).arg(found)));
        }
    }
}

void TestGenerativeMemory::readingAgain()
{
    const Matrix latents = 3 * normals(5, 48, 13), queries = normals(4, 48, 14), prior = Matrix::Identity(32, 48);
    GenerativeMemory exact = memoryOf(prior, settingsOf(InverseMode::Exact));
    exact.write(latents);
    QVERIFY(worst(exact.read(queries, 4).latents, exact.read(queries).latents) < 1e-5); // a projection of a projection
    GenerativeMemorySettings settings = settingsOf(InverseMode::Newton);
    settings.newton.steps = 9;
    GenerativeMemory newton = memoryOf(prior, settings);
    newton.write(latents);
    const Readout once = newton.read(queries), thrice = newton.read(queries, 3);
    QVERIFY(worst(thrice.latents, once.latents) > 1e-3); // not converged: each read loses more
    const Readout again = newton.read(newton.read(once.latents).latents);
    QVERIFY(thrice.latents == again.latents && thrice.weights == again.weights);
    QVERIFY_THROWS_EXCEPTION(Error, exact.read(queries, 0));
}

void TestGenerativeMemory::noiseIsSeeded()
{
    const Matrix latents = 3 * normals(5, 48, 15), queries = normals(4, 48, 16), prior = Matrix::Identity(32, 48);
    GenerativeMemorySettings settings = settingsOf(InverseMode::Exact);
    settings.observationNoise = 1e-2f;
    const auto written = [&] {
        GenerativeMemory memory = memoryOf(prior, settings);
        memory.write(latents);
        return memory;
    };
    const GenerativeMemory a = written(), b = written();
    QVERIFY(a.matrix() == b.matrix());
    QVERIFY(a.read(queries).latents == b.read(queries).latents);
    QVERIFY(a.read(queries, 1, 1).latents != a.read(queries, 1, 2).latents);
    settings.seed = 2;
    QVERIFY(written().matrix() != a.matrix());
    settings.observationNoise = 0;
    settings.deterministic = false;
    const GenerativeMemory sampled = written();
    QVERIFY(sampled.read(queries, 1, 1).latents == sampled.read(queries, 1, 1).latents);
    QVERIFY(sampled.read(queries, 1, 1).latents != sampled.read(queries, 1, 2).latents);
    QVERIFY(worst(sampled.read(queries).weights * sampled.matrix(), sampled.read(queries).latents) < 1e-5);
    settings.deterministic = true;
    const GenerativeMemory plain = written();
    QVERIFY(plain.read(queries, 1, 1).latents == plain.read(queries, 1, 2).latents);
}

void TestGenerativeMemory::noiseHasItsVariance()
{
    const Matrix latents = 3 * normals(5, 48, 17), query = normals(1, 48, 18), prior = Matrix::Identity(32, 48);
    GenerativeMemorySettings settings = settingsOf(InverseMode::Exact);
    GenerativeMemory plain = memoryOf(prior, settings);
    plain.write(latents);
    const RowVector mean = plain.read(query).latents.row(0);
    constexpr int draws = 4000;
    const auto spread = [&](const GenerativeMemory& memory, RowVector& average) {
        Matrix all(draws, 48);
        for (int i = 0; i < draws; ++i)
            all.row(i) = memory.read(query, 1, static_cast<std::uint64_t>(i)).latents.row(0);
        average = all.colwise().mean();
        return static_cast<double>((all.rowwise() - average).squaredNorm()) / draws;
    };
    RowVector average;
    // Weights drawn with variance v: z_read has the variance v |M|^2 in all.
    settings.deterministic = false;
    settings.weightLogVariance = std::log(0.04f);
    GenerativeMemory sampled = memoryOf(prior, settings);
    sampled.write(latents);
    const double ofWeights = 0.04 * static_cast<double>(plain.matrix().squaredNorm());
    QVERIFY(std::abs(spread(sampled, average) / ofWeights - 1) < 0.05);
    QVERIFY(static_cast<double>((average - mean).norm()) < 4 * std::sqrt(ofWeights / draws));
    // Observation noise s of query and readout: s^2 (rank of M + C). Its own write is without noise here.
    settings.deterministic = true;
    settings.observationNoise = 0.1f;
    GenerativeMemory noisy = memoryOf(plain.matrix(), settings); // reads its prior
    QVERIFY(std::abs(spread(noisy, average) / (0.01 * (5 + 48)) - 1) < 0.05);
    QVERIFY(static_cast<double>((average - mean).norm()) < 4 * std::sqrt(0.01 * 53 / draws));
}

void TestGenerativeMemory::sequentialWritesGoOn()
{
    const Matrix latents = 3 * normals(12, 48, 19), prior = Matrix::Identity(32, 48) + 0.05f * normals(32, 48, 20);
    GenerativeMemory together = memoryOf(prior, settingsOf(InverseMode::Exact)), parts = together;
    together.writeSequential(latents);
    parts.writeSequential(latents.topRows(5));
    parts.writeSequential(latents.bottomRows(7));
    QVERIFY(worst(parts.matrix(), together.matrix()) < 1e-6);
    QCOMPARE(parts.segments(), 12);
    QVERIFY(worst(together.read(latents).latents, latents) < 1e-4); // all are there
    const Matrix before = together.matrix();
    together.writeSequential(latents.row(2));
    QVERIFY2(worst(together.matrix(), before) < 1e-3, qPrintable(QString::number(worst(together.matrix(), before))));
    QVERIFY(together.matrix().allFinite() && together.covariance().allFinite());
}

/// With the weights of each step kept, M and U are the posterior of one linear regression on all of them.
void TestGenerativeMemory::sequentialEqualsTheBatchPosterior()
{
    const Index k = 20, n = 8;
    const Matrix latents = 2 * normals(n, 30, 21), prior = Matrix::Identity(k, 30) + 0.1f * normals(k, 30, 22);
    GenerativeMemorySettings settings = settingsOf(InverseMode::Exact);
    settings.observationNoise = 0.3f;
    GenerativeMemory memory = memoryOf(prior, settings);
    Eigen::MatrixXd w(n, k);
    for (Index i = 0; i < n; ++i) {
        const Eigen::MatrixXd m = memory.matrix().cast<double>();
        const Eigen::MatrixXd gram = m * m.transpose() + 0.09 * Eigen::MatrixXd::Identity(k, k);
        w.row(i) = gram.inverse() * (m * latents.row(i).transpose().cast<double>());
        memory.writeSequential(latents.row(i));
    }
    const Eigen::MatrixXd u0 = 1.000001 * Eigen::MatrixXd::Identity(k, k), m0 = prior.cast<double>();
    const Eigen::MatrixXd u = (u0.inverse() + w.transpose() * w / 0.09).inverse();
    const Eigen::MatrixXd m = u * (u0.inverse() * m0 + w.transpose() * latents.cast<double>() / 0.09);
    QVERIFY((memory.covariance() - u).cwiseAbs().maxCoeff() < 1e-5);
    QVERIFY(worst(memory.matrix(), m.cast<float>()) < 1e-5);
}

void TestGenerativeMemory::writingForgetsAndClearing()
{
    const Matrix first = 3 * normals(4, 48, 23), second = 3 * normals(3, 48, 24), prior = Matrix::Identity(32, 48);
    GenerativeMemory memory = memoryOf(prior, settingsOf(InverseMode::Exact)), other = memory;
    memory.write(first);
    memory.write(second);
    other.write(second);
    QVERIFY(memory.matrix() == other.matrix());
    QVERIFY(worst(memory.read(first).latents, projected(first, second)) < 1e-5);
    QCOMPARE(memory.segments(), 3);
    QVERIFY(memory.covariance() == Eigen::MatrixXd(1.000001 * Eigen::MatrixXd::Identity(32, 32)));
    memory.clear();
    QVERIFY(memory.matrix() == prior);
    QCOMPARE(memory.segments(), 0);
    QCOMPARE(memory.rows(), 32);
    QCOMPARE(memory.latentSize(), 48);
}

void TestGenerativeMemory::badInputIsTold()
{
    const auto settings = settingsOf(InverseMode::Exact);
    GenerativeMemory memory = memoryOf(Matrix::Identity(8, 12), settings);
    Matrix bad = normals(2, 12, 25);
    bad(0, 0) = std::numeric_limits<float>::infinity();
    QVERIFY_THROWS_EXCEPTION(Error, memory.write(Matrix(0, 12)));
    QVERIFY_THROWS_EXCEPTION(Error, memory.write(normals(2, 11, 1)));
    QVERIFY_THROWS_EXCEPTION(Error, memory.write(bad));
    QVERIFY_THROWS_EXCEPTION(Error, memory.writeSequential(normals(2, 11, 1)));
    QVERIFY_THROWS_EXCEPTION(Error, memory.writeSequential(bad));
    QVERIFY_THROWS_EXCEPTION(Error, memory.read(normals(2, 11, 1)));
    QVERIFY_THROWS_EXCEPTION(Error, memory.read(bad));
    QVERIFY_THROWS_EXCEPTION(Error, memoryOf(Matrix(0, 12), settings));
    Matrix prior = Matrix::Identity(8, 12);
    prior(0, 0) = std::numeric_limits<float>::quiet_NaN();
    QVERIFY_THROWS_EXCEPTION(Error, memoryOf(prior, settings));
    GenerativeMemorySettings noisy = settings;
    noisy.observationNoise = -1;
    QVERIFY_THROWS_EXCEPTION(Error, memoryOf(Matrix::Identity(8, 12), noisy));
    // More rows than columns: M M^T has no inverse without noise.
    GenerativeMemory tall = memoryOf(normals(20, 12, 26), settings);
    QVERIFY(messageOf([&] { tall.writeSequential(normals(1, 12, 27)); }).find("noise") != std::string::npos);
    tall.write(normals(3, 12, 28));
    QVERIFY(worst(tall.read(normals(3, 12, 28)).latents, normals(3, 12, 28)) < 1e-4);
    // Latents that the prior keeps nothing of.
    GenerativeMemory blind = memoryOf(Matrix::Identity(4, 12), settings);
    Matrix unseen = Matrix::Zero(1, 12);
    unseen(0, 9) = 2;
    blind.write(unseen);
    QVERIFY(blind.matrix().isZero() && blind.read(normals(2, 12, 29)).latents.isZero());
}

QTEST_GUILESS_MAIN(TestGenerativeMemory)
#include "tst_generativememory.moc"
