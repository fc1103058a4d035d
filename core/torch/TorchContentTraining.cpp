// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/TorchTraining.h"

#include "core/base/Random.h"
#include "core/base/Sha256.h"
#include "core/model/AbsenceCalibration.h"
#include "core/model/ContentKeyFile.h"
#include "core/model/Machine.h"
#include "core/model/ModelCard.h"
#include "core/model/ModelFolder.h"
#include "core/torch/ContentMeanings.h"
#include "core/torch/Devices.h"

#include "core/base/Files.h"
#include <chrono>
#include <cmath>
#include <numeric>
#include <optional>

namespace hayloft {

namespace {

constexpr std::size_t kBatch = 1024;
constexpr double kPeakRate = 3e-3, kTaughtVectorRate = 4e-4, kWarmUpSteps = 100, kFinalShare = 0.02;
constexpr std::size_t kCommonSegments = 50000; ///< that tell the corpus's mean
constexpr float kCommonShare = 0.5f;
constexpr std::size_t kFewestWords = 2; ///< of a teacher's text that is learned from
constexpr double kPairShare = 0.5;      ///< of the loss, beside a teacher's

/// A teacher's texts as rows of meanings, in batches that come to each text before they come to one again.
class TaughtTexts {
public:
    TaughtTexts(const ContentVocabulary& vocabulary, const TeacherTexts& teacher, std::uint64_t seed)
        : m_teacher(teacher), m_random(seed)
    {
        const WordCutter cutter;
        for (std::size_t i = 0; i < teacher.texts.size(); ++i) {
            std::vector<std::string> stems;
            for (auto& word : cutter.cut(teacher.texts[i]))
                stems.push_back(std::move(word.stem));
            if (auto rows = vocabulary.rowsOf(stems); rows.size() >= kFewestWords) {
                m_places.push_back(static_cast<Index>(i));
                m_words.push_back(std::move(rows));
            }
        }
        if (m_words.size() < 2)
            throw Error("a teacher's texts have no words in common with the corpus", "--teacher", "make its file from the same corpus");
    }
    std::size_t size() const { return m_words.size(); }

    torch::Tensor loss(const ContentMeanings& meanings)
    {
        std::vector<std::vector<int>> texts;
        const auto count = static_cast<Index>(std::min(kBatch, m_words.size()));
        Matrix vectors(count, m_teacher.vectors.cols());
        for (Index i = 0; i < count; ++i) {
            if (m_order.empty())
                shuffle();
            texts.push_back(m_words[m_order.back()]);
            vectors.row(i) = m_teacher.vectors.row(m_places[m_order.back()]);
            m_order.pop_back();
        }
        return meanings.loss(texts, torch::from_blob(vectors.data(), {count, vectors.cols()}).clone());
    }

private:
    void shuffle()
    {
        m_order.resize(m_words.size());
        std::iota(m_order.begin(), m_order.end(), std::size_t {0});
        for (std::size_t i = m_order.size(); i > 1; --i)
            std::swap(m_order[i - 1], m_order[m_random.below(i)]);
    }

