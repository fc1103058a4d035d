// SPDX-License-Identifier: GPL-3.0-or-later
// Training, model folders, encoding and greedy decoding, on a tiny corpus.
#include "ModelFixture.h"

#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/base/Sha256.h"
#include "core/model/LatentModel.h"
#include "core/model/SafeTensors.h"
#include "core/model/Training.h"

#include <QTest>

using namespace hayloft;
using namespace hayloft::test;
namespace fs = std::filesystem;

class TestModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sameSeedAndStepsGiveTheSameWeights();
    void resumeGoesOn();
    void cancelLeavesACheckpoint();
    void aDecoderIsTrainedOn();
    void latentsAreNormalisedAndIndependentOfTheBatch();
    void decodingInABatchEqualsDecodingAlone();
    void decodedTextStaysWithinTheLimit();
    void latentChangesChangeTheText();
    void keyStatisticsComeFromManyTrainingKeys();
    void keyStatisticsCanBeCancelled();
    void wrongSequencesAreRefused();
    void damagedFoldersAreRefused_data();
    void damagedFoldersAreRefused();
    void optionsAreChecked();

private:
    QString errorOf(const std::function<void()>& call) const;
    std::vector<TokenIds> someSequences() const;

    QTemporaryDir m_directory;
    fs::path m_folder;
    std::unique_ptr<LatentModel> m_model;
};

QString TestModel::errorOf(const std::function<void()>& call) const
{
    try {
        call();
    } catch (const Error& e) {
        return QString::fromUtf8(e.what());
    }
    return {};
}

std::vector<TokenIds> TestModel::someSequences() const
{
    std::vector<TokenIds> sequences;
    for (const char* text : { "The river and the old keeper.", "The lamp.", "The letter of Anna said that winter walked over.", "7",
                              "The stone harbour, quiet and old." })
        sequences.push_back(m_model->tokenizer().encode(text));
    return sequences;
}

void TestModel::initTestCase()
{
    auto options = tinyTraining(m_directory, QStringLiteral("a"), 6);
    const auto summary = trainModel(options);
    QCOMPARE(summary.steps, 6);
    QVERIFY(summary.tokens > 1000);
    m_folder = options.out;
    m_model = openModel(m_folder, "cpu");
}

void TestModel::sameSeedAndStepsGiveTheSameWeights()
{
    auto options = tinyTraining(m_directory, QStringLiteral("b"), 6);
    fs::create_directories(options.out);
    fs::copy_file(m_folder / "tokenizer.model", options.out / "tokenizer.model");
    trainModel(options);
    QCOMPARE(sha256File(options.out / "model.safetensors"), sha256File(m_folder / "model.safetensors"));

    options.out = m_directory.filePath(QStringLiteral("c")).toStdString();
    options.seed = 2;
    fs::create_directories(options.out);
    fs::copy_file(m_folder / "tokenizer.model", options.out / "tokenizer.model");
    trainModel(options);
    QVERIFY(sha256File(options.out / "model.safetensors") != sha256File(m_folder / "model.safetensors"));
}

void TestModel::resumeGoesOn()
{
    auto options = tinyTraining(m_directory, QStringLiteral("b"), 8);
    options.resume = true;
    const auto summary = trainModel(options);
    QCOMPARE(summary.steps, 8);
    QVERIFY(sha256File(options.out / "model.safetensors") != sha256File(m_folder / "model.safetensors"));

    options.out = m_directory.filePath(QStringLiteral("nothing")).toStdString();
    fs::create_directories(options.out);
    fs::copy_file(m_folder / "tokenizer.model", options.out / "tokenizer.model");
    QVERIFY(errorOf([&] { trainModel(options); }).contains(QStringLiteral("nothing to resume")));
}

void TestModel::cancelLeavesACheckpoint()
{
    auto options = tinyTraining(m_directory, QStringLiteral("d"), 1000);
    fs::create_directories(options.out);
    fs::copy_file(m_folder / "tokenizer.model", options.out / "tokenizer.model");
    std::stop_source stop;
    Task task;
    task.stop = stop.get_token();
    task.progress = [&](const Progress& p) {
        if (p.phase == "train" && p.done >= 2)
            stop.request_stop();
    };
    QVERIFY_EXCEPTION_THROWN(trainModel(options, task), Cancelled);
    QVERIFY(fs::exists(options.out / "checkpoint.pt"));
    QVERIFY(!fs::exists(options.out / "model.safetensors"));
}

