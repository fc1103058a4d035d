// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/QuestionPairs.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace hayloft {

namespace {

constexpr double kEditedShare = 0.75, kNeighbourShare = 0.08;
constexpr std::size_t kShortest = 6; ///< words of a segment worth asking about
constexpr int kQuestionWords[] = {2, 3, 3, 4, 4, 5, 5, 6, 7};
constexpr double kReplacedShares[] = {0.6, 0.9, 1.0, 1.0}; ///< words that stay are the wording's business
constexpr float kRareEnough = 0.25f; ///< of a definition's words that say something
constexpr const char* kOpenings[] = {"what is the", "which", "who", "where does the", "how did the", "when was", "why did", "what did", "name the",
                                     "in what", "what kind of", "which of the", "at which", "how many", "how much", "whose", "what made",
                                     "tell me about the", ""};

} // namespace

QuestionPairs::QuestionPairs(const ContentVocabulary& vocabulary, const WordNet* wordNet, std::uint64_t seed)
    : m_vocabulary(vocabulary)
    , m_random(seed)
    , m_related(static_cast<std::size_t>(vocabulary.meanings()))
    , m_definedBy(static_cast<std::size_t>(vocabulary.meanings()))
{
    const WordCutter cutter;
    for (const char* opening : kOpenings) {
        std::vector<std::string> stems;
        for (auto& word : cutter.cut(opening))
            stems.push_back(std::move(word.stem));
        m_openings.push_back(vocabulary.rowsOf(stems));
    }
    if (!wordNet)
        return;
    for (const auto& [stem, words] : wordNet->related()) {
        const int row = vocabulary.rowOf(stem);
        if (row < 0)
            continue;
        Choices& choices = m_related[static_cast<std::size_t>(row)];
        for (const auto& word : words) {
            if (const int other = vocabulary.rowOf(word.stem); other >= 0) {
                choices.words.push_back(other);
                choices.upTo.push_back((choices.upTo.empty() ? 0.0f : choices.upTo.back()) + word.weight);
            }
        }
    }
    for (const Meaning& meaning : wordNet->meanings()) {
        Definition definition {vocabulary.rowsOf(meaning.words), vocabulary.rowsOf(meaning.definition), {}};
        if (definition.words.empty() || definition.definition.size() < 2)
            continue;
        for (const auto& example : meaning.examples)
            if (auto rows = vocabulary.rowsOf(example); !rows.empty())
                definition.examples.push_back(std::move(rows));
        if (meaning.words.size() <= 2)
            for (const int row : definition.words)
                m_definedBy[static_cast<std::size_t>(row)].push_back(static_cast<int>(m_definitions.size()));
        m_definitions.push_back(std::move(definition));
    }
}

const std::vector<int>& QuestionPairs::longSegment()
{
    const auto& segments = m_vocabulary.segments();
    for (int tries = 0; tries < 100000; ++tries) {
        const auto& segment = segments[m_random.below(segments.size())];
        if (segment.size() >= kShortest)
            return segment;
    }
    throw Error("no segment of the corpus has six words", "training text", "train with running prose");
}

int QuestionPairs::related(int word)
{
    const Choices& choices = m_related[static_cast<std::size_t>(word)];
    if (choices.words.empty())
        return word;
    const auto drawn = static_cast<float>(m_random.uniform()) * choices.upTo.back();
    const auto at = std::upper_bound(choices.upTo.begin(), choices.upTo.end(), drawn) - choices.upTo.begin();
    return choices.words[std::min(static_cast<std::size_t>(at), choices.words.size() - 1)];
}

void QuestionPairs::replace(int word, std::vector<int>& question)
{
    const auto& places = m_definedBy[static_cast<std::size_t>(word)];
    if (places.empty() || m_random.uniform() >= 0.3) {
        question.push_back(related(word));
        return;
    }
    const double early = m_random.uniform();
    const auto& definition = m_definitions[static_cast<std::size_t>(places[static_cast<std::size_t>(early * early * static_cast<double>(places.size()))])].definition;
    std::vector<int> telling;
    std::copy_if(definition.begin(), definition.end(), std::back_inserter(telling), [this](int w) { return m_vocabulary.rarityOfRow(w) > kRareEnough; });
    if (telling.empty())
        telling = definition;
    const std::size_t count = std::min<std::size_t>(telling.size(), 1 + m_random.below(4));
    for (std::size_t i = 0; i < count; ++i) {
        std::swap(telling[i], telling[i + m_random.below(telling.size() - i)]);
        question.push_back(telling[i]);
    }
}

/// Drawn without replacement, rarer ones more likely (Efraimidis and Spirakis 2006).
std::vector<int> QuestionPairs::rarerWords(const std::vector<int>& segment)
{
    std::vector<std::pair<double, int>> drawn;
    for (const int word : std::set<int>(segment.begin(), segment.end())) {
        const double rarity = m_vocabulary.rarityOfRow(word);
        drawn.emplace_back(std::pow(m_random.uniform(), 1.0 / (rarity * rarity + 1e-3)), word);
    }
    std::sort(drawn.rbegin(), drawn.rend());
    const auto wanted = static_cast<std::size_t>(kQuestionWords[m_random.below(std::size(kQuestionWords))]);
    std::vector<int> words;
    for (std::size_t i = 0; i < std::min(drawn.size(), wanted); ++i)
        words.push_back(drawn[i].second);
    return words;
}

QuestionPair QuestionPairs::edited()
{
    QuestionPair pair;
    pair.segment = longSegment();
    const double share = kReplacedShares[m_random.below(std::size(kReplacedShares))];
    for (const int word : rarerWords(pair.segment)) {
        if (m_random.uniform() < share)
            replace(word, pair.question);
        else
            pair.question.push_back(word);
    }
    if (m_random.uniform() < 0.4) // one step further away
        for (int& word : pair.question)
            word = m_random.below(2) == 0 ? related(word) : word;
    const auto& opening = m_openings[m_random.below(m_openings.size())];
    pair.question.insert(pair.question.end(), opening.begin(), opening.end());
    return pair;
}

QuestionPair QuestionPairs::defined()
{
    const Definition& drawn = m_definitions[m_random.below(m_definitions.size())];
    std::vector<int> words = drawn.words;
    if (!drawn.examples.empty() && m_random.below(2) == 0) {
        const auto& example = drawn.examples[m_random.below(drawn.examples.size())];
        words.insert(words.end(), example.begin(), example.end());
    }
    if (m_random.below(2) == 0)
        return {drawn.definition, words};
    return {words, drawn.definition};
}

QuestionPair QuestionPairs::neighbours()
{
    const auto& segments = m_vocabulary.segments();
    for (int tries = 0; tries < 1000; ++tries) {
        const std::size_t i = m_random.below(segments.size() - 1);
        if (segments[i].size() >= kShortest && segments[i + 1].size() >= kShortest)
            return {segments[i], segments[i + 1]};
    }
    return edited();
}

QuestionPair QuestionPairs::next()
{
    const double kind = m_random.uniform();
    if (kind < kNeighbourShare)
        return neighbours();
    if (kind < kEditedShare + kNeighbourShare || m_definitions.empty())
        return edited();
    return defined();
}

} // namespace hayloft
