// SPDX-License-Identifier: GPL-3.0-or-later
// Whole imports of a tiny Larimar, against tensors that Python worked out.
#include "ImportFixture.h"

#include "core/base/Files.h"
#include "core/base/Sha256.h"
#include "core/model/CheckpointImport.h"
#include "core/model/ModelFolder.h"
#include "core/model/SafeTensors.h"
#include "core/model/SafeTensorsFile.h"
#include "core/model/TorchCheckpoint.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// The state dict of tiny.ckpt, to be spoilt.
NamedTensors tinyState()
{
    const TorchCheckpoint checkpoint(checkpointPath("tiny.ckpt"));
    NamedTensors state;
    for (const TensorView& t : checkpoint.tensors()) {
        std::vector<float> numbers(static_cast<std::size_t>(t.rows() * t.columns()));
        t.readRows(0, t.rows(), numbers.data());
        state[t.name] = StoredTensor::of(std::span<const float>(numbers), t.shape);
    }
    return state;
}

const std::string kQuery = "model.encoder.encoder.layer.1.attention.self.query.weight";

} // namespace

class TestCheckpointImport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void everyNumberIsWhatPythonSays_data()
    {
        QTest::addColumn<QByteArray>("checkpoint");
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("float32") << QByteArray("tiny.ckpt") << int(TensorType::Float32) << QByteArray("tiny-f32.safetensors");
        QTest::newRow("float16") << QByteArray("tiny.ckpt") << int(TensorType::Float16) << QByteArray("tiny-f16.safetensors");
        QTest::newRow("bfloat16") << QByteArray("tiny.ckpt") << int(TensorType::BFloat16) << QByteArray("tiny-bf16.safetensors");
    }
    void everyNumberIsWhatPythonSays()
    {
        QFETCH(QByteArray, checkpoint);
        QFETCH(int, type);
        QFETCH(QByteArray, expected);
        ImportOptions options = tiny();
        options.checkpoint = checkpointPath(checkpoint.toStdString());
        options.type = static_cast<TensorType>(type);
        CheckpointImport import(options);
        import.write();
        const NamedTensors found = loadSafeTensors(options.out / "model.safetensors");
        QCOMPARE(differenceFrom(expected.toStdString(), found), std::string());
        QCOMPARE(found.size(), std::size_t(62));
        QCOMPARE(import.report().parameters, std::uint64_t(2416));
        QVERIFY(import.report().problems.empty());
    }

    void halfPrecisionStateDictsAreReadToo()
    {
        ImportOptions options = tiny();
        options.checkpoint = checkpointPath("tiny-half.bin");
        options.type = TensorType::Float16;
        CheckpointImport(options).write();
        const NamedTensors expected = loadSafeTensors(checkpointPath("tiny-f16.safetensors")), found = loadSafeTensors(options.out / "model.safetensors");
        for (const auto& [name, tensor] : expected)
            if (name != "encoder_positions") // a sum: rounded before it here, after it there
                QVERIFY2(sameNumbers(tensor, found.at(name)), name.c_str());
    }

    void longestTextsAreAsGiven()
    {
        ImportOptions shorter = tiny();
        shorter.maxTokens = 6;
        shorter.answerTokens = 3;
        CheckpointImport(shorter).write();
        const NetworkConfig network = loadModelConfig(shorter.out).network;
        QCOMPARE(network.maxTokens, std::int64_t(6));
        QCOMPARE(network.answerTokens, std::int64_t(3));
    }

    void theFolderSaysWhatItIs()
    {
        const ImportOptions options = tiny();
        CheckpointImport(options).write();
        const json config = json::parse(readFile(options.out / "config.json", 1 << 20));
        const ModelConfig opened = loadModelConfig(options.out); // which checks the hashes
        QVERIFY(opened.tokenizers == TokenizerKind::BertAndGpt2);
        QCOMPARE(opened.network.maxTokens, std::int64_t(8)); // ten positions less [CLS] and [SEP]
        QCOMPARE(opened.network.answerTokens, std::int64_t(7)); // nine less the slot's and <BOS>
        QCOMPARE(opened.network.priorRows, std::int64_t(4));
        QCOMPARE(loadWeights(options.out, opened.network).size(), std::size_t(62)); // all names and shapes
        QCOMPARE(config["name"].get<std::string>(), std::string("tiny"));
        QCOMPARE(config["training"]["hyper_parameters"]["memory_size"].get<int>(), 4);
        for (const auto& [name, hash] : config["files"].items())
            QCOMPARE(sha256File(options.out / name), hash.get<std::string>());
        for (const auto& [file, source] : { std::pair("bert-vocab.txt", "vocab.txt"), std::pair("gpt2-vocab.json", "vocab.json"), std::pair("gpt2-merges.txt", "merges.txt") })
            QCOMPARE(readFile(options.out / file, 1 << 20), readFile(checkpointPath(source), 1 << 20));
        QVERIFY(has(readFile(options.out / "MODEL_CARD.md", 1 << 20), "tiny.ckpt (76 tensors)"));
        QCOMPARE(entries().size(), 1); // no temporary folder beside it
    }

    void theReportTellsWhatWasLeftOut()
    {
        NamedTensors state = tinyState();
        state["model.encoder.surprise"] = state[kQuery];
        const CheckpointImport import(spoilt(state));
        bool variances = false, surprise = false;
        for (const ImportSkipped& skipped : import.report().skipped) {
            variances |= has(skipped.what, "w_logvar") && has(skipped.why, "variances");
            surprise |= skipped.what == "model.encoder.surprise" && skipped.why.empty();
        }
        QVERIFY(variances && surprise);
    }

    void missingAndMisshapenTensorsAreAllNamed()
    {
        NamedTensors state = tinyState();
        state.erase(kQuery);
        state.erase("model.decoder.transformer.ln_f.bias");
        state["model.encoder.linear.weight"].shape = { 8, 10 };
        state["model.memory.memory_mean"].type = TensorType::Int32;
        CheckpointImport import(spoilt(state));
        std::map<std::string, std::string> problems;
        for (const ImportLine& line : import.report().problems)
            problems[line.source] = line.change;
        const std::map<std::string, std::string> expected { { kQuery, "missing" },
                                                            { "model.decoder.transformer.ln_f.bias", "missing" },
                                                            { "model.encoder.linear.weight", "8 x 10 instead of 10 x 8" },
                                                            { "model.memory.memory_mean", "of type I32 instead of floating-point numbers" } };
        QVERIFY2(problems == expected, json(problems).dump().c_str());
        const std::string message = errorOf([&] { import.write(); });
        QVERIFY2(has(message, "4 tensors do not fit") && has(message, kQuery + ": missing") && has(message, "and 1 more"), message.c_str());
        QVERIFY(!has(message, "\n"));
        QVERIFY(!fs::exists(import.report().problems.empty() ? "" : out()));
    }

    void renamedAndForeignCheckpointsAreRefused()
    {
        NamedTensors state = tinyState();
        auto words = state.extract("model.encoder.embeddings.word_embeddings.weight");
        words.key() = "model.encoder.embeddings.words.weight";
        state.insert(std::move(words));
        QVERIFY(has(openingError(spoilt(state)), "it has no tensor *.encoder.embeddings.word_embeddings.weight"));
        ImportOptions options = tiny();
        options.checkpoint = checkpointPath("bert-tiny/model.safetensors");
        QVERIFY(has(openingError(options), "this is a BERT alone, not a Larimar"));
        options.checkpoint = checkpointPath("gpt2-tiny/pytorch_model.bin");
        QVERIFY(has(openingError(options), "this is a GPT-2 alone, not a Larimar"));
        options.checkpoint = checkpointPath("types.ckpt");
        QVERIFY(has(openingError(options), "its first tensor is f32"));
        state = tinyState();
        state["model.decoder.transformer.h.99999999999.ln_1.weight"] = state["model.decoder.transformer.ln_f.weight"];
        QVERIFY(has(openingError(spoilt(state)), "more than 1,000 layers"));
        state = tinyState();
        state.erase("model.memory.memory_mean");
        QVERIFY(has(openingError(spoilt(state)), "no memory of Larimar in this file: it has no tensor model.memory.memory_mean"));
    }

    void aHeadOfItsOwnIsRefused()
    {
        NamedTensors state = tinyState();
        QVERIFY(CheckpointImport(spoilt(state)).report().problems.empty()); // a copy of the token table
        state["model.decoder.lm_head.weight"].bytes[5] ^= 1;
        const CheckpointImport import(spoilt(state));
        QCOMPARE(import.report().problems.size(), std::size_t(1));
        QVERIFY(has(import.report().problems[0].change, "not the same as transformer.wte.weight"));
    }

    void numbersThatAreNoneAreRefused()
    {
        NamedTensors state = tinyState();
        const float nan = std::nanf("");
        std::memcpy(state[kQuery].bytes.data() + 8, &nan, sizeof nan);
        QVERIFY(has(errorOf([&] { CheckpointImport(spoilt(state)).write(); }), "encoder.1.qkv.weight holds values that are no numbers"));
        state = tinyState();
        const float large = 1e6f;
        std::memcpy(state[kQuery].bytes.data() + 8, &large, sizeof large);
        ImportOptions options = spoilt(state);
        options.type = TensorType::Float16;
        QVERIFY(has(errorOf([&] { CheckpointImport(options).write(); }), "float16 does not have"));
        QCOMPARE(entries(), QStringList { "spoilt.safetensors" });
        options.type = TensorType::BFloat16;
        CheckpointImport(options).write();
    }

    void damagedDataIsFoundWhileImporting()
    {
        std::string bytes = readFile(checkpointPath("tiny.ckpt"), 1 << 20);
        const TorchCheckpoint whole(bytesOf(bytes), "tiny.ckpt");
        const auto query = std::find_if(whole.tensors().begin(), whole.tensors().end(), [](const TensorView& t) { return t.name == kQuery; });
        bytes[static_cast<std::size_t>(query->bytes.data() - bytesOf(bytes).data())] ^= 1;
        writeFileAtomically(path("tiny.ckpt"), bytes);
        ImportOptions options = tiny();
        options.checkpoint = path("tiny.ckpt");
        options.bertVocabulary = checkpointPath("vocab.txt");
        options.gpt2Vocabulary = checkpointPath("vocab.json");
        options.gpt2Merges = checkpointPath("merges.txt");
        const std::string message = errorOf([&] { CheckpointImport(options).write(); });
        QVERIFY2(has(message, hasCrc32() ? "does not have its checksum" : ""), message.c_str());
        QVERIFY(!hasCrc32() || entries() == QStringList { "tiny.ckpt" });
    }

    void cancellingLeavesNothing()
    {
        std::stop_source source;
        int reports = 0;
        const Task task { source.get_token(), [&](const Progress&) {
                             if (++reports == 10)
                                 source.request_stop();
                         } };
        CheckpointImport import(tiny());
        QVERIFY_EXCEPTION_THROWN(import.write(task), Cancelled);
        QCOMPARE(reports, 10);
        QCOMPARE(entries(), QStringList());
    }

    void progressGoesToTheEnd()
    {
        std::vector<Progress> seen;
        CheckpointImport(tiny()).write({ {}, [&](const Progress& p) { seen.push_back(p); } });
        double last = 0;
        for (const Progress& p : seen)
            if (p.phase == "import") {
                QVERIFY(p.done > last);
                last = p.done;
                QCOMPARE(p.total, 2416 * 4 / 1e6);
            }
        QVERIFY(std::abs(last - 2416 * 4 / 1e6) < 1e-12);
    }

    void nothingIsOverwritten()
    {
        QDir().mkpath(QString::fromStdString(out().string()));
        CheckpointImport(tiny()).write(); // an empty folder may be filled
        QVERIFY(has(errorOf([&] { CheckpointImport(tiny()).write(); }), "there is something of this name already"));
        ImportOptions options = tiny();
        options.out = "/nowhere/model";
        QVERIFY(has(errorOf([&] { CheckpointImport(options).write(); }), "cannot make a folder here"));
    }

    void vocabulariesAreChecked()
    {
        ImportOptions options = tiny();
        fs::copy_file(checkpointPath("tiny.ckpt"), path("tiny.ckpt"));
        options.checkpoint = path("tiny.ckpt");
        QVERIFY(has(openingError(options), "no BERT vocabulary found beside the model"));
        options.bertVocabulary = checkpointPath("vocab.txt");
        QVERIFY(has(openingError(options), "give it with --gpt2-vocab"));
        options.gpt2Vocabulary = checkpointPath("vocab.json");
        QVERIFY(has(openingError(options), "--gpt2-merges"));
        options.gpt2Merges = checkpointPath("merges.txt");
        QCOMPARE(openingError(options), std::string());

        const auto with = [&](fs::path ImportOptions::*file, const std::string& contents) {
            ImportOptions changed = options;
            changed.*file = path("vocabulary");
            writeFileAtomically(path("vocabulary"), contents);
            return changed;
        };
        const std::string bert = readFile(checkpointPath("vocab.txt"), 1000), gpt2 = readFile(checkpointPath("vocab.json"), 1000);
        QVERIFY(has(openingError(with(&ImportOptions::bertVocabulary, "a\nb\n")), "lacks the piece [PAD]"));
        QVERIFY(has(openingError(with(&ImportOptions::bertVocabulary, bert + "\xff\n")), "not UTF-8"));
        QVERIFY(has(openingError(with(&ImportOptions::gpt2Vocabulary, "hello")), "no JSON"));
        QVERIFY(has(openingError(with(&ImportOptions::gpt2Vocabulary, "[1]")), "something else than pieces"));
        QVERIFY(has(openingError(with(&ImportOptions::gpt2Vocabulary, R"({"a":0,"b":2})")), "gaps"));
        QVERIFY(has(openingError(with(&ImportOptions::gpt2Vocabulary, R"({"a":0,"b":0})")), "an id that stands twice"));
        QVERIFY(has(openingError(with(&ImportOptions::gpt2Merges, "#version: 0.2\nx yz\n")), "line 2 of the GPT-2 merges makes a piece"));
        QVERIFY(has(openingError(with(&ImportOptions::gpt2Merges, "abc\n")), "is no pair of pieces"));
        const CheckpointImport larger(with(&ImportOptions::bertVocabulary, bert + "one more\n"));
        QVERIFY(has(larger.report().problems.at(0).change, "24 rows for the 25 pieces"));
        const CheckpointImport smaller(with(&ImportOptions::gpt2Vocabulary, R"({"a":0,"ab":1,"abc":2})"));
        QVERIFY(has(smaller.report().problems.at(0).change, "20 rows for the 3 pieces"));
    }

    void optionsAreChecked()
    {
        ImportOptions options = tiny();
        options.encoder = "x";
        QVERIFY(has(openingError(options), "give a checkpoint, or --encoder and --decoder"));
        options = tiny();
        options.type = TensorType::Int32;
        QVERIFY(has(openingError(options), "cannot be written as I32"));
    }

private:
    fs::path path(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }
    fs::path out() const { return path("out"); }
    QStringList entries() const { return QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot); }

    ImportOptions tiny() const
    {
        ImportOptions options;
        options.checkpoint = checkpointPath("tiny.ckpt");
        options.out = out();
        return options;
    }

    /// An import of a state dict with the vocabularies of the tiny one.
    ImportOptions spoilt(const NamedTensors& state) const
    {
        ImportOptions options = tiny();
        saveSafeTensors(state, path("spoilt.safetensors"));
        options.checkpoint = path("spoilt.safetensors");
        options.bertVocabulary = checkpointPath("vocab.txt");
        options.gpt2Vocabulary = checkpointPath("vocab.json");
        options.gpt2Merges = checkpointPath("merges.txt");
        return options;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestCheckpointImport)
#include "tst_checkpointimport.moc"
