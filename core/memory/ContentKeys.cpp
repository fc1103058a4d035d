// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory/ContentKeys.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/text/Names.h"

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

// Measured on generated questions about training books; see the model card.
constexpr float kRarityPower = 0.75f;  ///< of the wording's weights
constexpr float kPairWeight = 0.4f;    ///< of two neighbouring words
constexpr float kNumberWeight = 0.5f;  ///< every number and code is rare, and few questions know it
constexpr float kWordingPivot = 1.0f;
constexpr std::uint64_t kWordSeed = 0x776F7264, kPairSeed = 0x70616972, kTokenSeed = 0x746F6B65;
constexpr std::size_t kTextsPerReport = 2048;
constexpr float kLeadPower = 3; ///< see ContentKeys: how steeply wording leads where little of a question is known
constexpr float kLeastKnown = 0.05f;

/// Adds weight * (fixed vector of +1 and -1 for this seed) / sqrt(size).
void addRandom(std::uint64_t seed, float weight, Eigen::Ref<RowVector> to)
{
    const float step = weight / std::sqrt(static_cast<float>(to.size()));
    Random random(mixSeed(seed, 0));
    for (Index i = 0; i < to.size(); i += 64) {
        std::uint64_t signs = random.next();
        const Index end = std::min<Index>(i + 64, to.size());
        for (Index c = i; c < end; ++c, signs >>= 1)
            to(c) += static_cast<float>(static_cast<int>(signs & 1) * 2 - 1) * step;
    }
}

float over(float length)
{
    return length > 0 ? 1.0f / length : 0.0f;
}

} // namespace

float repeatedWord(int count)
{
    return 1.0f + std::log(static_cast<float>(count));
}

std::uint64_t wordHash(std::string_view stem)
{
    std::uint64_t hash = stem.size();
    for (const char c : stem)
        hash = mixSeed(hash, static_cast<unsigned char>(c));
    return hash;
}

ContentKeys::ContentKeys(ContentKeyTable table, int keySize) : m_table(std::move(table)), m_keySize(keySize)
{
    const auto& t = m_table;
    const auto rows = static_cast<std::size_t>(t.meanings.rows());
    if (t.rarity.size() != t.words.size() || t.meaningRow.size() != t.words.size() || t.readWeight.size() != rows
        || t.writeWeight.size() != rows || t.meanings.cols() + 2 > keySize
        || (!t.meaningShift.empty() && static_cast<Index>(t.meaningShift.size()) != t.meanings.cols()))
        throw Error("the tables of the content keys do not fit together", "content keys", "copy the model folder again, or train them anew");
    for (std::size_t i = 0; i < t.words.size(); ++i) {
        if (t.meaningRow[i] >= t.meanings.rows())
            throw Error("a word of the content keys has no vector", "content keys", "copy the model folder again, or train them anew");
        m_index.emplace(t.words[i], static_cast<int>(i));
    }
}

float ContentKeys::rarityOf(std::uint64_t hash) const
{
    const auto found = m_index.find(hash);
    return found == m_index.end() ? m_table.unknownRarity : m_table.rarity[static_cast<std::size_t>(found->second)];
}

std::vector<ContentKeys::Term> ContentKeys::termsOf(const std::vector<Word>& words) const
{
    std::vector<Term> terms;
    std::unordered_map<std::uint64_t, std::size_t> seen;
    for (const Word& word : words) {
        const std::uint64_t hash = wordHash(word.stem);
        if (const auto [it, isNew] = seen.emplace(hash, terms.size()); !isNew) {
            ++terms[it->second].count;
            continue;
        }
        const auto found = m_index.find(hash);
        const float weight = std::pow(rarityOf(hash), kRarityPower) * (word.number ? kNumberWeight : 1.0f);
        terms.push_back({hash, weight, found == m_index.end() ? -1 : m_table.meaningRow[static_cast<std::size_t>(found->second)], &word, 1});
    }
    return terms;
}

