// SPDX-License-Identifier: GPL-3.0-or-later
// The network on the CPU's own kernels against the same network on LibTorch, on the bundled model's weights.
#include "core/base/Paths.h"
#include "core/base/Random.h"
#include "core/compute/ParallelJobs.h"
#include "core/model/CpuLarimar.h"
#include "core/torch/TorchLarimar.h"

#include <atomic>
#include <cmath>
#include <QTest>

using namespace hayloft;

class TestCpuLarimar : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void latentsEqualLibTorchs_data() { addKernels(); }
    void latentsEqualLibTorchs();
    void answersEqualLibTorchs_data() { addKernels(); }
    void answersEqualLibTorchs();
    void bfloat16IsNear_data() { addKernels(); }
    void bfloat16IsNear();
    void answersGoOnFromTheirPrompts();
    void threadsChangeNothing();
    void cancelStopsAllThreads();

private:
    void addKernels() const;
    std::vector<TokenIds> randomSequences() const;

    std::filesystem::path m_folder = modelDirectory("larimar-mini");
    std::unique_ptr<LatentModel> m_torch;
};

void TestCpuLarimar::addKernels() const
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < usableKernels().size(); ++i)
        QTest::addRow("%s", usableKernels()[i]->name) << static_cast<int>(i);
}

/// Of every length, several of each so that batches are full, split and single.
std::vector<TokenIds> TestCpuLarimar::randomSequences() const
{
    Random random(5);
    std::vector<TokenIds> sequences;
    for (int length = 1; length <= m_torch->info().maxTokens; ++length)
        for (int n = 0; n < 1 + length % 7; ++n) {
            sequences.emplace_back();
            for (int t = 0; t < length; ++t)
                sequences.back().push_back(static_cast<int>(random.below(static_cast<std::size_t>(m_torch->info().vocabularySize))));
        }
    return sequences;
}

void TestCpuLarimar::initTestCase() { m_torch = std::make_unique<TorchLarimar>(m_folder, "cpu"); }

void TestCpuLarimar::latentsEqualLibTorchs()
{
    QFETCH(int, index);
    const CpuLarimar model(m_folder, *usableKernels()[static_cast<std::size_t>(index)]);
    const auto sequences = randomSequences();
    const Matrix expected = m_torch->encode(sequences), found = model.encode(sequences, {});
    QCOMPARE(found.rows(), expected.rows());
    const float greatest = expected.cwiseAbs().maxCoeff();
    const float error = (found - expected).cwiseAbs().maxCoeff();
    QVERIFY2(error <= 2e-5f * greatest, qPrintable(QString::number(error)));
    // Not merely near zero everywhere.
    QVERIFY(greatest > 2);
}

void TestCpuLarimar::answersEqualLibTorchs()
{
    QFETCH(int, index);
    const CpuLarimar model(m_folder, *usableKernels()[static_cast<std::size_t>(index)]);
    Matrix latents = m_torch->encode(randomSequences());
    latents.row(3).setZero();
    latents.row(4) = (latents.row(5) + latents.row(6)) / 2;
    const auto expected = m_torch->decode(latents), found = model.decode(latents, {});
    QCOMPARE(found.size(), expected.size());
    int tokens = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        QCOMPARE(found[i].ids, expected[i].ids);
        QCOMPARE(found[i].text, expected[i].text);
        QVERIFY(std::abs(found[i].endProbability - expected[i].endProbability) < 1e-3f);
        QCOMPARE(found[i].probabilities.size(), expected[i].probabilities.size());
        for (std::size_t t = 0; t < found[i].probabilities.size(); ++t, ++tokens)
            QVERIFY(std::abs(found[i].probabilities[t] - expected[i].probabilities[t]) < 1e-3f);
    }
    QVERIFY(tokens > 5000);
}

