// SPDX-License-Identifier: GPL-3.0-or-later
// Every instruction set's kernels against plain sums in double.
#include "core/base/Random.h"
#include "core/compute/PackedMatrix.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <QTest>
#include <vector>

using namespace hayloft;

class TestKernels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aPlainSetIsAlwaysUsable();
    void products_data() { addKernels(); }
    void products();
    void longSumsOfBFloat16_data() { addKernels(); }
    void longSumsOfBFloat16();
    void sumsThatAreTooLongForBFloat16StayFloat32_data() { addKernels(); }
    void sumsThatAreTooLongForBFloat16StayFloat32();
    void productsOfSomeColumnsAndRows_data() { addKernels(); }
    void productsOfSomeColumnsAndRows();
    void aRowDoesNotDependOnItsBatch_data() { addKernels(); }
    void aRowDoesNotDependOnItsBatch();
    void normalised_data() { addKernels(); }
    void normalised();
    void softmaxes_data() { addKernels(); }
    void softmaxes();
    void attention_data() { addKernels(); }
    void attention();
    void greedyChoices_data() { addKernels(); }
    void greedyChoices();

private:
    using Floats = std::vector<float>;
    void addKernels() const;
    const Kernels& kernels() const;
    Floats draw(std::ptrdiff_t count, double scale = 1) const;
    static float rounded(float x);
    void checkProducts(Precision precision, std::ptrdiff_t rows, std::ptrdiff_t k, std::ptrdiff_t n);
    void checkParts(Precision precision);
    void checkRowsAlone(Precision precision);

    mutable Random m_random { 7 };
};

void TestKernels::addKernels() const
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < usableKernels().size(); ++i)
        QTest::addRow("%s", usableKernels()[i]->name) << static_cast<int>(i);
}

const Kernels& TestKernels::kernels() const
{
    const auto* index = static_cast<const int*>(QTest::qData("index", qMetaTypeId<int>()));
    return *usableKernels()[static_cast<std::size_t>(*index)];
}

TestKernels::Floats TestKernels::draw(std::ptrdiff_t count, double scale) const
{
    Floats values(static_cast<std::size_t>(count));
    std::generate(values.begin(), values.end(), [&] { return static_cast<float>(m_random.normal() * scale); });
    return values;
}

void TestKernels::aPlainSetIsAlwaysUsable()
{
    QVERIFY(!usableKernels().empty());
    QCOMPARE(&bestKernels(), usableKernels().front());
    QCOMPARE(std::string(usableKernels().back()->name), std::string("plain"));
}

void TestKernels::products()
{
    for (const Precision precision : { Precision::Float32, Precision::BFloat16 })
        for (const std::ptrdiff_t rows : { 1, 2, 3, 4, 5, 11, 12, 13, 27 })
            for (const std::ptrdiff_t k : { 1, 5, 64 })
                for (const std::ptrdiff_t n : { 1, 7, 16, 31, 32, 33, 100 })
                    checkProducts(precision, rows, k, n);
}

void TestKernels::longSumsOfBFloat16()
{
    checkProducts(Precision::BFloat16, 100, 256, 33); // more rows than are rounded at a time,
    checkProducts(Precision::BFloat16, 13, 7001, 5);  // a tile of rows that does not fit,
    checkProducts(Precision::BFloat16, 2, 13001, 5);  // nor a single one
}

void TestKernels::sumsThatAreTooLongForBFloat16StayFloat32()
{
    const std::ptrdiff_t k = kMostPairedDepth + 1;
    const auto packed = PackedMatrix::fromRows(kernels(), draw(k).data(), k, 1, Precision::BFloat16);
    QCOMPARE(packed.times(nullptr, nullptr).precision, Precision::Float32);
}

/// 8 bits of 24, ties to even, written another way than the kernels' own.
float TestKernels::rounded(float x)
{
    int exponent = 0;
    const double fraction = std::frexp(static_cast<double>(x), &exponent);
    return static_cast<float>(std::ldexp(std::nearbyint(std::ldexp(fraction, 8)), exponent - 8));
}

