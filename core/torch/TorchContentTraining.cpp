// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/TorchTraining.h"

#include "core/base/Random.h"
#include "core/base/Sha256.h"
#include "core/model/AbsenceCalibration.h"
#include "core/model/ContentKeyFile.h"
#include "core/model/Machine.h"
#include "core/model/ModelCard.h"
#include "core/model/ModelFolder.h"
#include "core/model/QuestionPairs.h"
#include "core/torch/Devices.h"

#include "core/base/Files.h"
#include <chrono>
#include <cmath>
#include <optional>

namespace hayloft {

namespace {

constexpr std::int64_t kMeaningSize = 256; ///< D
constexpr std::size_t kBatch = 1024;
constexpr double kPeakRate = 3e-3, kWarmUpSteps = 100, kFinalShare = 0.02;
constexpr float kMeaningShare = 3.0f; ///< of questions written for development: 1 to 16 trade look-alikes for paraphrases

/// The vectors, their weights, the pivot and the temperature.
class Meanings {
public:
    explicit Meanings(const ContentVocabulary& vocabulary)
        : m_vectors(torch::randn({vocabulary.meanings(), kMeaningSize}) / std::sqrt(static_cast<double>(kMeaningSize)))
    {
        auto rarity = torch::empty({vocabulary.meanings()});
        for (int row = 0; row < vocabulary.meanings(); ++row)
            rarity[row] = std::max(0.02f, vocabulary.rarityOfRow(row));
        m_read = rarity.log() * 0.75;
        m_write = m_read.clone();
        m_pivot = torch::zeros({});
        m_sharpness = torch::full({}, std::log(12.0));
        for (auto* tensor : {&m_vectors, &m_read, &m_write, &m_pivot, &m_sharpness})
            tensor->set_requires_grad(true);
    }

    std::vector<torch::Tensor> parameters() const { return {m_vectors, m_read, m_write, m_pivot, m_sharpness}; }

    torch::Tensor loss(const std::vector<QuestionPair>& pairs) const
    {
        const auto questions = encode(pairs, KeySide::Read), segments = encode(pairs, KeySide::Write);
        const auto scores = questions.mm(segments.t()) * m_sharpness.exp();
        const auto right = torch::arange(scores.size(0));
        return (torch::cross_entropy_loss(scores, right) + torch::cross_entropy_loss(scores.t(), right)) / 2;
    }

    void fill(ContentKeyTable& table) const
    {
        const auto vectors = m_vectors.detach().contiguous();
        table.meanings = Eigen::Map<const Matrix>(vectors.data_ptr<float>(), vectors.size(0), vectors.size(1));
        const auto floats = [](const torch::Tensor& logs) {
            const auto values = logs.detach().exp().contiguous();
            return std::vector<float>(values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
        };
        table.readWeight = floats(m_read);
        table.writeWeight = floats(m_write);
        table.meaningPivot = m_pivot.detach().exp().item<float>();
        table.meaningShare = kMeaningShare;
    }

private:
    torch::Tensor encode(const std::vector<QuestionPair>& pairs, KeySide side) const
    {
        std::vector<std::int64_t> rows, begins;
        for (const auto& pair : pairs) {
            const auto& words = side == KeySide::Read ? pair.question : pair.segment;
            begins.push_back(static_cast<std::int64_t>(rows.size()));
            rows.insert(rows.end(), words.begin(), words.end());
        }
        const auto index = torch::tensor(rows, torch::kLong);
        const auto weights = (side == KeySide::Read ? m_read : m_write).index_select(0, index).exp();
        const auto sum = std::get<0>(torch::embedding_bag(m_vectors, index, torch::tensor(begins, torch::kLong), false, 0, false, weights));
        const auto squared = sum.square().sum(1, true);
        return sum / (squared + (side == KeySide::Read ? torch::full({}, 1e-6) : (2 * m_pivot).exp())).sqrt();
    }

    torch::Tensor m_vectors, m_read, m_write; ///< weights as logarithms
    torch::Tensor m_pivot, m_sharpness;       ///< logarithms
};

class ContentTrainer {
public:
    ContentTrainer(const ContentTrainingOptions& options, const ContentVocabulary& vocabulary, const WordNet* wordNet)
        : m_options(options)
        , m_pairs(vocabulary, wordNet, mixSeed(options.seed, 11))
        , m_meanings((torch::manual_seed(options.seed), vocabulary))
        , m_optimizer(m_meanings.parameters(), torch::optim::AdamOptions(kPeakRate).betas({0.9, 0.98}))
    {
    }

    ContentTrainingSummary run(const Task& task)
    {
        const auto start = std::chrono::steady_clock::now();
        while (fraction() < 1) {
            const double loss = step();
            if (!std::isfinite(loss))
                throw Error("the loss is no longer a number", "step " + std::to_string(m_done.steps), "try another --seed");
            m_done.loss = m_done.steps == 1 ? loss : 0.98 * m_done.loss + 0.02 * loss;
            m_done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            const bool bySteps = m_options.steps > 0;
            task.report({"train", bySteps ? static_cast<double>(m_done.steps) : m_done.seconds,
                         bySteps ? static_cast<double>(m_options.steps) : 60 * m_options.minutes, bySteps ? "steps" : "s",
                         "loss " + std::to_string(m_done.loss)});
        }
        return m_done;
    }
    const Meanings& meanings() const { return m_meanings; }

private:
    double fraction() const
    {
        return m_options.steps > 0 ? static_cast<double>(m_done.steps) / static_cast<double>(m_options.steps) : m_done.seconds / (60 * m_options.minutes);
    }

