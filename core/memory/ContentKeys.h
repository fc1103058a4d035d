// SPDX-License-Identifier: GPL-3.0-or-later
// Order-tolerant keys: what a question in one's own words and the segment that answers it have in common.
#pragma once

#include "core/base/Matrix.h"
#include "core/base/Progress.h"
#include "core/memory/AbsenceRule.h"
#include "core/text/QuestionWords.h"
#include "core/text/Words.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hayloft {

/// A segment is written, a question is read.
enum class KeySide { Write, Read };

/// What training found: in the corpus, WordNet, and the judgement of a teacher where there was one.
struct ContentKeyTable {
    std::vector<std::uint64_t> words; ///< n hashes of stems (wordHash), ascending
    std::vector<float> rarity;        ///< n; inverse document frequency of the word, 0..1
    float unknownRarity = 1;          ///< of a word that is not here
    std::vector<int> meaningRow;      ///< n; row of `meanings`, -1 for a word without
    Matrix meanings;                  ///< m x D: trained vectors, near for words that mean about the same
    std::vector<float> readWeight;    ///< m; how much a word's meaning counts in a question
    std::vector<float> writeWeight;   ///< m; and in a segment
    float meaningShare = 1;           ///< of the squared key that is meaning, against 1 of wording
    float meaningPivot = 0.4f;        ///< see ContentKeys
    std::vector<float> meaningShift;  ///< D, or none; taken from a question's meaning: the share of the corpus's mean
    AbsenceRule absence;              ///< when an answer counts as one
    std::vector<float> tokenRarity;   ///< by token id: the untrained floor's weights
};

/// A word of a question and what it met in a segment.
struct WordMatch {
    std::string question, segment; ///< the words as written
    float score = 0;               ///< part of the inner product of the two keys
};

/// A key has three parts: D numbers of meaning (weighted sum of trained word vectors), C - D - 1 of wording (fixed random
/// vectors of stems and of neighbouring pairs, weighted by rarity), and one constant that only segments have. Each part
/// of a segment's key is x / sqrt(|x|^2 + pivot^2), the constant fills up to length 1: a short segment of one
/// shared word is no better than a long one that shares it too. What all prose has in common is taken from a question's
/// meaning, else the most ordinary segment would be near every question; and its words that only ask are left out. A question
/// leads with its wording the more, the less of it the trained vectors know (names, codes, numbers): these cannot be put in
/// other words. Both keys have length 1, so that the nearest row is the one with the greatest inner product.
/// Reading: distance^2 = 2 - 2 score. Thread rule: one thread at a time.
class ContentKeys {
public:
    /// @param keySize C. @throws Error for a table whose sizes differ or do not fit C
    ContentKeys(ContentKeyTable table, int keySize);
    /// N x C. Text without any word gets a key of its own, far from all questions. @throws Cancelled
    Matrix encode(const std::vector<std::string>& texts, KeySide side, const Task& task = {}) const;
    /// The untrained floor (N x C): fixed random vectors of the tokens, weighted by their rarity, nothing else.
    Matrix floor(const std::vector<TokenIds>& sequences) const;
    /// Which words of the question met which of the segment, greatest score first.
    std::vector<WordMatch> matches(std::string_view question, std::string_view segment, std::size_t most = 8) const;
    /// What an answer holds of its question: both texts alone, whatever row the answer was decoded from.
    AnswerSupport support(std::string_view question, std::string_view answer) const;
    /// Whether the answer says "not in this document" by the table's rule.
    bool isAbsent(std::string_view question, std::string_view answer) const { return !m_table.absence.accepts(support(question, answer)); }
    const ContentKeyTable& table() const { return m_table; }
    int keySize() const { return m_keySize; }

private:
    struct Term {
        std::uint64_t hash;
        float weight; ///< wording
        int row;      ///< meaning, -1 for none
        const Word* word;
        int count;
    };
    /// The weighted sums of a text's word vectors, and the factors with which they enter its key.
    struct Parts {
        RowVector meaning, wording;
        float meaningScale = 0, wordingScale = 0;
    };
    /// What a key is made of: of a question only the words that tell something, if there are any.
    std::vector<Word> wordsOf(std::string_view text, KeySide side) const;
    std::vector<Term> termsOf(const std::vector<Word>& words) const;
    Parts partsOf(const std::vector<Word>& words, const std::vector<Term>& terms, KeySide side) const;
    void scaleWritten(Parts& parts) const;
    void scaleRead(Parts& parts, const std::vector<Term>& terms) const;
    float rarityOf(std::uint64_t hash) const;
    void addWording(const std::vector<Word>& words, const std::vector<Term>& terms, RowVector& wording) const;
    void encodeOne(std::string_view text, KeySide side, Eigen::Ref<RowVector> key) const;

    ContentKeyTable m_table;
    int m_keySize;
    WordCutter m_cutter;
    QuestionWords m_question {m_cutter};
    std::unordered_map<std::uint64_t, int> m_index; ///< hash -> place in the table
};

/// The name by which a stem is known in the table: the same on every machine.
std::uint64_t wordHash(std::string_view stem);

/// How much a word counts that a text holds several times.
float repeatedWord(int count);

} // namespace hayloft