void TestKernels::checkProducts(Precision precision, std::ptrdiff_t rows, std::ptrdiff_t k, std::ptrdiff_t n)
{
    const auto a = draw(rows * k), b = draw(k * n, 0.3), bias = draw(n), add = draw(rows * n);
    Floats transposed(b.size()), factors(a), weights(b);
    for (std::ptrdiff_t i = 0; i < k; ++i)
        for (std::ptrdiff_t j = 0; j < n; ++j)
            transposed[static_cast<std::size_t>(j * k + i)] = b[static_cast<std::size_t>(i * n + j)];
    if (precision == Precision::BFloat16)
        for (Floats* values : { &factors, &weights })
            std::transform(values->begin(), values->end(), values->begin(), rounded);
    for (const int kind : { 0, 1, 2, 3, 4 }) {
        const auto packed = kind == 0 ? PackedMatrix::fromColumns(kernels(), transposed.data(), k, n, precision)
                                      : PackedMatrix::fromRows(kernels(), b.data(), k, n, precision);
        Floats c(static_cast<std::size_t>(rows * n) + 1, 77);
        Product product = packed.times(a.data(), c.data());
        product.bias = kind >= 1 ? bias.data() : nullptr;
        product.activation = kind == 2 ? Activation::GeluErf : kind == 4 ? Activation::GeluTanh : Activation::None;
        product.add = kind == 3 ? add.data() : nullptr;
        product.addStride = n;
        kernels().multiply(product, rows);
        QCOMPARE(c.back(), 77.0f); // nothing is written behind the last row
        for (std::ptrdiff_t r = 0; r < rows; ++r)
            for (std::ptrdiff_t j = 0; j < n; ++j) {
                double expected = kind >= 1 ? static_cast<double>(bias[static_cast<std::size_t>(j)]) : 0;
                for (std::ptrdiff_t i = 0; i < k; ++i)
                    expected += static_cast<double>(factors[static_cast<std::size_t>(r * k + i)]) * static_cast<double>(weights[static_cast<std::size_t>(i * n + j)]);
                if (kind == 2)
                    expected *= 0.5 * (1 + std::erf(expected / std::sqrt(2.0)));
                if (kind == 4)
                    expected *= 0.5 * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (expected + 0.044715 * std::pow(expected, 3))));
                if (kind == 3)
                    expected += static_cast<double>(add[static_cast<std::size_t>(r * n + j)]);
                QVERIFY(std::abs(static_cast<double>(c[static_cast<std::size_t>(r * n + j)]) - expected) < 5e-6 * std::max(1.0, static_cast<double>(k) / 64));
            }
    }
}

void TestKernels::productsOfSomeColumnsAndRows()
{
    checkParts(Precision::Float32);
    checkParts(Precision::BFloat16);
}

void TestKernels::checkParts(Precision precision)
{
    const std::ptrdiff_t rows = 5, k = 40, n = 200, first = 64, some = 70, fewer = 24;
    const auto a = draw(rows * k), b = draw(k * n);
    const auto packed = PackedMatrix::fromRows(kernels(), b.data(), k, n, precision);
    Floats all(rows * n), columns(rows * some), part(rows * n);
    kernels().multiply(packed.times(a.data(), all.data()), rows);
    kernels().multiply(packed.columns(first, some, a.data(), columns.data(), some), rows);
    kernels().multiply(packed.times(a.data(), k, fewer, part.data(), n), rows);
    const auto shorter = PackedMatrix::fromRows(kernels(), b.data(), fewer, n, precision);
    const auto rest = PackedMatrix::fromRows(kernels(), b.data() + fewer * n, k - fewer, n, precision);
    Floats expected(rows * n), behind(rows * n), expectedBehind(rows * n);
    kernels().multiply(shorter.times(a.data(), k, fewer, expected.data(), n), rows);
    kernels().multiply(packed.rows(fewer, k - fewer, a.data(), behind.data()), rows);
    kernels().multiply(rest.times(a.data(), expectedBehind.data()), rows);
    QCOMPARE(behind, expectedBehind);
    for (std::ptrdiff_t r = 0; r < rows; ++r)
        for (std::ptrdiff_t j = 0; j < some; ++j)
            QCOMPARE(columns[static_cast<std::size_t>(r * some + j)], all[static_cast<std::size_t>(r * n + first + j)]);
    QCOMPARE(part, expected);
}

void TestKernels::aRowDoesNotDependOnItsBatch()
{
    checkRowsAlone(Precision::Float32);
    checkRowsAlone(Precision::BFloat16);
}

void TestKernels::checkRowsAlone(Precision precision)
{
    const std::ptrdiff_t rows = 29, k = 256, n = 96;
    const auto a = draw(rows * k), b = draw(k * n), bias = draw(n);
    const auto packed = PackedMatrix::fromRows(kernels(), b.data(), k, n, precision);
    Floats together(rows * n), alone(n);
    Product product = packed.times(a.data(), together.data());
    product.bias = bias.data();
    product.activation = Activation::GeluErf;
    kernels().multiply(product, rows);
    for (std::ptrdiff_t r = 0; r < rows; ++r) {
        product.a = a.data() + r * k;
        product.c = alone.data();
        kernels().multiply(product, 1);
        QVERIFY(std::equal(alone.begin(), alone.end(), together.begin() + r * n));
    }
}