/// Pairs of neighbours tell "pass key" from a pass and a key.
void ContentKeys::addWording(const std::vector<Word>& words, const std::vector<Term>& terms, RowVector& wording) const
{
    for (const Term& term : terms)
        addRandom(mixSeed(kWordSeed, term.hash), term.weight * repeatedWord(term.count), wording);
    std::unordered_map<std::uint64_t, bool> seen;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const std::uint64_t first = wordHash(words[i - 1].stem), second = wordHash(words[i].stem);
        const std::uint64_t pair = mixSeed(kPairSeed, first, second);
        if (seen.emplace(pair, true).second)
            addRandom(pair, kPairWeight * std::pow(rarityOf(first) * rarityOf(second), kRarityPower / 2), wording);
    }
}

ContentKeys::Parts ContentKeys::partsOf(const std::vector<Word>& words, const std::vector<Term>& terms, KeySide side) const
{
    const Index meaningSize = m_table.meanings.cols();
    Parts parts {RowVector::Zero(meaningSize), RowVector::Zero(m_keySize - meaningSize - 1)};
    addWording(words, terms, parts.wording);
    const auto& weights = side == KeySide::Write ? m_table.writeWeight : m_table.readWeight;
    for (const Term& term : terms)
        if (term.row >= 0)
            parts.meaning += weights[static_cast<std::size_t>(term.row)] * repeatedWord(term.count) * m_table.meanings.row(term.row);
    if (side == KeySide::Write)
        scaleWritten(parts);
    else
        scaleRead(parts, terms);
    return parts;
}

void ContentKeys::scaleWritten(Parts& parts) const
{
    const auto length = [](const RowVector& part, float pivot) { return std::sqrt(part.squaredNorm() + pivot * pivot); };
    const float share = m_table.meaningShare, all = 1.0f / std::sqrt(1.0f + share);
    parts.meaningScale = std::sqrt(share) * all * over(length(parts.meaning, m_table.meaningPivot));
    parts.wordingScale = all * over(length(parts.wording, kWordingPivot));
}

void ContentKeys::scaleRead(Parts& parts, const std::vector<Term>& terms) const
{
    const float length = parts.meaning.norm();
    if (!m_table.meaningShift.empty())
        parts.meaning -= length * Eigen::Map<const RowVector>(m_table.meaningShift.data(), parts.meaning.size());
    float known = 0, sum = 0;
    for (const Term& term : terms) {
        sum += term.weight;
        known += term.row >= 0 ? term.weight : 0.0f;
    }
    const float lead = std::pow(std::max(kLeastKnown, known * over(sum)), -kLeadPower);
    parts.meaningScale = std::sqrt(m_table.meaningShare) * over(parts.meaning.norm());
    parts.wordingScale = lead * over(parts.wording.norm());
    const float all = over(std::hypot(parts.meaningScale * parts.meaning.norm(), parts.wordingScale * parts.wording.norm()));
    parts.meaningScale *= all;
    parts.wordingScale *= all;
}

std::vector<Word> ContentKeys::wordsOf(std::string_view text, KeySide side) const
{
    auto words = m_cutter.cut(text);
    if (side == KeySide::Read)
        if (auto telling = m_question.telling(words); !telling.empty())
            words = std::move(telling);
    return words;
}

void ContentKeys::encodeOne(std::string_view text, KeySide side, Eigen::Ref<RowVector> key) const
{
    const auto words = wordsOf(text, side);
    const Parts parts = partsOf(words, termsOf(words), side);
    key.head(parts.meaning.size()) = parts.meaning * parts.meaningScale;
    key.segment(parts.meaning.size(), parts.wording.size()) = parts.wording * parts.wordingScale;
    key(m_keySize - 1) = 0;
    const float rest = 1.0f - key.squaredNorm();
    // A question has no constant part; one without a single word points the other way.
    if (side == KeySide::Write)
        key(m_keySize - 1) = std::sqrt(std::max(0.0f, rest));
    else if (rest > 0.999f)
        key(m_keySize - 1) = -1.0f;
}