    const TeacherTexts& m_teacher;
    Random m_random;
    std::vector<std::vector<int>> m_words;
    std::vector<Index> m_places;
    std::vector<std::size_t> m_order;
};

class ContentTrainer {
public:
    /// @param wordNet, teacher may be null
    ContentTrainer(const ContentTrainingOptions& options, const ContentVocabulary& vocabulary, const WordNet* wordNet, const TeacherTexts* teacher)
        : m_options(options)
        , m_pairs(vocabulary, wordNet, mixSeed(options.seed, 11))
        , m_meanings((torch::manual_seed(options.seed), teacher ? ContentMeanings(vocabulary, *teacher) : ContentMeanings(vocabulary)))
        , m_vectorRate(teacher ? kTaughtVectorRate : kPeakRate)
        , m_optimizer({torch::optim::OptimizerParamGroup({m_meanings.vectors()}), torch::optim::OptimizerParamGroup(m_meanings.weights())},
                      torch::optim::AdamOptions(kPeakRate).betas({0.9, 0.98}))
    {
        if (teacher)
            m_taught.emplace(vocabulary, *teacher, mixSeed(options.seed, 13));
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
    const ContentMeanings& meanings() const { return m_meanings; }

private:
    double fraction() const
    {
        return m_options.steps > 0 ? static_cast<double>(m_done.steps) / static_cast<double>(m_options.steps) : m_done.seconds / (60 * m_options.minutes);
    }

    double step()
    {
        const double share = std::max(kFinalShare, 1 - fraction()) * std::min(1.0, static_cast<double>(m_done.steps + 1) / kWarmUpSteps);
        auto& groups = m_optimizer.param_groups();
        static_cast<torch::optim::AdamOptions&>(groups[0].options()).lr(m_vectorRate * share);
        static_cast<torch::optim::AdamOptions&>(groups[1].options()).lr(kPeakRate * share);
        torch::Tensor loss;
        if (m_taught)
            loss = m_taught->loss(m_meanings);
        if (!m_taught || kPairShare > 0) {
            const auto asked = m_meanings.loss(nextPairs());
            loss = loss.defined() ? loss + kPairShare * asked : asked;
        }
        m_optimizer.zero_grad();
        loss.backward();
        m_optimizer.step();
        ++m_done.steps;
        return loss.item<double>();
    }

    std::vector<QuestionPair> nextPairs()
    {
        std::vector<QuestionPair> batch;
        while (batch.size() < kBatch) {
            auto pair = m_pairs.next();
            if (!pair.question.empty() && !pair.segment.empty())
                batch.push_back(std::move(pair));
        }
        m_done.pairs += static_cast<std::int64_t>(batch.size());
        return batch;
    }

    const ContentTrainingOptions& m_options;
    QuestionPairs m_pairs;
    ContentMeanings m_meanings;
    std::optional<TaughtTexts> m_taught;
    double m_vectorRate;
    torch::optim::Adam m_optimizer;
    ContentTrainingSummary m_done;
};

nlohmann::ordered_json factsOf(const ContentTrainingOptions& options, const Corpus& corpus, const std::string& teacher, const ContentTrainingSummary& summary)
{
    const auto machine = describeMachine("cpu");
    return {{"corpus", corpus.files()}, {"corpus_bytes", corpus.bytes()}, {"wordnet", !options.wordNet.empty()}, {"teacher", teacher}, {"steps", summary.steps},
            {"questions", summary.pairs}, {"words", summary.words}, {"meanings", summary.meanings}, {"seconds", std::round(summary.seconds)},
            {"loss", summary.loss}, {"absence", {summary.absence.bias, summary.absence.coverage, summary.absence.brevity}}, {"false_answers", summary.falseAnswers}, {"lost", summary.lost}, {"alike_answers", summary.alikeAnswers}, {"seed", options.seed}, {"cpu", machine.cpu}, {"threads", machine.threads}, {"libtorch", machine.libtorch}};
}

/// What would fail only after the training is refused before it.
TeacherTexts teacherOf(const ContentTrainingOptions& options, std::int64_t latent)
{
    TeacherTexts teacher = loadTeacherTexts(options.teacher);
    if (teacher.vectors.cols() + 2 > latent)
        throw Error("a teacher's vectors of " + std::to_string(teacher.vectors.cols()) + " numbers do not fit into keys of " + std::to_string(latent),
                    options.teacher.string(), "make its file with a smaller --numbers");
    return teacher;
}

/// The share of the mean of the corpus's meanings that is taken from questions.
std::vector<float> commonMeaning(const ContentKeyTable& table, const ContentVocabulary& vocabulary)
{
    RowVector mean = RowVector::Zero(table.meanings.cols());
    const auto& segments = vocabulary.segments();
    const std::size_t every = 1 + segments.size() / kCommonSegments;
    std::size_t counted = 0;
    for (std::size_t i = 0; i < segments.size(); i += every, ++counted) {
        RowVector sum = RowVector::Zero(mean.size());
        for (const auto& [row, times] : countedWords(segments[i]))
            sum += table.writeWeight[static_cast<std::size_t>(row)] * times * table.meanings.row(row);
        mean += sum / std::sqrt(sum.squaredNorm() + table.meaningPivot * table.meaningPivot);
    }
    mean *= kCommonShare / static_cast<float>(std::max<std::size_t>(counted, 1));
    return {mean.data(), mean.data() + mean.size()};
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
    if (!options.teacher.empty() && (options.calibrateOnly || (options.steps <= 0 && options.minutes <= 0)))
        throw Error("a teacher teaches only while keys are trained", "--teacher", "give --minutes or --steps, or leave it out");
    useTorchThreads(options.threads);
    auto config = loadModelConfig(options.model);
    task.report({"read the corpus", 0, 0, "", ""});
    const Corpus corpus(options.corpus);
    const auto tokenizer = openSentencePiece(options.model / ModelFileNames::tokenizer);
    std::optional<WordNet> wordNet;
    if (!options.wordNet.empty())
        wordNet.emplace(options.wordNet);
    const WordNet* words = wordNet ? &*wordNet : nullptr;
    std::optional<TeacherTexts> teacher;
    if (!options.teacher.empty())
        teacher = teacherOf(options, config.network.latent);
    const ContentVocabulary vocabulary(corpus, *tokenizer, static_cast<int>(config.network.maxTokens), words,
                                       teacher ? teacher->texts : std::vector<std::string> {}, task);
    ContentKeyTable table = vocabulary.table();
    ContentTrainingSummary summary;
    const auto file = options.model / ModelFileNames::contentKeys;
    if (options.calibrateOnly) {
        table = loadContentKeys(file);
    } else if (options.steps > 0 || options.minutes > 0) {
        ContentTrainer trainer(options, vocabulary, words, teacher ? &*teacher : nullptr);
        summary = trainer.run(task);
        trainer.meanings().fill(table);
        table.meaningShift = commonMeaning(table, vocabulary);
    } else {
        std::fill(table.meaningRow.begin(), table.meaningRow.end(), -1);
        table.meaningShare = 0;
    }
    calibrate(table, corpus, *tokenizer, config.network, options.seed, summary, task);
    summary.words = static_cast<std::int64_t>(table.words.size());
    summary.meanings = table.meanings.rows();
    saveContentKeys(table, file);
    config.sha256[ModelFileNames::contentKeys] = sha256File(file);
    auto facts = factsOf(options, corpus, teacher ? teacher->teacher : std::string(), summary);
    if (options.calibrateOnly) // training's own facts stay true
        for (const char* kept : {"corpus", "corpus_bytes", "wordnet", "teacher", "steps", "questions", "seconds", "loss", "seed"})
            facts[kept] = config.contentKeyTraining.value(kept, facts[kept]);
    config.contentKeyTraining = std::move(facts);
    saveModelConfig(options.model, config);
    return summary;
}

} // namespace hayloft
