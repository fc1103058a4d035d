// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/TorchTraining.h"

#include "core/base/Files.h"
#include "core/base/Format.h"
#include "core/model/Machine.h"
#include "core/model/ModelCard.h"
#include "core/model/ModelFolder.h"
#include "core/torch/Devices.h"
#include "core/torch/TorchTensors.h"
#include "core/torch/Trainer.h"

#include <cmath>

namespace hayloft {

namespace {

namespace fs = std::filesystem;

constexpr int kUnigramPieces = 8192;
constexpr std::size_t kKeyPrefixes = 65536;

/// Digits, white space and the common Hangul syllables are tokens of their own: exact, and one token each.
std::vector<std::string> ownSymbols()
{
    std::vector<std::string> symbols = commonHangul();
    for (char digit = '0'; digit <= '9'; ++digit)
        symbols.emplace_back(1, digit);
    symbols.emplace_back("\n");
    symbols.emplace_back("\t");
    return symbols;
}

void ensureTokenizer(const TrainingOptions& options, const Corpus& corpus, const Task& task)
{
    const auto file = options.out / ModelFileNames::tokenizer;
    if (!options.from.empty())
        fs::copy_file(options.from / ModelFileNames::tokenizer, file, fs::copy_options::overwrite_existing);
    if (fs::exists(file))
        return;
    task.report({ "train the tokenizer", 0, 0, "", "" });
    SentencePieceTraining training;
    training.symbols = ownSymbols();
    training.vocabularySize = kUnigramPieces + static_cast<int>(training.symbols.size());
    training.seed = options.seed;
    const auto text = options.out / "tokenizer-input.txt";
    writeFileAtomically(text, corpus.text());
    training.inputs = { text };
    trainSentencePiece(training, file);
    fs::remove(text);
}

void checkOptions(const TrainingOptions& options)
{
    if ((options.minutes > 0) == (options.steps > 0))
        throw Error("training needs either minutes or steps", "", "give --minutes M or --steps N");
    if (options.corpus.empty())
        throw Error("no training text", "", "give --corpus PATH...");
    if (!(options.averaged >= 0 && options.averaged <= 1))
        throw Error("a share of latents cannot be averaged", formatted("%g", options.averaged), "give --averaged a number from 0 to 1");
    std::error_code error;
    fs::create_directories(options.out, error);
    if (error)
        throw Error("cannot make the model folder", options.out.string(), error.message());
    if (!options.from.empty() && fs::equivalent(options.from, options.out))
        throw Error("the trained decoder would overwrite its model", options.out.string(), "give --out another folder");
}

nlohmann::ordered_json trainingFacts(const TrainingOptions& options, const Corpus& corpus, const TrainingSummary& summary)
{
    const auto machine = describeMachine(deviceFromName(options.device).str());
    return { { "corpus", corpus.files() }, { "corpus_bytes", corpus.bytes() }, { "averaged", options.averaged }, { "steps", summary.steps },
             { "tokens", summary.tokens }, { "seconds", std::round(summary.seconds) }, { "loss", summary.loss },
             { "seed", options.seed }, { "cpu", machine.cpu }, { "threads", machine.threads },
             { "blas_core", machine.blasCore }, { "libtorch", machine.libtorch }, { "device", machine.device } };
}

ModelConfig newConfig(const Tokenizer& tokenizer)
{
    ModelConfig config;
    config.name = "larimar-mini";
    config.network = larimarMini(tokenizer.size());
    return config;
}

} // namespace

TrainingSummary trainWithTorch(const TrainingOptions& options, const Task& task)
{
    checkOptions(options);
    useTorchThreads(options.threads);
    task.report({ "read the corpus", 0, 0, "", "" });
    const Corpus corpus(options.corpus);
    ensureTokenizer(options, corpus, task);
    const auto tokenizer = openSentencePiece(options.out / ModelFileNames::tokenizer);

    const bool trainedOn = !options.from.empty();
    ModelConfig config = trainedOn ? loadModelConfig(options.from) : newConfig(*tokenizer);
    Trainer trainer(options, corpus, *tokenizer, config.network);
    const auto summary = trainer.run(task);

    TrainingText text(corpus, *tokenizer, static_cast<int>(config.network.maxTokens), 2048, mixSeed(options.seed, 0xBEEF));
    const auto facts = trainingFacts(options, corpus, summary);
    (trainedOn ? config.training["decoder_trained_on"] : config.training) = facts;
    if (trainedOn && config.has(ModelFileNames::contentKeys))
        fs::copy_file(options.from / ModelFileNames::contentKeys, options.out / ModelFileNames::contentKeys, fs::copy_options::overwrite_existing);
    saveModelFolder(options.out, halvesOf(*trainer.network()), trainedOn ? loadKeyPrefixes(options.from) : text.prefixes(kKeyPrefixes, 16), config);
    writeFileAtomically(options.out / ModelFileNames::card, modelCard(loadModelConfig(options.out)));
    return summary;
}

} // namespace hayloft
