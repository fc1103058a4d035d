// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/AbsenceCalibration.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/memory/RowSearch.h"
#include "core/text/Names.h"
#include "core/text/Segmenter.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <set>

namespace hayloft {

namespace {

constexpr std::size_t kMemorySegments = 6000, kQuestions = 400, kShortest = 6, kMemories = 24;
constexpr double kFalseAnswers = 0.015; ///< at most 2% are allowed; other questions differ a little
constexpr double kLost = 0.008;          ///< at most 1%
constexpr double kNever = -1e9;          ///< the score of an answer without any of its question's names
constexpr const char* kOpenings[] = {"What", "Who", "Where", "When", "Which", "Why", "How", "What is the", "Who was the", "How did the",
                                     "What does the text say about", "Which is mentioned in the text"};

enum class About { Present, Absent, Alike };

struct Asked {
    AnswerSupport support;
    About about;
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
        std::vector<Question> questions = questionsAbout(segments, About::Present);
        for (auto& question : questionsAbout(segments, About::Alike))
            questions.push_back(std::move(question));
        for (const auto& other : m_others)
            if (auto text = questionAbout(other, About::Absent); !text.empty())
                questions.push_back({std::move(text), About::Absent, 0});
        std::vector<std::string> texts;
        for (const auto& question : questions)
            texts.push_back(question.text);
        const Matrix read = m_keys.encode(texts, KeySide::Read, {task.stop, {}});
        Matrix scores;
        multiplyTransposed(read, written, scores);
        for (std::size_t i = 0; i < questions.size(); ++i) {
            Index best = 0;
            scores.row(static_cast<Index>(i)).maxCoeff(&best);
            const std::string& found = segments[static_cast<std::size_t>(best)];
            if (questions[i].about == About::Absent || found == segments[questions[i].segment])
                asked.push_back({m_keys.support(texts[i], found), questions[i].about});
        }
    }

private:
    struct Question {
        std::string text;
        About about;
        std::size_t segment; ///< that it is about, but for absent ones
    };

    std::vector<Question> questionsAbout(const std::vector<std::string>& segments, About about)
    {
        std::vector<Question> questions;
        for (std::size_t tries = 0; questions.size() < kQuestions && tries < 100 * kQuestions && !segments.empty(); ++tries) {
            const auto place = m_random.below(segments.size());
            if (auto text = questionAbout(segments[place], about); !text.empty())
                questions.push_back({std::move(text), about, place});
        }
        return questions;
    }

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

    /// Empty for a segment that is too short, or has no name to change.
    std::string questionAbout(const std::string& segment, About about)
    {
        const auto words = m_cutter.cut(segment);
        const auto names = namesIn(segment, words);
        if (words.size() < kShortest || (about == About::Alike && names.empty()))
            return {};
        std::vector<std::pair<double, std::size_t>> drawn; // rarer ones more likely, without replacement
        for (std::size_t i = 0; i < words.size(); ++i) {
            const double rarity = rarityOf(words[i].stem);
            drawn.emplace_back(std::pow(m_random.uniform(), 1.0 / (rarity * rarity + 1e-3)), i);
        }
        std::sort(drawn.rbegin(), drawn.rend());
        drawn.resize(std::min<std::size_t>(drawn.size(), 3 + m_random.below(5)));
        std::set<std::size_t> places;
        for (const auto& [key, i] : drawn)
            places.insert(i);
        const auto at = [&](std::size_t i) { return segment.substr(words[i].begin, words[i].end - words[i].begin); };
        std::vector<std::string> asked;
        if (about == About::Alike)
            asked.push_back(alikeName(segment, words, names[m_random.below(names.size())]));
        for (const std::size_t i : places) {
            const auto name = std::find_if(names.begin(), names.end(), [i](const Name& n) { return i >= n.first && i < n.end; });
            if (name == names.end())
                asked.push_back(at(i));
            else if (about != About::Alike && places.lower_bound(name->first) == places.find(i))
                asked.push_back(segment.substr(words[name->first].begin, words[name->end - 1].end - words[name->first].begin)); // whole, once
        }
        if (asked.empty() || asked.front().empty())
            return {};
        if (m_random.below(2) == 0)
            addForeignWords(asked);
        std::string question = kOpenings[m_random.below(std::size(kOpenings))];
        for (const auto& word : asked)
            question += " " + word;
        return question + "?";
    }

