// SPDX-License-Identifier: GPL-3.0-or-later
// Pseudo-inverses against their closed form, Eigen's SVD and the Moore-Penrose conditions.
#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/memory/PseudoInverse.h"
#include "core/memory/RowSearch.h"

#include <Eigen/Eigenvalues>
#include <Eigen/SVD>
#include <functional>
#include <QTest>

using namespace hayloft;

namespace {

Matrix normalMatrix(Index rows, Index columns, std::uint64_t seed, float scale = 1)
{
    Random random(seed);
    Matrix m(rows, columns);
    for (Index i = 0; i < m.size(); ++i)
        m.data()[i] = scale * static_cast<float>(random.normal());
    return m;
}

Eigen::MatrixXd svdInverse(const Matrix& a)
{
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(a.cast<double>(), Eigen::ComputeThinU | Eigen::ComputeThinV);
    return svd.matrixV() * svd.singularValues().cwiseInverse().asDiagonal() * svd.matrixU().transpose();
}

double relative(const Matrix& a, const Eigen::MatrixXd& b)
{
    return (a.cast<double>() - b).norm() / b.norm();
}

double worst(const Matrix& a, const Eigen::MatrixXd& b)
{
    return (a.cast<double>() - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff();
}

/// A matrix of these singular values.
Matrix withValues(Index rows, Index columns, const std::vector<double>& values, std::uint64_t seed)
{
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(normalMatrix(rows, columns, seed).cast<double>(), Eigen::ComputeThinU | Eigen::ComputeThinV);
    const Eigen::VectorXd sigma = Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Index>(values.size()));
    return (svd.matrixU().leftCols(sigma.size()) * sigma.asDiagonal() * svd.matrixV().leftCols(sigma.size()).transpose()).cast<float>();
}

std::string messageOf(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

} // namespace

class TestPseudoInverse : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void gainIsThePublishedTable_data();
    void gainIsThePublishedTable();
    void identityPriorNeedsFifteenSteps();
    void iterationAgreesWithItsClosedForm_data();
    void iterationAgreesWithItsClosedForm();
    void convergedIsTheInverse();
    void exactFulfilsMoorePenrose_data();
    void exactFulfilsMoorePenrose();
    void exactDropsWhatIsBelowTheCutoff();
    void divergenceIsTold();
    void badInputIsTold();
    void greatestValueIsFound();
    void productsAreRight();
};

void TestPseudoInverse::gainIsThePublishedTable_data()
{
    QTest::addColumn<double>("sigma");
    QTest::addColumn<QList<double>>("gains"); // 3, 7, 15 steps
    // With the published scale; the iteration on a number, worked out in float64 elsewhere.
    QTest::newRow("0.1") << 0.1 << QList<double> { 4.0e-5, 6.4e-4, 0.151 };
    QTest::newRow("0.25") << 0.25 << QList<double> { 2.5e-4, 4.0e-3, 0.641 };
    QTest::newRow("0.5") << 0.5 << QList<double> { 1.0e-3, 0.0159, 0.983 };
    QTest::newRow("1") << 1.0 << QList<double> { 3.99e-3, 0.0620, 1 };
    QTest::newRow("2") << 2.0 << QList<double> { 0.0159, 0.226, 1 };
    QTest::newRow("5") << 5.0 << QList<double> { 0.0957, 0.800, 1 };
    QTest::newRow("10") << 10.0 << QList<double> { 0.337, 0.9986, 1 };
    QTest::newRow("20") << 20.0 << QList<double> { 0.832, 1, 1 };
    QTest::newRow("30") << 30.0 << QList<double> { 0.992, 1, 1 };
    QTest::newRow("44.72") << 44.72 << QList<double> { 1, 1, 1 };
    QTest::newRow("60") << 60.0 << QList<double> { 0.832, 1, 1 };
    QTest::newRow("63.2") << 63.2 << QList<double> { 0.023, 0.309, 1 };
}

void TestPseudoInverse::gainIsThePublishedTable()
{
    QFETCH(double, sigma);
    QFETCH(QList<double>, gains);
    const int steps[] = { 3, 7, 15 };
    for (int i = 0; i < 3; ++i) {
        const NewtonSettings newton { steps[i], 5e-4 };
        QVERIFY2(std::abs(newtonGain(sigma, newton) - gains[i]) < 0.01 * gains[i], qPrintable(QString::number(newtonGain(sigma, newton))));
        double x = newton.scale * sigma; // the iteration itself, on a number
        for (int step = 0; step < newton.steps; ++step)
            x = 2 * x - x * sigma * x;
        QVERIFY(std::abs(x * sigma - newtonGain(sigma, newton)) < 1e-9);
    }
}

