// SPDX-License-Identifier: GPL-3.0-or-later
// The training corpus as segments of words, and how rare each word is. Internal.
#pragma once

#include "core/base/Progress.h"
#include "core/memory/ContentKeys.h"
#include "core/model/TrainingText.h"
#include "core/model/WordNet.h"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

namespace hayloft {

/// Words with a trained meaning have rows 0.. in `row`; all words have a rarity.
class ContentVocabulary {
public:
    /// Cuts the corpus into segments as documents are, and counts. @param wordNet may be null
    /// @param taught texts whose words may get a meaning too @throws Cancelled
    ContentVocabulary(const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens, const WordNet* wordNet,
                      const std::vector<std::string>& taught, const Task& task);
    /// Each segment's words that have a meaning, in order.
    const std::vector<std::vector<int>>& segments() const { return m_segments; }
    int meanings() const { return static_cast<int>(m_rarityOfRow.size()); }
    float rarityOfRow(int row) const { return m_rarityOfRow[static_cast<std::size_t>(row)]; }
    /// Of the corpus's segments, how many hold the word: 0 to 1.
    float shareOfRow(int row) const { return m_shareOfRow[static_cast<std::size_t>(row)]; }
    /// Rows of the stems that have one.
    std::vector<int> rowsOf(const std::vector<std::string>& stems) const;
    /// -1 for a word without a meaning.
    int rowOf(const std::string& stem) const;
    /// The table but for what is trained.
    ContentKeyTable table() const;

private:
    struct Counted {
        std::int64_t segments = 0;
        std::int64_t last = -1; ///< segment counted last
        int taught = 0;         ///< texts of the teacher
        int row = -1;
    };
    Counted& counted(const std::string& stem);
    void count(const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens, const Task& task);
    void countTaught(const std::vector<std::string>& texts);
    void chooseMeanings(const WordNet* wordNet);
    float rarity(std::int64_t segments) const;

    std::unordered_map<std::string, int> m_ids;
    std::vector<std::string> m_stems;
    std::vector<Counted> m_counted;
    std::vector<std::int64_t> m_tokenSegments; ///< by token id
    std::vector<std::vector<int>> m_segments;
    std::vector<float> m_rarityOfRow, m_shareOfRow;
};

} // namespace hayloft
