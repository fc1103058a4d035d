// SPDX-License-Identifier: GPL-3.0-or-later
// Larimar's memory against the reference code's outputs, which tests/parity/gpm_reference.py makes.
#include "tests/memory/GenerativeFixture.h"

#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace hayloft;
using namespace hayloft::test;
using Json = nlohmann::json;

namespace {

/// The same numbers as the recipe's: drawn and scaled in double.
Eigen::MatrixXd wideNormals(Index rows, Index columns, std::uint64_t seed, bool unit)
{
    Random random(seed);
    Eigen::MatrixXd m(rows, columns);
    for (Index i = 0; i < rows; ++i)
        for (Index j = 0; j < columns; ++j)
            m(i, j) = random.normal();
    if (unit)
        m.rowwise().normalize();
    return m;
}

struct Inputs {
    Matrix prior, latents, queries;
};

Inputs inputsOf(const Json& json)
{
    const Index rows = json["rows"], columns = json["columns"], n = json["latents"];
    const std::uint64_t seed = json["seed"];
    const double norm = json["norm"], share = json["cosine"];
    const std::string kind = json["prior"];
    Eigen::MatrixXd prior = Eigen::MatrixXd::Identity(rows, columns);
    if (kind == "normal")
        prior = wideNormals(rows, columns, seed, false);
    else if (kind == "near-identity")
        prior += 0.05 * wideNormals(rows, columns, seed, false);
    Eigen::MatrixXd latents = std::sqrt(1 - share) * wideNormals(n, columns, seed + 2, true);
    latents.rowwise() += Eigen::RowVectorXd(std::sqrt(share) * wideNormals(1, columns, seed + 1, true));
    latents *= norm;
    if (json.contains("duplicate"))
        latents.row(1) = latents.row(0) + json["duplicate"].get<double>() * norm * wideNormals(1, columns, seed + 4, true);
    const Eigen::MatrixXd noise = norm * wideNormals(5, columns, seed + 3, true);
    Eigen::MatrixXd queries(5, columns);
    for (Index i = 0; i < 5; ++i)
        queries.row(i) = 0.5 * latents.row(i % n) + 0.5 * noise.row(i);
    return { prior.cast<float>(), latents.cast<float>(), queries.cast<float>() };
}

/// max|a - b| / max|b|, where `expected` holds every `step`-th column.
double worst(const Matrix& got, const Json& expected, Index step)
{
    double most = 0, greatest = 0;
    for (Index i = 0; i < got.rows(); ++i)
        for (Index j = 0; j < got.cols(); j += step) {
            const double wanted = expected.at(static_cast<std::size_t>(i)).at(static_cast<std::size_t>(j / step));
            most = std::max(most, std::abs(static_cast<double>(got(i, j)) - wanted));
            greatest = std::max(greatest, std::abs(wanted));
        }
    return most / greatest;
}

Json cases()
{
    std::ifstream file(HAYLOFT_SOURCE_DIR "/tests/memory/gpm_reference.json");
    return Json::parse(file)["cases"];
}

} // namespace

class TestGpmReference : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void agreesWithReference_data();
    void agreesWithReference();
    void exactIsTheReferenceWhereThatConverges_data() { agreesWithReference_data(); }
    void exactIsTheReferenceWhereThatConverges();
    void divergenceIsToldAndExactReads();
};

void TestGpmReference::agreesWithReference_data()
{
    QTest::addColumn<int>("number");
    int number = 0;
    for (const Json& json : cases())
        QTest::newRow(json["name"].get<std::string>().c_str()) << number++;
    QVERIFY(number >= 16);
}

