// SPDX-License-Identifier: GPL-3.0-or-later
// BERT and GPT-2 as the published Larimar joins them, against that code's own output (tests/parity/larimar_network.py).
#include "TinyLarimar.h"

#include "core/model/SafeTensors.h"
#include "core/model/SegmentDecoder.h"
#include "core/model/SegmentEncoder.h"
#include "core/torch/GreedyDecoder.h"
#include "core/torch/TorchTensors.h"

#include <QTest>

using namespace hayloft;

namespace {

constexpr int kBos = 88, kEos = 89;

/// max |a - b| / max |b|
double relativeError(const Matrix& found, const Matrix& expected)
{
    return static_cast<double>((found - expected).cwiseAbs().maxCoeff() / expected.cwiseAbs().maxCoeff());
}

} // namespace

class TestLarimarReference : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyTensorIsThere();
    void latents_data() { addKernels(); }
    void latents();
    void logits_data() { addKernels(); }
    void logits();
    void continuations_data() { addKernels(); }
    void continuations();
    void libTorchAgrees();
    void latentsOfZeroAreNoLatents();

private:
    void addKernels() const;
    PackedNetwork network() const;
    Matrix matrixOf(const char* name) const;
    std::vector<TokenIds> rowsOf(const char* name) const;
    Matrix encoded(const PackedNetwork& network) const;

    NamedTensors m_reference;
};

void TestLarimarReference::initTestCase()
{
    m_reference = loadSafeTensors(std::string(HAYLOFT_SOURCE_DIR) + "/tests/torch/tiny-larimar.safetensors");
}

void TestLarimarReference::addKernels() const
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < usableKernels().size(); ++i)
        QTest::addRow("%s", usableKernels()[i]->name) << static_cast<int>(i);
}

PackedNetwork TestLarimarReference::network() const
{
    QFETCH(int, index);
    return PackedNetwork(test::TinyLarimar::config(), test::TinyLarimar().weights(), *usableKernels()[static_cast<std::size_t>(index)]);
}

Matrix TestLarimarReference::matrixOf(const char* name) const
{
    const auto& tensor = m_reference.at(name);
    const auto values = tensor.floats();
    return Eigen::Map<const Matrix>(values.data(), tensor.shape[0], tensor.shape[1]);
}

std::vector<TokenIds> TestLarimarReference::rowsOf(const char* name) const
{
    const auto& tensor = m_reference.at(name);
    const auto ids = tensor.ints();
    std::vector<TokenIds> rows(static_cast<std::size_t>(tensor.shape[0]));
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (ids[i] >= 0)
            rows[i / static_cast<std::size_t>(tensor.shape[1])].push_back(ids[i]);
    return rows;
}

Matrix TestLarimarReference::encoded(const PackedNetwork& network) const
{
    const auto texts = rowsOf("texts");
    Matrix latents(std::ssize(texts), network.config.latent);
    SegmentEncoder encoder(network);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const TokenIds* text = &texts[i];
        float* row = latents.row(static_cast<Index>(i)).data();
        encoder.encode({ &text, 1 }, { &row, 1 });
    }
    return latents;
}

void TestLarimarReference::everyTensorIsThere()
{
    const auto weights = test::TinyLarimar().weights();
    const auto shapes = networkShapes(test::TinyLarimar::config());
    QCOMPARE(weights.size(), shapes.size());
    for (const auto& [name, shape] : shapes) {
        QVERIFY2(weights.contains(name), name.c_str());
        std::int64_t count = 1;
        for (const auto size : shape)
            count *= size;
        QCOMPARE(std::ssize(weights.at(name)), count);
    }
}

void TestLarimarReference::latents()
{
    const Matrix expected = matrixOf("latents"), found = encoded(network());
    QVERIFY(expected.cwiseAbs().maxCoeff() > 1);
    const double error = relativeError(found, expected);
    QVERIFY2(error < 1e-5, qPrintable(QString::number(error)));
}

void TestLarimarReference::logits()
{
    const PackedNetwork net = network();
    const Matrix latents = matrixOf("latents"), expected = matrixOf("logits");
    const auto prompts = rowsOf("prompts");
    SegmentDecoder decoder(net, latents, prompts, kBos, kEos);
    const Matrix found = decoder.logitsAfterPrompts({});
    QCOMPARE(found.cols(), expected.cols());
    const double error = relativeError(found, expected);
    QVERIFY2(error < 1e-5, qPrintable(QString::number(error)));
}

void TestLarimarReference::continuations()
{
    const PackedNetwork net = network();
    const Matrix latents = matrixOf("latents");
    const auto prompts = rowsOf("prompts"), expected = rowsOf("continued");
    ThreadTeam team(3);
    for (ThreadTeam* threads : { static_cast<ThreadTeam*>(nullptr), &team }) {
        const auto found = SegmentDecoder(net, latents, prompts, kBos, kEos, threads).run({});
        for (std::size_t i = 0; i < found.size(); ++i) {
            TokenIds whole = prompts[i]; // up to the end of text, where we stop and the reference goes on
            whole.insert(whole.end(), expected[i].begin(), std::find(expected[i].begin(), expected[i].end(), kEos));
            QCOMPARE(found[i].ids, whole);
        }
    }
}

void TestLarimarReference::libTorchAgrees()
{
    torch::InferenceMode guard;
    Network net(test::TinyLarimar::config());
    fillNetwork(*net, test::TinyLarimar().weights());
    const Matrix latents = matrixOf("latents");
    Matrix found(latents.rows(), latents.cols());
    const auto texts = rowsOf("texts");
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const auto z = net->encode(torch::tensor(std::vector<std::int64_t>(texts[i].begin(), texts[i].end())).unsqueeze(0)).contiguous();
        found.row(static_cast<Index>(i)) = Eigen::Map<const RowVector>(z.data_ptr<float>(), z.size(1));
    }
    QVERIFY(relativeError(found, latents) < 1e-5);

    const auto z = torch::from_blob(const_cast<float*>(latents.data()), { latents.rows(), latents.cols() });
    const auto prompts = rowsOf("prompts"), expected = rowsOf("continued");
    const auto answers = GreedyDecoder(net, z, prompts, kBos, kEos).run({});
    for (std::size_t i = 0; i < answers.size(); ++i) {
        TokenIds whole = prompts[i];
        whole.insert(whole.end(), expected[i].begin(), std::find(expected[i].begin(), expected[i].end(), kEos));
        QCOMPARE(answers[i].ids, whole);
    }
}

/// The slot stays in the attention: a latent of zeros is not the same as a decoder without one.
void TestLarimarReference::latentsOfZeroAreNoLatents()
{
    const PackedNetwork net(test::TinyLarimar::config(), test::TinyLarimar().weights(), bestKernels());
    const Matrix latents = matrixOf("latents"), zeros = Matrix::Zero(latents.rows(), latents.cols());
    const auto prompts = rowsOf("prompts");
    const Matrix with = SegmentDecoder(net, latents, prompts, kBos, kEos).logitsAfterPrompts({});
    const Matrix without = SegmentDecoder(net, zeros, prompts, kBos, kEos).logitsAfterPrompts({});
    QVERIFY(relativeError(without, with) > 1e-3);
}

QTEST_GUILESS_MAIN(TestLarimarReference)
#include "tst_larimarreference.moc"