void TestModel::aDecoderIsTrainedOn()
{
    auto options = tinyTraining(m_directory, QStringLiteral("on"), 4);
    options.from = m_folder;
    options.averaged = 0.5;
    trainModel(options);
    const auto before = loadSafeTensors(m_folder / "model.safetensors"), after = loadSafeTensors(options.out / "model.safetensors");
    int changed = 0;
    for (const auto& [name, tensor] : before) {
        const bool same = after.at(name).bytes == tensor.bytes;
        if (name == "tokens" || name == "project" || name == "bind" || name.starts_with("encoder"))
            QVERIFY2(same, name.c_str());
        changed += same ? 0 : 1;
    }
    QVERIFY(changed > 10); // nearly all of the decoder's
    // What the encoder made stays as it is: latents, and the prefixes that keys are drawn from.
    const auto model = openModel(options.out, "cpu");
    QCOMPARE((model->encode(someSequences()) - m_model->encode(someSequences())).cwiseAbs().maxCoeff(), 0.0f);
    QCOMPARE(sha256File(options.out / "key-prefixes.safetensors"), sha256File(m_folder / "key-prefixes.safetensors"));

    options.averaged = 2;
    QVERIFY(errorOf([&] { trainModel(options); }).contains(QStringLiteral("--averaged")));
    options.averaged = 0;
    options.out = m_folder;
    QVERIFY(errorOf([&] { trainModel(options); }).contains(QStringLiteral("another folder")));
}

void TestModel::latentsAreNormalisedAndIndependentOfTheBatch()
{
    const auto sequences = someSequences();
    const Matrix together = m_model->encode(sequences);
    QCOMPARE(together.rows(), static_cast<Index>(sequences.size()));
    QCOMPARE(together.cols(), Index(m_model->info().latentSize));
    for (Index i = 0; i < together.rows(); ++i) {
        QVERIFY(std::abs(together.row(i).mean()) < 1e-4f);
        QVERIFY(std::abs(together.row(i).squaredNorm() / 768.0f - 1.0f) < 1e-2f);
        const Matrix alone = m_model->encode({ sequences[static_cast<std::size_t>(i)] });
        QVERIFY((alone.row(0) - together.row(i)).cwiseAbs().maxCoeff() < 1e-4f);
    }
}

void TestModel::decodingInABatchEqualsDecodingAlone()
{
    const Matrix z = m_model->encode(someSequences());
    const auto together = m_model->decode(z);
    for (Index i = 0; i < z.rows(); ++i) {
        const auto alone = m_model->decode(z.row(i));
        QCOMPARE(alone[0].ids, together[static_cast<std::size_t>(i)].ids);
        QCOMPARE(alone[0].probabilities.size(), alone[0].ids.size());
        QCOMPARE(alone[0].text, m_model->tokenizer().decode(alone[0].ids));
        for (const float p : alone[0].probabilities)
            QVERIFY(p > 0 && p <= 1);
    }
}

void TestModel::decodedTextStaysWithinTheLimit()
{
    Matrix noise(8, m_model->info().latentSize);
    Random random(3);
    for (Index i = 0; i < noise.size(); ++i)
        noise.data()[i] = static_cast<float>(random.normal());
    for (const auto& decoded : m_model->decode(noise))
        QVERIFY(decoded.ids.size() <= static_cast<std::size_t>(m_model->info().maxTokens));
}

void TestModel::latentChangesChangeTheText()
{
    const Matrix z = m_model->encode(someSequences());
    const Matrix zero = Matrix::Zero(1, z.cols());
    const auto own = m_model->decode(z.row(0))[0];
    const auto empty = m_model->decode(zero)[0];
    // An untrained network need not write another text, but it must be sure of it to another degree.
    QVERIFY(own.ids != empty.ids || own.probabilities != empty.probabilities);
}

void TestModel::keyStatisticsComeFromManyTrainingKeys()
{
    const auto statistics = m_model->keyStatistics(8);
    QVERIFY(statistics.keys >= 65536);
    QVERIFY(statistics.sample.rows() > 10);
    QCOMPARE(statistics.sample.cols(), Index(768));
    QCOMPARE(statistics.mean.size(), Index(768));
    QCOMPARE(statistics.covarianceFactor.rows(), Index(768));
    QVERIFY(statistics.covarianceFactor.allFinite());
}

