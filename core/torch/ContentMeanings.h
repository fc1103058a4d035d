// SPDX-License-Identifier: GPL-3.0-or-later
// What training finds for content keys: the vectors of meaning, how much each word counts, and the losses they learn from.
#pragma once

#include "core/model/QuestionPairs.h"
#include "core/model/TeacherTexts.h"

#include <torch/torch.h>

#include <utility>
#include <vector>

namespace hayloft {

/// A text's words, each once, by row of meanings, with how much it counts (repeatedWord).
std::vector<std::pair<int, float>> countedWords(std::vector<int> rows);

/// One vector and two weights a word, the pivot, and how sharply scores are told apart.
class ContentMeanings {
public:
    /// Drawn vectors of D numbers.
    explicit ContentMeanings(const ContentVocabulary& vocabulary);
    /// Vectors of words that a teacher judged alone start there.
    ContentMeanings(const ContentVocabulary& vocabulary, const TeacherTexts& teacher);

    const torch::Tensor& vectors() const { return m_vectors; }
    /// All parameters but the vectors.
    std::vector<torch::Tensor> weights() const { return {m_read, m_write, m_pivot, m_sharpness}; }
    /// InfoNCE: each question against all segments of the batch, and the other way. Nats.
    torch::Tensor loss(const std::vector<QuestionPair>& pairs) const;
    /// How far the texts' sums are from the teacher's vectors, and from being as alike as these are. @param vectors batch x D
    torch::Tensor loss(const std::vector<std::vector<int>>& texts, const torch::Tensor& vectors) const;
    void fill(ContentKeyTable& table) const;

private:
    void makeTrainable();
    /// Weighted sums, n x D.
    torch::Tensor sums(const std::vector<const std::vector<int>*>& texts, const torch::Tensor& logWeights) const;

    torch::Tensor m_vectors, m_read, m_write; ///< weights as logarithms
    torch::Tensor m_pivot, m_sharpness;       ///< logarithms
    bool m_taught = false;
};

} // namespace hayloft
