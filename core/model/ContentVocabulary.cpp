// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ContentVocabulary.h"

#include "core/text/Segmenter.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace hayloft {

namespace {

constexpr std::int64_t kOftenEnough = 12;        ///< segments a word must be in to get a meaning,
constexpr std::int64_t kOftenEnoughRelated = 3;  ///< or, when WordNet knows it, this many
constexpr int kOftenEnoughTaught = 3;            ///< or texts of a teacher: words of our day are not in old books
constexpr std::int64_t kOftenEnoughRarity = 2;   ///< rarer words are as unknown as one never seen

} // namespace

ContentVocabulary::ContentVocabulary(const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens, const WordNet* wordNet,
                                     const std::vector<std::string>& taught, const Task& task)
    : m_tokenSegments(static_cast<std::size_t>(tokenizer.size()), 0)
{
    count(corpus, tokenizer, maxTokens, task);
    countTaught(taught);
    chooseMeanings(wordNet);
    for (auto& segment : m_segments) {
        for (int& word : segment)
            word = m_counted[static_cast<std::size_t>(word)].row;
        std::erase(segment, -1);
    }
}

ContentVocabulary::Counted& ContentVocabulary::counted(const std::string& stem)
{
    const auto [it, isNew] = m_ids.emplace(stem, static_cast<int>(m_stems.size()));
    if (isNew) {
        m_stems.push_back(stem);
        m_counted.emplace_back();
    }
    return m_counted[static_cast<std::size_t>(it->second)];
}

void ContentVocabulary::count(const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens, const Task& task)
{
    const WordCutter cutter;
    std::set<int> tokens;
    for (std::size_t i = 0; i < corpus.paragraphs(); ++i) {
        const auto paragraph = corpus.paragraph(i);
        for (const auto& segment : segmentText(paragraph, tokenizer, {SegmenterKind::Sentence, maxTokens, LineBreaks::EndParagraphs})) {
            if (segment.tokens.empty())
                continue;
            const auto number = static_cast<std::int64_t>(m_segments.size());
            auto& words = m_segments.emplace_back();
            for (const Word& word : cutter.cut(paragraph.substr(segment.contentBegin, segment.contentEnd - segment.contentBegin))) {
                auto& one = counted(word.stem);
                one.segments += std::exchange(one.last, number) == number ? 0 : 1;
                words.push_back(static_cast<int>(&one - m_counted.data()));
            }
            tokens.clear();
            tokens.insert(segment.tokens.begin(), segment.tokens.end());
            for (const int token : tokens)
                ++m_tokenSegments[static_cast<std::size_t>(token)];
        }
        if (i % 1024 == 0)
            task.report({"count words", static_cast<double>(i), static_cast<double>(corpus.paragraphs()), "paragraphs", ""});
    }
}

void ContentVocabulary::countTaught(const std::vector<std::string>& texts)
{
    const WordCutter cutter;
    for (const auto& text : texts)
        for (const Word& word : cutter.cut(text))
            ++counted(word.stem).taught;
}

void ContentVocabulary::chooseMeanings(const WordNet* wordNet)
{
    std::set<std::string_view> related;
    if (wordNet) {
        for (const auto& [stem, words] : wordNet->related()) {
            related.insert(stem);
            for (const auto& word : words)
                related.insert(word.stem);
        }
    }
    for (std::size_t i = 0; i < m_stems.size(); ++i) {
        const bool number = m_stems[i].find_first_not_of("0123456789") == std::string::npos;
        const std::int64_t enough = related.count(m_stems[i]) > 0 ? kOftenEnoughRelated : kOftenEnough;
        if (number || (m_counted[i].segments < enough && m_counted[i].taught < kOftenEnoughTaught))
            continue;
        m_counted[i].row = static_cast<int>(m_rarityOfRow.size());
        m_shareOfRow.push_back(static_cast<float>(m_counted[i].segments) / static_cast<float>(m_segments.size()));
        m_rarityOfRow.push_back(rarity(m_counted[i].segments));
    }
}

/// Inverse document frequency, 1 for a word in half a segment.
float ContentVocabulary::rarity(std::int64_t segments) const
{
    const auto all = static_cast<double>(m_segments.size());
    return static_cast<float>(std::max(0.0, std::log((all + 1) / (static_cast<double>(segments) + 0.5)) / std::log(2 * all)));
}

int ContentVocabulary::rowOf(const std::string& stem) const
{
    const auto found = m_ids.find(stem);
    return found == m_ids.end() ? -1 : m_counted[static_cast<std::size_t>(found->second)].row;
}

std::vector<int> ContentVocabulary::rowsOf(const std::vector<std::string>& stems) const
{
    std::vector<int> rows;
    for (const auto& stem : stems)
        if (const int row = rowOf(stem); row >= 0)
            rows.push_back(row);
    return rows;
}

ContentKeyTable ContentVocabulary::table() const
{
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    for (std::size_t i = 0; i < m_stems.size(); ++i)
        if (m_counted[i].segments >= kOftenEnoughRarity || m_counted[i].row >= 0)
            order.emplace_back(wordHash(m_stems[i]), i);
    std::sort(order.begin(), order.end());
    ContentKeyTable table;
    for (const auto& [hash, i] : order) {
        table.words.push_back(hash);
        table.rarity.push_back(rarity(m_counted[i].segments));
        table.meaningRow.push_back(m_counted[i].row);
    }
    table.unknownRarity = rarity(0);
    for (const auto segments : m_tokenSegments)
        table.tokenRarity.push_back(rarity(segments));
    return table;
}

} // namespace hayloft