void TestModel::keyStatisticsCanBeCancelled()
{
    std::stop_source stop;
    Task task;
    task.stop = stop.get_token();
    int reports = 0;
    task.progress = [&](const Progress&) {
        ++reports;
        stop.request_stop();
    };
    QVERIFY_EXCEPTION_THROWN(m_model->keyStatistics(7, task), Cancelled);
    QCOMPARE(reports, 1);
    QCOMPARE(m_model->keyStatistics(7).mean.size(), Index(768)); // nothing half done was kept
}

void TestModel::wrongSequencesAreRefused()
{
    QVERIFY(errorOf([&] { m_model->encode({ TokenIds {} }); }).contains(QStringLiteral("0 tokens")));
    QVERIFY(errorOf([&] { m_model->encode({ TokenIds(65, 5) }); }).contains(QStringLiteral("65 tokens")));
    QVERIFY(errorOf([&] { m_model->encode({ TokenIds { 1 << 20 } }); }).contains(QStringLiteral("vocabulary")));
    QVERIFY(errorOf([&] { m_model->decode(Matrix::Zero(1, 3)); }).contains(QStringLiteral("3 numbers")));
}

void TestModel::damagedFoldersAreRefused_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("damage");
    QTest::addColumn<QString>("says");
    for (const auto* file : { "config.json", "model.safetensors", "tokenizer.model" }) {
        QTest::addRow("%s missing", file) << file << "remove" << "missing";
        QTest::addRow("%s truncated", file) << file << "truncate" << file;
        QTest::addRow("%s corrupted", file) << file << "corrupt" << file;
        QTest::addRow("%s empty", file) << file << "empty" << file;
    }
    QTest::addRow("another schema") << "config.json" << "schema" << "schema";
    QTest::addRow("another size") << "config.json" << "size" << "shape";
}

void TestModel::damagedFoldersAreRefused()
{
    QFETCH(QString, file);
    QFETCH(QString, damage);
    QFETCH(QString, says);
    QTemporaryDir copy;
    for (const char* name : { "config.json", "model.safetensors", "tokenizer.model", "key-prefixes.safetensors" })
        fs::copy_file(m_folder / name, fs::path(copy.path().toStdString()) / name);
    const fs::path target = fs::path(copy.path().toStdString()) / file.toStdString();
    std::string bytes = readFile(target, 1 << 30);
    fs::remove(target);
    if (damage == QStringLiteral("truncate"))
        bytes.resize(bytes.size() / 2);
    else if (damage == QStringLiteral("corrupt"))
    { // early in config.json: what is told of the training later on is not read by anything
        char& hit = bytes[file == QStringLiteral("config.json") ? 5 : bytes.size() / 2];
        hit = static_cast<char>(hit ^ 0x15);
    }
    else if (damage == QStringLiteral("empty"))
        bytes.clear();
    else if (damage == QStringLiteral("schema"))
        bytes.replace(bytes.find("hayloft.model/2"), 15, "hayloft.model/9");
    else if (damage == QStringLiteral("size"))
        bytes.replace(bytes.find("\"feed_forward\": 1024"), 20, "\"feed_forward\": 2048");
    if (damage != QStringLiteral("remove"))
        writeFileAtomically(target, bytes);
    const QString message = errorOf([&] { openModel(copy.path().toStdString(), "cpu"); });
    QVERIFY2(message.contains(says), qPrintable(message));
    QVERIFY(!message.contains(QLatin1Char('\n')));
}

void TestModel::optionsAreChecked()
{
    TrainingOptions options = tinyTraining(m_directory, QStringLiteral("e"), 0);
    QVERIFY(errorOf([&] { trainModel(options); }).contains(QStringLiteral("--minutes")));
    options.steps = 1;
    options.corpus = { "no-such-folder" };
    QVERIFY(errorOf([&] { trainModel(options); }).contains(QStringLiteral("no-such-folder")));
    options.corpus.clear();
    QVERIFY(errorOf([&] { trainModel(options); }).contains(QStringLiteral("--corpus")));
    options = tinyTraining(m_directory, QStringLiteral("f"), 1);
    options.device = "abacus";
    QVERIFY(errorOf([&] { trainModel(options); }).contains(QStringLiteral("abacus")));
}

QTEST_GUILESS_MAIN(TestModel)
#include "tst_model.moc"
