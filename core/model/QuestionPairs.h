// SPDX-License-Identifier: GPL-3.0-or-later
// Question-like edits of training segments: what content keys learn from. Internal.
#pragma once

#include "core/base/Random.h"
#include "core/model/ContentVocabulary.h"

#include <vector>

namespace hayloft {

/// A made-up question and what answers it, as rows of meanings.
struct QuestionPair {
    std::vector<int> question, segment;
};

/// No template and no needle: a question is some of a segment's rarer words, most of them replaced by words that WordNet
/// relates to them or by words of their definitions, shuffled in with question words. Some pairs are a definition and its
/// word, some are two neighbouring segments. Without WordNet, words are only left out. The same seed gives the same pairs.
class QuestionPairs {
public:
    /// @param wordNet may be null
    QuestionPairs(const ContentVocabulary& vocabulary, const WordNet* wordNet, std::uint64_t seed);
    QuestionPair next();

private:
    QuestionPair edited();
    QuestionPair defined();
    QuestionPair neighbours();
    std::vector<int> rarerWords(const std::vector<int>& segment);
    void replace(int word, std::vector<int>& question);
    int related(int word);
    const std::vector<int>& longSegment();

    struct Choices {
        std::vector<int> words;
        std::vector<float> upTo; ///< cumulated weights
    };
    struct Definition {
        std::vector<int> words, definition;
        std::vector<std::vector<int>> examples;
    };
    const ContentVocabulary& m_vocabulary;
    Random m_random;
    std::vector<Choices> m_related;           ///< by row
    std::vector<std::vector<int>> m_definedBy; ///< by row: places in m_definitions, commonest word lists first
    std::vector<Definition> m_definitions;
    std::vector<std::vector<int>> m_openings; ///< question words
};

} // namespace hayloft