Matrix ContentKeys::encode(const std::vector<std::string>& texts, KeySide side, const Task& task) const
{
    Matrix keys(static_cast<Index>(texts.size()), m_keySize);
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i % kTextsPerReport == 0)
            task.report({"keys", static_cast<double>(i), static_cast<double>(texts.size()), "segments", ""});
        RowVector key(m_keySize);
        encodeOne(texts[i], side, key);
        keys.row(static_cast<Index>(i)) = key;
    }
    return keys;
}

Matrix ContentKeys::floor(const std::vector<TokenIds>& sequences) const
{
    Matrix keys = Matrix::Zero(static_cast<Index>(sequences.size()), m_keySize);
    RowVector key(m_keySize);
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        key.setZero();
        for (const int id : sequences[i]) {
            const auto place = static_cast<std::size_t>(id);
            const float rarity = place < m_table.tokenRarity.size() ? m_table.tokenRarity[place] : 1.0f;
            addRandom(mixSeed(kTokenSeed, place), rarity, key);
        }
        const float length = key.norm();
        keys.row(static_cast<Index>(i)) = length > 0 ? RowVector(key / length) : key;
    }
    return keys;
}

AnswerSupport ContentKeys::support(std::string_view question, std::string_view answer) const
{
    std::unordered_set<std::uint64_t> holds;
    const auto answered = m_cutter.cut(answer);
    for (const Word& word : answered)
        holds.insert(wordHash(word.stem));
    AnswerSupport support;
    float held = 0;
    const auto words = m_cutter.cut(question);
    const auto telling = m_question.telling(words);
    for (const Term& term : termsOf(telling)) {
        const float rarity = rarityOf(term.hash);
        support.asked += rarity;
        held += holds.contains(term.hash) ? rarity : 0.0f;
    }
    support.coverage = support.asked > 0 ? held / support.asked : 0.0f;
    const auto names = namesIn(question, words);
    support.named = names.empty() || std::any_of(names.begin(), names.end(), [&](const Name& name) { return holdsName(answer, answered, name.stems); });
    return support;
}

std::vector<WordMatch> ContentKeys::matches(std::string_view question, std::string_view segment, std::size_t most) const
{
    const auto asked = wordsOf(question, KeySide::Read), held = wordsOf(segment, KeySide::Write);
    const auto left = termsOf(asked), right = termsOf(held);
    const Parts asking = partsOf(asked, left, KeySide::Read), holding = partsOf(held, right, KeySide::Write);
    const float wordings = asking.wordingScale * holding.wordingScale, meanings = asking.meaningScale * holding.meaningScale;
    std::vector<WordMatch> found;
    for (const Term& a : left) {
        WordMatch best;
        for (const Term& b : right) {
            float score = 0;
            if (a.hash == b.hash)
                score += a.weight * repeatedWord(a.count) * b.weight * repeatedWord(b.count) * wordings;
            if (a.row >= 0 && b.row >= 0)
                score += repeatedWord(a.count) * repeatedWord(b.count) * m_table.readWeight[static_cast<std::size_t>(a.row)]
                    * m_table.writeWeight[static_cast<std::size_t>(b.row)] * m_table.meanings.row(a.row).dot(m_table.meanings.row(b.row)) * meanings;
            if (score > best.score)
                best = {std::string(question.substr(a.word->begin, a.word->end - a.word->begin)),
                        std::string(segment.substr(b.word->begin, b.word->end - b.word->begin)), score};
        }
        if (best.score > 0.005f)
            found.push_back(best);
    }
    std::sort(found.begin(), found.end(), [](const WordMatch& a, const WordMatch& b) { return a.score > b.score; });
    found.resize(std::min(found.size(), most));
    return found;
}

} // namespace hayloft
