// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/AbsenceCalibration.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/memory/RowSearch.h"
#include "core/text/Segmenter.h"

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

constexpr std::size_t kMemorySegments = 6000, kQuestions = 1000, kShortest = 6, kMemories = 4;
constexpr double kFalseAnswers = 0.02;
constexpr const char* kOpenings[] = {"What", "Who", "Where", "When", "Which", "Why", "How", "What is the", "Who was the", "How did the"};

struct Asked {
    float distance;
    bool right;
};

class Calibrator {
public:
    Calibrator(const ContentKeys& keys, const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens, std::uint64_t seed)
        : m_keys(keys), m_corpus(corpus), m_tokenizer(tokenizer), m_maxTokens(maxTokens), m_random(seed)
    {
    }

    /// Asks one stretch of the corpus about itself and about text from elsewhere.
    void ask(std::vector<Asked>& present, std::vector<Asked>& absent, const Task& task)
    {
        const auto segments = stretch(kMemorySegments);
        const auto others = stretch(kQuestions);
        const Matrix written = m_keys.encode(segments, KeySide::Write, {task.stop, {}});
        std::vector<std::string> questions;
        std::vector<Index> wanted;
        for (std::size_t tries = 0; wanted.size() < kQuestions / kMemories && tries < 100 * kQuestions; ++tries) {
            const auto place = m_random.below(segments.size());
            if (auto question = questionAbout(segments[place]); !question.empty()) {
                questions.push_back(std::move(question));
                wanted.push_back(static_cast<Index>(place));
            }
        }
        for (std::size_t i = 0; i < others.size() && questions.size() < 2 * wanted.size(); ++i)
            if (auto question = questionAbout(others[i]); !question.empty())
                questions.push_back(std::move(question));
        const Matrix read = m_keys.encode(questions, KeySide::Read, {task.stop, {}});
        Matrix scores;
        multiplyTransposed(read, written, scores);
        for (Index i = 0; i < scores.rows(); ++i) {
            Index best = 0;
            const float score = scores.row(i).maxCoeff(&best);
            const float distance = std::sqrt(std::max(0.0f, 2 - 2 * score));
            const bool aboutIt = i < static_cast<Index>(wanted.size());
            (aboutIt ? present : absent).push_back({distance, aboutIt && segments[static_cast<std::size_t>(best)] == segments[static_cast<std::size_t>(wanted[static_cast<std::size_t>(i)])]});
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
        std::string question = kOpenings[m_random.below(std::size(kOpenings))];
        for (const auto& [key, i] : drawn)
            question += " " + segment.substr(words[i].begin, words[i].end - words[i].begin);
        return question + "?";
    }

    const ContentKeys& m_keys;
    const Corpus& m_corpus;
    const Tokenizer& m_tokenizer;
    int m_maxTokens;
    Random m_random;
    WordCutter m_cutter;
};

} // namespace

AbsenceCalibration calibrateAbsence(const ContentKeys& keys, const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens,
                                    std::uint64_t seed, const Task& task)
{
    Calibrator calibrator(keys, corpus, tokenizer, maxTokens, seed);
    std::vector<Asked> present, absent;
    for (std::size_t i = 0; i < kMemories; ++i) {
        task.report({"calibrate", static_cast<double>(i), static_cast<double>(kMemories), "memories", ""});
        calibrator.ask(present, absent, task);
    }
    if (present.empty() || absent.empty())
        throw Error("the corpus is too short to make questions of", "training text", "train with more running prose");
    std::sort(absent.begin(), absent.end(), [](const Asked& a, const Asked& b) { return a.distance < b.distance; });
    const auto allowed = static_cast<std::size_t>(kFalseAnswers * static_cast<double>(absent.size()));
    AbsenceCalibration result;
    result.distance = absent[std::min(allowed, absent.size() - 1)].distance - 1e-4f;
    result.questions = static_cast<int>(present.size());
    const auto accepted = std::count_if(absent.begin(), absent.end(), [&](const Asked& a) { return a.distance <= result.distance; });
    result.falseAnswers = static_cast<double>(accepted) / static_cast<double>(absent.size());
    const auto right = std::count_if(present.begin(), present.end(), [](const Asked& a) { return a.right; });
    const auto lost = std::count_if(present.begin(), present.end(), [&](const Asked& a) { return a.right && a.distance > result.distance; });
    result.lost = right > 0 ? static_cast<double>(lost) / static_cast<double>(right) : 0;
    return result;
}

} // namespace hayloft