void TestKernels::normalised()
{
    for (const std::ptrdiff_t width : { 3, 16, 50, 256 }) {
        const auto x = draw(2 * width, 5), gain = draw(width), bias = draw(width);
        Floats out(x.size()), bare(x.size());
        kernels().normalise(x.data(), 2, width, { gain.data(), bias.data(), 1e-2f }, out.data());
        kernels().normalise(x.data(), 2, width, {}, bare.data());
        for (std::ptrdiff_t r = 0; r < 2; ++r) {
            double mean = 0, variance = 0;
            for (std::ptrdiff_t j = 0; j < width; ++j)
                mean += static_cast<double>(x[static_cast<std::size_t>(r * width + j)]) / static_cast<double>(width);
            for (std::ptrdiff_t j = 0; j < width; ++j)
                variance += std::pow(static_cast<double>(x[static_cast<std::size_t>(r * width + j)]) - mean, 2) / static_cast<double>(width);
            for (std::ptrdiff_t j = 0; j < width; ++j) {
                const auto at = static_cast<std::size_t>(r * width + j), column = static_cast<std::size_t>(j);
                const double centred = static_cast<double>(x[at]) - mean;
                QVERIFY(std::abs(static_cast<double>(bare[at]) - centred / std::sqrt(variance + 1e-5)) < 1e-5);
                QVERIFY(std::abs(static_cast<double>(out[at]) - (centred / std::sqrt(variance + 1e-2) * static_cast<double>(gain[column]) + static_cast<double>(bias[column]))) < 1e-5);
            }
        }
    }
}

void TestKernels::softmaxes()
{
    for (const std::ptrdiff_t n : { 1, 4, 15, 16, 17, 64 }) {
        const std::ptrdiff_t stride = n + 3;
        auto x = draw(3 * stride, 30); // far apart: some become 0
        const auto before = x;
        kernels().softmax(x.data(), 3, stride, n, 0.125f);
        for (std::ptrdiff_t r = 0; r < 3; ++r) {
            const auto* row = before.data() + r * stride;
            const double largest = static_cast<double>(*std::max_element(row, row + n));
            double sum = 0;
            for (std::ptrdiff_t j = 0; j < n; ++j)
                sum += std::exp((static_cast<double>(row[j]) - largest) * 0.125);
            for (std::ptrdiff_t j = 0; j < n; ++j)
                QVERIFY(std::abs(static_cast<double>(x[static_cast<std::size_t>(r * stride + j)]) - std::exp((static_cast<double>(row[j]) - largest) * 0.125) / sum) < 1e-6);
            for (std::ptrdiff_t j = n; j < stride; ++j)
                QCOMPARE(x[static_cast<std::size_t>(r * stride + j)], row[j]);
        }
    }
}

void TestKernels::attention()
{
    for (const std::ptrdiff_t width : { 8, 20, 64 })
        for (const std::ptrdiff_t used : { 1, 2, 16, 17, 31 }) {
            const std::ptrdiff_t capacity = 32;
            const auto query = draw(width), keys = draw(width * capacity), values = draw(capacity * width);
            Floats scores(capacity), out(static_cast<std::size_t>(width));
            kernels().attend({ query.data(), keys.data(), values.data(), used, capacity, width, scores.data(), out.data() });
            std::vector<double> weights;
            double sum = 0;
            for (std::ptrdiff_t s = 0; s < used; ++s) {
                double score = 0;
                for (std::ptrdiff_t d = 0; d < width; ++d)
                    score += static_cast<double>(query[static_cast<std::size_t>(d)]) * static_cast<double>(keys[static_cast<std::size_t>(d * capacity + s)]);
                weights.push_back(std::exp(score / std::sqrt(static_cast<double>(width))));
                sum += weights.back();
            }
            for (std::ptrdiff_t d = 0; d < width; ++d) {
                double expected = 0;
                for (std::ptrdiff_t s = 0; s < used; ++s)
                    expected += weights[static_cast<std::size_t>(s)] / sum * static_cast<double>(values[static_cast<std::size_t>(s * width + d)]);
                QVERIFY(std::abs(static_cast<double>(out[static_cast<std::size_t>(d)]) - expected) < 1e-5);
            }
        }
}

void TestKernels::greedyChoices()
{
    const auto logits = draw(1000, 4);
    GreedyChoice choice;
    for (const auto& [first, n] : { std::pair { 0, 1 }, { 1, 37 }, { 38, 512 }, { 550, 450 } })
        kernels().choose(logits.data() + first, n, first, choice);
    const auto best = std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const float x : logits)
        sum += std::exp(static_cast<double>(x) - static_cast<double>(*best));
    QCOMPARE(choice.column, static_cast<int>(best - logits.begin()));
    QCOMPARE(choice.best, *best);
    QVERIFY(std::abs(static_cast<double>(choice.sum) / sum - 1) < 1e-5);
}

QTEST_GUILESS_MAIN(TestKernels)
#include "tst_kernels.moc"
