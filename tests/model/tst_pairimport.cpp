// SPDX-License-Identifier: GPL-3.0-or-later
// A BERT and a GPT-2 of Hugging Face with an untrained Larimar between them.
#include "ImportFixture.h"

#include "core/base/Files.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <QTemporaryDir>
#include <QTest>

using namespace hayloft;
using namespace hayloft::test;
namespace fs = std::filesystem;
using nlohmann::json;

class TestPairImport : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void pairsOfHuggingFaceAreImported()
    {
        ImportOptions options = pair();
        CheckpointImport import(options);
        import.write();
        const NamedTensors found = loadSafeTensors(options.out / "model.safetensors");
        QCOMPARE(differenceFrom("bert-expected.safetensors", found), std::string());
        QCOMPARE(differenceFrom("gpt2-expected.safetensors", found), std::string());
        QCOMPARE(found.at("to_latent.weight").shape, (Shape { 100, 8 }));
        QCOMPARE(found.at("slot.weight").shape, (Shape { 12, 100 }));
        QCOMPARE(found.at("latent_embedding.weight").shape, (Shape { 6, 100 }));
        QCOMPARE(found.at("memory_prior").shape, (Shape { 30, 100 }));
        const auto deviation = [&](const char* name) {
            double sum = 0, squares = 0;
            const auto numbers = found.at(name).floats();
            for (const float number : numbers) {
                sum += number;
                squares += static_cast<double>(number) * number;
            }
            const double mean = sum / static_cast<double>(numbers.size());
            return std::sqrt(squares / static_cast<double>(numbers.size()) - mean * mean);
        };
        QVERIFY(std::abs(deviation("slot.weight") / 0.02 - 1) < 0.1);
        QVERIFY(std::abs(deviation("memory_prior") - 1) < 0.1);
        QVERIFY(has(import.report().notes.at(0), "untrained"));
        QVERIFY(has(readFile(options.out / "MODEL_CARD.md", 1 << 20), "untrained"));
        const json config = json::parse(readFile(options.out / "config.json", 1 << 20));
        QCOMPARE(config["network"]["encoder"]["heads"].get<int>(), 2);
        QCOMPARE(config["network"]["decoder"]["heads"].get<int>(), 3);
    }

    void theSeedDrawsTheUntrainedParts()
    {
        ImportOptions options = pair();
        const auto weights = [&](const char* name, std::uint64_t seed) {
            options.out = path(name);
            options.seed = seed;
            CheckpointImport(options).write();
            return loadSafeTensors(options.out / "model.safetensors");
        };
        const NamedTensors a = weights("a", 1), b = weights("b", 1), c = weights("c", 2);
        for (const auto& [name, tensor] : a)
            QVERIFY2(sameNumbers(tensor, b.at(name)), name.c_str());
        QVERIFY(!sameNumbers(a.at("slot.weight"), c.at("slot.weight")));
        QVERIFY(sameNumbers(a.at("tokens"), c.at("tokens")));
        QVERIFY(a.at("to_latent.weight").floats()[0] != a.at("slot.weight").floats()[0]);
    }

    void pairsThatDoNotFitAreRefused()
    {
        ImportOptions options = pair();
        std::swap(options.encoder, options.decoder);
        QVERIFY(has(openingError(options), "the model is of type \"gpt2\", not \"bert\""));
        const auto config = [&](const json& change) {
            fs::remove_all(path("bert"));
            fs::copy(checkpointPath("bert-tiny"), path("bert"));
            json contents = json::parse(readFile(path("bert") / "config.json", 1 << 20));
            contents.update(change);
            writeFileAtomically(path("bert") / "config.json", contents.dump());
            ImportOptions changed = pair();
            changed.encoder = path("bert");
            return changed;
        };
        QCOMPARE(openingError(config(json::object())), std::string());
        QVERIFY(has(openingError(config({ { "hidden_act", "relu" } })), "\"hidden_act\": \"relu\"; only \"gelu\" is supported"));
        QVERIFY(has(openingError(config({ { "layer_norm_eps", 1e-5 } })), "layer_norm_eps"));
        QVERIFY(has(openingError(config({ { "num_attention_heads", 3 } })), "does not divide the model's width of 8"));
        QVERIFY(has(openingError(config({ { "num_attention_heads", "many" } })), "does not divide"));
        writeFileAtomically(path("bert") / "config.json", "{");
        options = pair();
        options.encoder = path("bert");
        QVERIFY(has(openingError(options), "damaged model configuration"));
        fs::remove(path("bert") / "config.json");
        QVERIFY(has(openingError(options), "no config.json beside the weights"));
        fs::remove(path("bert") / "model.safetensors");
        QVERIFY(has(openingError(options), "no weights in this folder"));
        options.encoder = path("bert") / "model.safetensors";
        QVERIFY(has(openingError(options), "the file does not exist"));
    }

    void bothArePartsOfAPair()
    {
        ImportOptions options = pair();
        options.decoder.clear();
        QVERIFY(has(openingError(options), "give a checkpoint, or --encoder and --decoder"));
        options = pair();
        options.latent = 0;
        QVERIFY(has(openingError(options), "impossible size"));
    }

private:
    fs::path path(const char* name) const { return fs::path(m_folder->path().toStdString()) / name; }

    ImportOptions pair() const
    {
        ImportOptions options;
        options.encoder = checkpointPath("bert-tiny");
        options.decoder = checkpointPath("gpt2-tiny");
        options.out = path("out");
        options.latent = 100;
        options.memoryRows = 30;
        return options;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestPairImport)
#include "tst_pairimport.moc"