void TestPseudoInverse::identityPriorNeedsFifteenSteps()
{
    const Matrix prior = Matrix::Identity(512, 768);
    const Eigen::MatrixXd inverse = Eigen::MatrixXd::Identity(768, 512);
    const std::pair<int, double> expected[] = { { 3, 0.996 }, { 7, 0.938 }, { 10, 0.599 }, { 12, 0.129 } };
    for (const auto& [steps, error] : expected)
        QVERIFY(std::abs(relative(newtonClosedForm(prior.topLeftCorner(64, 96), { steps, 5e-4 }), inverse.topLeftCorner(96, 64)) - error) < 6e-4);
    QVERIFY(relative(newtonInverse(prior, {}), inverse) < 2e-7);
}

void TestPseudoInverse::iterationAgreesWithItsClosedForm_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("columns");
    QTest::addColumn<int>("steps");
    QTest::addColumn<double>("scale");
    for (const auto& [rows, columns] : { std::pair(1, 40), std::pair(16, 40), std::pair(40, 16), std::pair(30, 30) })
        for (const int steps : { 1, 3, 7, 15 })
            for (const double scale : { 5e-4, 3e-3 })
                QTest::addRow("%d x %d, %d steps, %g", rows, columns, steps, scale) << rows << columns << steps << scale;
}

void TestPseudoInverse::iterationAgreesWithItsClosedForm()
{
    QFETCH(int, rows);
    QFETCH(int, columns);
    QFETCH(int, steps);
    QFETCH(double, scale);
    const Matrix a = normalMatrix(rows, columns, 7);
    const Matrix inverse = newtonInverse(a, { steps, scale });
    QCOMPARE(inverse.rows(), columns);
    QCOMPARE(inverse.cols(), rows);
    const Matrix closed = newtonClosedForm(a, { steps, scale });
    QVERIFY2(worst(inverse, closed.cast<double>()) < 2e-5, qPrintable(QString::number(worst(inverse, closed.cast<double>()))));
    // and both are V g(sigma) / sigma U^T of Eigen's SVD
    const Eigen::JacobiSVD<Eigen::MatrixXd> svd(a.cast<double>(), Eigen::ComputeThinU | Eigen::ComputeThinV);
    const Eigen::VectorXd gained = svd.singularValues().unaryExpr([&](double s) { return (1 - std::pow(1 - scale * s * s, std::exp2(steps))) / s; });
    QVERIFY(worst(closed, svd.matrixV() * gained.asDiagonal() * svd.matrixU().transpose()) < 1e-6);
}

void TestPseudoInverse::convergedIsTheInverse()
{
    // sigma in 5.4 .. 50 as of a normal prior of the published size, in small
    const Matrix a = withValues(24, 60, { 50, 40, 30, 20, 12, 8, 5.4 }, 3);
    const Matrix full = withValues(7, 60, { 50, 40, 30, 20, 12, 8, 5.4 }, 3);
    QVERIFY(relative(newtonInverse(full, {}), svdInverse(full)) < 2e-6);
    const double deficient = relative(newtonInverse(a, {}), exactInverse(a).cast<double>());
    // What float32 leaves of the 17 empty directions grows by 2^15 alpha.
    QVERIFY2(deficient < 1e-3, qPrintable(QString::number(deficient)));
    QVERIFY(relative(newtonInverse(full, { 3, 5e-4 }), svdInverse(full)) > 0.1);
}

void TestPseudoInverse::exactFulfilsMoorePenrose_data()
{
    QTest::addColumn<int>("rows");
    QTest::addColumn<int>("columns");
    QTest::addColumn<int>("rank");
    QTest::newRow("one row") << 1 << 30 << 1;
    QTest::newRow("wide") << 20 << 50 << 20;
    QTest::newRow("tall") << 50 << 20 << 20;
    QTest::newRow("square") << 30 << 30 << 30;
    QTest::newRow("wide, rank 5") << 20 << 50 << 5;
    QTest::newRow("tall, rank 5") << 50 << 20 << 5;
    QTest::newRow("zero") << 20 << 50 << 0;
}

void TestPseudoInverse::exactFulfilsMoorePenrose()
{
    QFETCH(int, rows);
    QFETCH(int, columns);
    QFETCH(int, rank);
    const Matrix left = normalMatrix(rows, rank, 1), right = normalMatrix(rank, columns, 2);
    const Matrix a = rank == std::min(rows, columns) ? normalMatrix(rows, columns, 3) : Matrix(left * right);
    const Eigen::MatrixXd wide = a.cast<double>(), inverse = exactInverse(a).cast<double>();
    QCOMPARE(inverse.rows(), columns);
    QCOMPARE(inverse.cols(), rows);
    const double size = std::max(1.0, wide.norm());
    QVERIFY((wide * inverse * wide - wide).norm() < 2e-5 * size);
    QVERIFY((inverse * wide * inverse - inverse).norm() < 2e-5 * std::max(1.0, inverse.norm()));
    QVERIFY((wide * inverse - (wide * inverse).transpose()).norm() < 2e-5);
    QVERIFY((inverse * wide - (inverse * wide).transpose()).norm() < 2e-5);
    QVERIFY(std::abs((wide * inverse).trace() - rank) < 1e-4); // a projector on as many dimensions
}

