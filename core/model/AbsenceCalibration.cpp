// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/AbsenceCalibration.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/memory/RowSearch.h"
#include "core/text/Segmenter.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

constexpr std::size_t kMemorySegments = 6000, kQuestions = 400, kShortest = 6, kMemories = 8;
constexpr double kFalseAnswers = 0.015; ///< at most 2% are allowed; other questions differ a little
constexpr double kLost = 0.008;          ///< at most 1%
constexpr const char* kOpenings[] = {"What", "Who", "Where", "When", "Which", "Why", "How", "What is the", "Who was the", "How did the",
                                     "What does the text say about", "Which is mentioned in the text"};

struct Asked {
    AnswerSupport support;
    bool present;
};

/// Draws the questions and asks them.
class Questioner {
public:
    Questioner(const ContentKeys& keys, const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens, std::uint64_t seed)
        : m_keys(keys), m_corpus(corpus), m_tokenizer(tokenizer), m_maxTokens(maxTokens), m_random(seed)
    {
    }

    /// Asks one stretch of the corpus about itself and about text from elsewhere. Wrong rows are not counted.
    void ask(std::vector<Asked>& asked, const Task& task)
    {
        const auto segments = stretch(kMemorySegments);
        m_others = stretch(2 * kQuestions);
        const Matrix written = m_keys.encode(segments, KeySide::Write, {task.stop, {}});
        std::vector<std::string> questions;
        std::vector<std::size_t> wanted;
        for (std::size_t tries = 0; wanted.size() < kQuestions && tries < 100 * kQuestions && !segments.empty(); ++tries) {
            const auto place = m_random.below(segments.size());
            if (auto question = questionAbout(segments[place]); !question.empty()) {
                questions.push_back(std::move(question));
                wanted.push_back(place);
            }
        }
        for (const auto& other : m_others)
            if (auto question = questionAbout(other); !question.empty())
                questions.push_back(std::move(question));
        const Matrix read = m_keys.encode(questions, KeySide::Read, {task.stop, {}});
        Matrix scores;
        multiplyTransposed(read, written, scores);
        for (std::size_t i = 0; i < questions.size(); ++i) {
            Index best = 0;
            scores.row(static_cast<Index>(i)).maxCoeff(&best);
            const std::string& found = segments[static_cast<std::size_t>(best)];
            const bool present = i < wanted.size();
            if (!present || found == segments[wanted[i]])
                asked.push_back({m_keys.support(questions[i], found), present});
        }
    }

private:
    std::vector<std::string> stretch(std::size_t count)
    {
        std::vector<std::string> segments;
        for (std::size_t at = m_random.below(m_corpus.paragraphs()), read = 0; segments.size() < count && read < m_corpus.paragraphs(); ++read) {
            const auto paragraph = m_corpus.paragraph((at + read) % m_corpus.paragraphs());
            for (const auto& s : segmentText(paragraph, m_tokenizer, {SegmenterKind::Sentence, m_maxTokens, LineBreaks::EndParagraphs}))
                if (!s.tokens.empty())
                    segments.emplace_back(paragraph.substr(s.contentBegin, s.contentEnd - s.contentBegin));
        }
        return segments;
    }

    float rarityOf(const std::string& stem) const
    {
        const auto& table = m_keys.table();
        const auto found = std::lower_bound(table.words.begin(), table.words.end(), wordHash(stem));
        const bool known = found != table.words.end() && *found == wordHash(stem);
        return known ? table.rarity[static_cast<std::size_t>(found - table.words.begin())] : table.unknownRarity;
    }

