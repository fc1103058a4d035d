// SPDX-License-Identifier: GPL-3.0-or-later
// What a question asks about, apart from how it asks.
#pragma once

#include "core/text/Words.h"

#include <string>
#include <unordered_set>
#include <vector>

namespace hayloft {

/// Knows English questions; of others every word tells.
class QuestionWords {
public:
    /// @param cutter used here only
    explicit QuestionWords(const WordCutter& cutter);
    /// The words of a question without those that only ask ("what", "is", "the") and those that speak of the document
    /// itself ("mentioned in the provided text", "does this document say"). None where nothing is left.
    std::vector<Word> telling(const std::vector<Word>& words) const;

private:
    using Stems = std::unordered_set<std::string>;
    /// How many words from `first` on speak of the document.
    std::size_t pointer(const std::vector<Word>& words, std::size_t first) const;

    Stems m_asking, m_said, m_where, m_this, m_given, m_document, m_says;
};

} // namespace hayloft