void TestPseudoInverse::exactDropsWhatIsBelowTheCutoff()
{
    const Matrix a = withValues(8, 20, { 10, 3, 1e-2, 2e-6 }, 5);
    QVERIFY(std::abs(exactInverse(a).cast<double>().operatorNorm() - 100) < 0.1);
    QVERIFY(std::abs(exactInverse(a, 1e-2).cast<double>().operatorNorm() - 1.0 / 3) < 1e-4);
}

void TestPseudoInverse::divergenceIsTold()
{
    QVERIFY(std::abs(divergenceLimit({}) - 63.2456) < 1e-3);
    newtonInverse(withValues(4, 9, { 63.2, 5 }, 1), {});
    for (const double sigma : { 63.4, 95.0, 1e4 }) {
        const Matrix a = withValues(4, 9, { sigma, 5 }, 1);
        for (const auto& message : { messageOf([&] { newtonInverse(a, {}); }), messageOf([&] { newtonClosedForm(a, {}); }) }) {
            QVERIFY2(message.find("diverges") != std::string::npos, message.c_str());
            QVERIFY2(message.find("exact") != std::string::npos, message.c_str());
            QCOMPARE(message.find('\n'), std::string::npos);
        }
        QVERIFY(std::isfinite(exactInverse(a).norm()));
    }
    QVERIFY(messageOf([] { newtonInverse(withValues(4, 9, { 95.0, 5 }, 1), {}); }).find("singular value is 95") != std::string::npos);
    newtonInverse(withValues(4, 9, { 95, 5 }, 1), { 15, 2e-4 }); // what the message advises
}

void TestPseudoInverse::badInputIsTold()
{
    Matrix a = normalMatrix(3, 5, 1);
    for (const NewtonSettings& bad : { NewtonSettings { 0, 5e-4 }, NewtonSettings { 1001, 5e-4 }, NewtonSettings { 15, 0 }, NewtonSettings { 15, -1 }, NewtonSettings { 15, std::nan("") } })
        QVERIFY_THROWS_EXCEPTION(Error, newtonInverse(a, bad));
    a(1, 2) = std::numeric_limits<float>::quiet_NaN();
    QVERIFY_THROWS_EXCEPTION(Error, newtonInverse(a, {}));
    QVERIFY_THROWS_EXCEPTION(Error, newtonClosedForm(a, {}));
    QVERIFY_THROWS_EXCEPTION(Error, exactInverse(a));
    QVERIFY_THROWS_EXCEPTION(Error, inverseModeFromName("nearly"));
    for (const InverseMode mode : { InverseMode::Newton, InverseMode::Exact })
        QVERIFY(inverseModeFromName(nameOf(mode)) == mode);
    QCOMPARE(exactInverse(Matrix(0, 4)).rows(), 4);
}

void TestPseudoInverse::greatestValueIsFound()
{
    for (const auto& [rows, columns] : { std::pair(3, 50), std::pair(50, 3), std::pair(40, 40) }) {
        const Matrix a = normalMatrix(rows, columns, 11);
        const double sigma = a.cast<double>().operatorNorm(), found = greatestSingularValue(a);
        QVERIFY(found <= sigma * (1 + 1e-5) && found > sigma * (1 - 5e-3));
    }
    QCOMPARE(greatestSingularValue(Matrix::Zero(3, 4)), 0.0);
}

void TestPseudoInverse::productsAreRight()
{
    for (const auto& [m, k, n] : { std::tuple(1, 7, 5), std::tuple(6, 7, 5), std::tuple(40, 33, 70), std::tuple(3, 0, 2), std::tuple(0, 3, 2) }) {
        const Matrix a = normalMatrix(m, k, 1), b = normalMatrix(k, n, 2);
        Matrix out;
        multiply(a, b, out);
        QCOMPARE(out.rows(), m);
        QCOMPARE(out.cols(), n);
        for (int i = 0; i < m; ++i)
            for (int j = 0; j < n; ++j) {
                double sum = 0;
                for (int l = 0; l < k; ++l)
                    sum += static_cast<double>(a(i, l)) * static_cast<double>(b(l, j));
                QVERIFY(std::abs(static_cast<double>(out(i, j)) - sum) < 1e-4);
            }
    }
}

QTEST_GUILESS_MAIN(TestPseudoInverse)
#include "tst_pseudoinverse.moc"