    /// The name with one part from elsewhere; empty where that makes a name that the segment has.
    std::string alikeName(const std::string& segment, const std::vector<Word>& words, const Name& name)
    {
        const std::string& other = m_others[m_random.below(m_others.size())];
        const auto others = m_cutter.cut(other);
        if (others.empty())
            return {};
        const Word& part = others[m_random.below(others.size())];
        std::string changed;
        const std::size_t at = name.first + m_random.below(name.end - name.first);
        for (std::size_t i = name.first; i < name.end; ++i) {
            changed += i > name.first ? "-" : "";
            if (i != at)
                changed += segment.substr(words[i].begin, words[i].end - words[i].begin);
            else if (name.end - name.first > 1)
                changed += other.substr(part.begin, part.end - part.begin);
            else // a code or a number: of one part
                changed += std::to_string(100 + m_random.below(9900));
        }
        const auto cut = m_cutter.cut(changed);
        const auto made = namesIn(changed, cut);
        return made.size() == 1 && !holdsName(segment, words, made.front().stems) ? changed : std::string();
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
            if (word.number) // might be a name, and asks for something else then
                continue;
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
    const auto count = [&](About about) { return static_cast<double>(std::count_if(asked.begin(), asked.end(), [=](const Asked& a) { return a.about == about; })); };
    const double present = count(About::Present), absent = count(About::Absent);
    Eigen::Vector3d weights = Eigen::Vector3d::Zero();
    for (int step = 0; step < kSteps; ++step) {
        Eigen::Vector3d gradient = kRidge * weights;
        Eigen::Matrix3d hessian = kRidge * Eigen::Matrix3d::Identity();
        for (const Asked& a : asked) {
            if (a.about == About::Alike)
                continue;
            const Eigen::Vector3d x = featuresOf(a.support);
            const double p = 1.0 / (1.0 + std::exp(-weights.dot(x)));
            const double share = 1.0 / (a.about == About::Present ? present : absent);
            gradient += share * (p - (a.about == About::Present ? 1.0 : 0.0)) * x;
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
        if (a.about != About::Alike)
            (a.about == About::Present ? present : absent).push_back(a.support.named ? weights.dot(featuresOf(a.support)) : kNever);
    std::sort(absent.rbegin(), absent.rend());
    std::sort(present.begin(), present.end());
    // As strict as the right answers allow: text about the same matter is harder to tell than text from elsewhere. Where both
    // shares can't be had, between them.
    const double byFalse = absent[static_cast<std::size_t>(kFalseAnswers * static_cast<double>(absent.size()))];
    const double byLost = present[static_cast<std::size_t>(kLost * static_cast<double>(present.size()))];
    weights(0) -= byFalse <= byLost || byLost == kNever ? std::nextafter(std::max(byLost, byFalse), kNever) : (byFalse + byLost) / 2;
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
    const auto has = [](const std::vector<Asked>& asked, About about) {
        return std::any_of(asked.begin(), asked.end(), [=](const Asked& a) { return a.about == about; });
    };
    if (!has(fitted, About::Present) || !has(fitted, About::Absent) || !has(kept, About::Present) || !has(kept, About::Absent))
        throw Error("the corpus is too short to make questions of", "training text", "train with more running prose");
    AbsenceCalibration result;
    result.rule = ruleFrom(fitted);
    for (const Asked& a : kept) {
        const bool accepted = result.rule.accepts(a.support);
        (a.about == About::Present ? result.present : a.about == About::Absent ? result.absent : result.alike) += 1;
        (a.about == About::Present ? result.lost : a.about == About::Absent ? result.falseAnswers : result.alikeAnswers)
            += accepted != (a.about == About::Present) ? 1 : 0;
    }
    result.lost /= result.present;
    result.falseAnswers /= result.absent;
    result.alikeAnswers /= std::max(1, result.alike);
    return result;
}

} // namespace hayloft