    double step()
    {
        const double rate = kPeakRate * std::max(kFinalShare, 1 - fraction()) * std::min(1.0, static_cast<double>(m_done.steps + 1) / kWarmUpSteps);
        for (auto& group : m_optimizer.param_groups())
            static_cast<torch::optim::AdamOptions&>(group.options()).lr(rate);
        std::vector<QuestionPair> batch;
        while (batch.size() < kBatch) {
            auto pair = m_pairs.next();
            if (!pair.question.empty() && !pair.segment.empty())
                batch.push_back(std::move(pair));
        }
        const auto loss = m_meanings.loss(batch);
        m_optimizer.zero_grad();
        loss.backward();
        m_optimizer.step();
        ++m_done.steps;
        m_done.pairs += static_cast<std::int64_t>(batch.size());
        return loss.item<double>();
    }

    const ContentTrainingOptions& m_options;
    QuestionPairs m_pairs;
    Meanings m_meanings;
    torch::optim::Adam m_optimizer;
    ContentTrainingSummary m_done;
};

nlohmann::ordered_json factsOf(const ContentTrainingOptions& options, const Corpus& corpus, const ContentTrainingSummary& summary)
{
    const auto machine = describeMachine("cpu");
    return {{"corpus", corpus.files()}, {"corpus_bytes", corpus.bytes()}, {"wordnet", !options.wordNet.empty()}, {"steps", summary.steps},
            {"questions", summary.pairs}, {"words", summary.words}, {"meanings", summary.meanings}, {"seconds", std::round(summary.seconds)},
            {"loss", summary.loss}, {"absence", {summary.absence.bias, summary.absence.coverage, summary.absence.brevity}}, {"false_answers", summary.falseAnswers}, {"lost", summary.lost}, {"alike_answers", summary.alikeAnswers}, {"seed", options.seed}, {"cpu", machine.cpu}, {"threads", machine.threads}, {"libtorch", machine.libtorch}};
}

void calibrate(ContentKeyTable& table, const Corpus& corpus, const Tokenizer& tokenizer, const NetworkConfig& network, std::uint64_t seed,
               ContentTrainingSummary& summary, const Task& task)
{
    const auto found = calibrateAbsence(ContentKeys(table, static_cast<int>(network.latent)), corpus, tokenizer,
                                        static_cast<int>(network.maxTokens), mixSeed(seed, 12), task);
    table.absence = found.rule;
    summary.absence = found.rule;
    summary.falseAnswers = found.falseAnswers;
    summary.lost = found.lost;
    summary.alike = found.alike;
    summary.alikeAnswers = found.alikeAnswers;
}

} // namespace

ContentTrainingSummary trainContentKeysWithTorch(const ContentTrainingOptions& options, const Task& task)
{
    if (options.corpus.empty())
        throw Error("no training text", "", "give --corpus PATH...");
    useTorchThreads(options.threads);
    auto config = loadModelConfig(options.model);
    task.report({"read the corpus", 0, 0, "", ""});
    const Corpus corpus(options.corpus);
    const auto tokenizer = openSentencePiece(options.model / ModelFileNames::tokenizer);
    std::optional<WordNet> wordNet;
    if (!options.wordNet.empty())
        wordNet.emplace(options.wordNet);
    const WordNet* words = wordNet ? &*wordNet : nullptr;
    const ContentVocabulary vocabulary(corpus, *tokenizer, static_cast<int>(config.network.maxTokens), words, task);
    ContentKeyTable table = vocabulary.table();
    ContentTrainingSummary summary;
    const auto file = options.model / ModelFileNames::contentKeys;
    if (options.calibrateOnly) {
        table = loadContentKeys(file);
        table.meaningShare = table.meanings.rows() > 0 ? kMeaningShare : 0;
    } else if (options.steps > 0 || options.minutes > 0) {
        ContentTrainer trainer(options, vocabulary, words);
        summary = trainer.run(task);
        trainer.meanings().fill(table);
    } else {
        std::fill(table.meaningRow.begin(), table.meaningRow.end(), -1);
        table.meaningShare = 0;
    }
    calibrate(table, corpus, *tokenizer, config.network, options.seed, summary, task);
    summary.words = static_cast<std::int64_t>(table.words.size());
    summary.meanings = table.meanings.rows();
    saveContentKeys(table, file);
    config.sha256[ModelFileNames::contentKeys] = sha256File(file);
    auto facts = factsOf(options, corpus, summary);
    if (options.calibrateOnly) // training's own facts stay true
        for (const char* kept : {"corpus", "corpus_bytes", "wordnet", "steps", "questions", "seconds", "loss", "seed"})
            facts[kept] = config.contentKeyTraining.value(kept, facts[kept]);
    config.contentKeyTraining = std::move(facts);
    saveModelConfig(options.model, config);
    return summary;
}

} // namespace hayloft