void TestGpmReference::agreesWithReference()
{
    QFETCH(int, number);
    const Json json = cases()[static_cast<std::size_t>(number)];
    if (json.contains("diverges"))
        return; // divergenceIsToldAndExactReads
    const Inputs inputs = inputsOf(json);
    GenerativeMemorySettings settings = settingsOf(InverseMode::Newton);
    settings.newton.steps = json["steps"];
    const bool sequential = json["sequential"];
    GenerativeMemory memory = memoryOf(inputs.prior, settings);
    if (sequential) { // the noise counts at the write alone, as in the recipe
        GenerativeMemorySettings writing = settings;
        writing.observationNoise = json["noise"];
        GenerativeMemory written = memoryOf(inputs.prior, writing);
        written.writeSequential(inputs.latents);
        memory = memoryOf(written.matrix(), settings);
        const Eigen::VectorXd diagonal = written.covariance().diagonal();
        for (Index i = 0; i < diagonal.size(); ++i)
            QVERIFY(std::abs(diagonal(i) - json["covariance_diagonal"][static_cast<std::size_t>(i)].get<double>()) < 2e-5);
    } else {
        memory.write(inputs.latents);
        QCOMPARE(memory.segments(), inputs.latents.rows());
    }
    const Index step = json["column_step"];
    const double error = std::max(1e-5, 10 * json["error32"].get<double>());
    QVERIFY(error < 5e-4); // the bound is 1e-4 where the reference itself is stable
    const Readout readout = memory.read(inputs.queries);
    const double found = worst(readout.latents, json["readout"], step);
    QVERIFY2(found < error, qPrintable(QString::number(found)));
    QVERIFY2(worst(readout.weights, json["weights"], step) < 10 * error, qPrintable(QString::number(worst(readout.weights, json["weights"], step))));
    Matrix some(3, memory.latentSize());
    for (Index i = 0; i < 3; ++i)
        some.row(i) = memory.matrix().row(json["matrix_rows"][static_cast<std::size_t>(i)].get<Index>());
    QVERIFY2(worst(some, json["matrix"], step) < 1e-4, qPrintable(QString::number(worst(some, json["matrix"], step))));
    const double norm = json["matrix_norm"];
    QVERIFY(std::abs(static_cast<double>(memory.matrix().norm()) - norm) < 1e-4 * norm);
}

void TestGpmReference::exactIsTheReferenceWhereThatConverges()
{
    QFETCH(int, number);
    const Json json = cases()[static_cast<std::size_t>(number)];
    const std::string name = json["name"];
    if (json.contains("diverges") || json["sequential"].get<bool>())
        return;
    const Inputs inputs = inputsOf(json);
    GenerativeMemory memory = memoryOf(inputs.prior, settingsOf(InverseMode::Exact));
    memory.write(inputs.latents);
    const double found = worst(memory.read(inputs.queries).latents, json["readout"], json["column_step"]);
    if (name.find("7 steps") != std::string::npos)
        QVERIFY2(found > 1e-2, qPrintable(QString::number(found))); // the reference is far from converged: the two must differ
    else if (name.find("not converged") == std::string::npos)
        QVERIFY2(found < 1e-5, qPrintable(QString::number(found)));
}

void TestGpmReference::divergenceIsToldAndExactReads()
{
    int diverging = 0;
    for (const Json& json : cases()) {
        if (!json.contains("diverges"))
            continue;
        ++diverging;
        const Inputs inputs = inputsOf(json);
        GenerativeMemory newton = memoryOf(inputs.prior, settingsOf(InverseMode::Newton)), exact = memoryOf(inputs.prior, settingsOf(InverseMode::Exact));
        newton.write(0.1f * inputs.latents);
        const Matrix before = newton.matrix();
        const std::string message = messageOf([&] { newton.write(inputs.latents); });
        QVERIFY2(message.find("diverges") != std::string::npos && message.find("singular value") != std::string::npos, message.c_str());
        QCOMPARE(message.find('\n'), std::string::npos);
        QVERIFY(newton.matrix() == before); // a write that fails changes nothing
        exact.write(inputs.latents);
        QVERIFY(worst(exact.read(inputs.latents).latents, inputs.latents) < 1e-5);
    }
    QVERIFY(diverging > 0);
}

QTEST_GUILESS_MAIN(TestGpmReference)
#include "tst_gpmreference.moc"