void TestCpuLarimar::bfloat16IsNear()
{
    QFETCH(int, index);
    const CpuLarimar exact(m_folder), model(m_folder, *usableKernels()[static_cast<std::size_t>(index)], Precision::BFloat16);
    QVERIFY(exact.info().precision == Precision::Float32 && model.info().precision == Precision::BFloat16);
    const auto sequences = randomSequences();
    const Matrix expected = exact.encode(sequences, {}), found = model.encode(sequences, {});
    const double error = static_cast<double>((found - expected).norm() / expected.norm());
    QVERIFY2(error < 0.01 && error > 1e-4, qPrintable(QString::number(error))); // and was rounded
    for (const std::size_t alone : { std::size_t { 0 }, std::size_t { 7 }, sequences.size() - 1 }) // a batch changes no bit
        QCOMPARE(model.encode({ sequences[alone] }, {}).row(0), found.row(static_cast<Index>(alone)));
    // Text, not noise: the answers are the ones that were encoded.
    const std::vector<std::string> texts { "The ferry left at noon.", "Nobody had told her about the second key.", "The pass key is 4471293.",
                                           "\"It was 1893,\" said the pilot, and the fog came down over the roofs of the harbour." };
    std::vector<TokenIds> ids;
    for (const auto& text : texts)
        ids.push_back(model.tokenizer().encode(text));
    const auto answers = model.decode(model.encode(ids, {}), {});
    for (std::size_t i = 0; i < texts.size(); ++i)
        QCOMPARE(answers[i].text, texts[i]);
}

void TestCpuLarimar::answersGoOnFromTheirPrompts()
{
    const CpuLarimar model(m_folder);
    const std::vector<std::string> texts { "The ferry left at noon.", "Nobody had told her about the second key.", "It was 4471." };
    std::vector<TokenIds> ids;
    for (const auto& text : texts)
        ids.push_back(model.tokenizer().encode(text));
    const Matrix latents = model.encode(ids, {});
    // Of what the text begins with anyhow, of nothing, and of something else.
    const std::vector<std::string> prompts { "The ferry", "", "A stranger in the garden" };
    const auto found = model.decodeAfter(prompts, latents, {}), expected = m_torch->decodeAfter(prompts, latents);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        QCOMPARE(found[i].ids, expected[i].ids);
        QCOMPARE(found[i].ids.size(), found[i].probabilities.size());
        QVERIFY(found[i].text.starts_with(prompts[i]));
    }
    QCOMPARE(found[0].text, texts[0]);
    QCOMPARE(found[1].text, texts[1]);
    QCOMPARE(found[0].probabilities.front(), 1.0f);
    QVERIFY(found[2].text != prompts[2]);

    QVERIFY_EXCEPTION_THROWN(model.decodeAfter({ "one" }, latents, {}), Error);
    QVERIFY_EXCEPTION_THROWN(model.decodeAfter({ std::string(300, '7'), "", "" }, latents, {}), Error);
}

void TestCpuLarimar::threadsChangeNothing()
{
    const CpuLarimar model(m_folder);
    const auto sequences = randomSequences();
    const int before = computeThreads();
    useThreads(1);
    const Matrix one = model.encode(sequences, {});
    const auto oneText = model.decode(one, {});
    useThreads(3);
    const Matrix three = model.encode(sequences, {});
    const auto threeText = model.decode(three, {});
    useThreads(before);
    QCOMPARE((one - three).cwiseAbs().maxCoeff(), 0.0f);
    for (std::size_t i = 0; i < oneText.size(); ++i)
        QCOMPARE(oneText[i].ids, threeText[i].ids);
}

void TestCpuLarimar::cancelStopsAllThreads()
{
    const CpuLarimar model(m_folder);
    std::vector<TokenIds> sequences;
    for (int n = 0; n < 200; ++n)
        for (auto& sequence : randomSequences())
            sequences.push_back(std::move(sequence));
    std::stop_source stop;
    Task task { stop.get_token(), {} };
    double done = 0, total = 0;
    task.progress = [&](const Progress& p) {
        done = p.done;
        total = p.total;
        stop.request_stop();
    };
    QVERIFY_EXCEPTION_THROWN(model.encode(sequences, task), Cancelled);
    QVERIFY(done > 0 && done < total / 4);
}

QTEST_GUILESS_MAIN(TestCpuLarimar)
#include "tst_cpularimar.moc"