    std::string questionAbout(const std::string& segment)
    {
        const auto words = m_cutter.cut(segment);
        if (words.size() < kShortest)
            return {};
        std::vector<std::pair<double, std::size_t>> drawn; // rarer ones more likely, without replacement
        for (std::size_t i = 0; i < words.size(); ++i) {
            const double rarity = rarityOf(words[i].stem);
            drawn.emplace_back(std::pow(m_random.uniform(), 1.0 / (rarity * rarity + 1e-3)), i);
        }
        std::sort(drawn.rbegin(), drawn.rend());
        drawn.resize(std::min<std::size_t>(drawn.size(), 3 + m_random.below(5)));
        std::sort(drawn.begin(), drawn.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
        std::vector<std::string> asked;
        for (const auto& [key, i] : drawn)
            asked.push_back(segment.substr(words[i].begin, words[i].end - words[i].begin));
        if (m_random.below(2) == 0)
            addForeignWords(asked);
        std::string question = kOpenings[m_random.below(std::size(kOpenings))];
        for (const auto& word : asked)
            question += " " + word;
        return question + "?";
    }

    /// At most a third as many as the question has.
    void addForeignWords(std::vector<std::string>& asked)
    {
        const std::size_t count = 1 + m_random.below(std::max<std::size_t>(1, asked.size() / 3));
        for (std::size_t i = 0; i < count && !m_others.empty(); ++i) {
            const std::string& other = m_others[m_random.below(m_others.size())];
            const auto words = m_cutter.cut(other);
            if (words.empty())
                continue;
            const Word& word = words[m_random.below(words.size())];
            asked.insert(asked.begin() + static_cast<std::ptrdiff_t>(m_random.below(asked.size() + 1)), other.substr(word.begin, word.end - word.begin));
        }
    }

    const ContentKeys& m_keys;
    const Corpus& m_corpus;
    const Tokenizer& m_tokenizer;
    int m_maxTokens;
    Random m_random;
    WordCutter m_cutter;
    std::vector<std::string> m_others;
};

Eigen::Vector3d featuresOf(const AnswerSupport& support)
{
    return {1.0, support.coverage, AbsenceRule::brevityOf(support)};
}

/// Logistic regression by Newton's method, both classes weighing the same.
Eigen::Vector3d regress(const std::vector<Asked>& asked)
{
    constexpr int kSteps = 40;
    constexpr double kRidge = 1e-3;
    const auto present = static_cast<double>(std::count_if(asked.begin(), asked.end(), [](const Asked& a) { return a.present; }));
    const double absent = static_cast<double>(asked.size()) - present;
    Eigen::Vector3d weights = Eigen::Vector3d::Zero();
    for (int step = 0; step < kSteps; ++step) {
        Eigen::Vector3d gradient = kRidge * weights;
        Eigen::Matrix3d hessian = kRidge * Eigen::Matrix3d::Identity();
        for (const Asked& a : asked) {
            const Eigen::Vector3d x = featuresOf(a.support);
            const double p = 1.0 / (1.0 + std::exp(-weights.dot(x)));
            const double share = 1.0 / (a.present ? present : absent);
            gradient += share * (p - (a.present ? 1.0 : 0.0)) * x;
            hessian += share * p * (1.0 - p) * x * x.transpose();
        }
        weights -= hessian.ldlt().solve(gradient);
    }
    return weights;
}

AbsenceRule ruleFrom(const std::vector<Asked>& asked)
{
    Eigen::Vector3d weights = regress(asked);
    std::vector<double> absent, present;
    for (const Asked& a : asked)
        (a.present ? present : absent).push_back(weights.dot(featuresOf(a.support)));
    std::sort(absent.rbegin(), absent.rend());
    std::sort(present.begin(), present.end());
    // As strict as the right answers allow: text about the same matter is harder to tell than text from elsewhere.
    const double byFalse = absent[static_cast<std::size_t>(kFalseAnswers * static_cast<double>(absent.size()))];
    const double byLost = present[static_cast<std::size_t>(kLost * static_cast<double>(present.size()))];
    weights(0) -= std::max(byFalse, std::nextafter(byLost, -1e9));
    const Eigen::Vector3f w = weights.cast<float>();
    return {w(0), w(1), w(2)};
}

} // namespace

AbsenceCalibration calibrateAbsence(const ContentKeys& keys, const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens,
                                    std::uint64_t seed, const Task& task)
{
    Questioner questioner(keys, corpus, tokenizer, maxTokens, seed);
    std::vector<Asked> fitted, kept; // the second are kept apart
    for (std::size_t i = 0; i < kMemories; ++i) {
        task.report({"calibrate", static_cast<double>(i), static_cast<double>(kMemories), "memories", ""});
        questioner.ask(i < kMemories / 2 ? fitted : kept, task);
    }
    const auto both = [](const std::vector<Asked>& asked) {
        const auto present = std::count_if(asked.begin(), asked.end(), [](const Asked& a) { return a.present; });
        return present > 0 && present < static_cast<std::ptrdiff_t>(asked.size());
    };
    if (!both(fitted) || !both(kept))
        throw Error("the corpus is too short to make questions of", "training text", "train with more running prose");
    AbsenceCalibration result;
    result.rule = ruleFrom(fitted);
    for (const Asked& a : kept) {
        const bool accepted = result.rule.accepts(a.support);
        (a.present ? result.present : result.absent) += 1;
        (a.present ? result.lost : result.falseAnswers) += a.present != accepted ? 1 : 0;
    }
    result.lost /= result.present;
    result.falseAnswers /= result.absent;
    return result;
}

} // namespace hayloft
