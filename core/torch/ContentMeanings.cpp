// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/ContentMeanings.h"

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

constexpr std::int64_t kMeaningSize = 256; ///< D without a teacher
// Of questions written for development, and of look-alikes: a greater share or pivot finds more of the former and less of the latter.
constexpr float kMeaningShare = 3.0f, kTaughtMeaningShare = 17.0f;
constexpr float kTaughtPivot = 0.8f; ///< no loss of a teacher's knows the pivot, and that of pairs alone would have none
constexpr float kTaughtShare = 2e-3f; ///< of segments: rarer words start to count in full, others the less (Arora et al. 2017)
constexpr double kTeacherSharpness = 20; ///< 1 / temperature of likenesses

torch::Tensor unit(const torch::Tensor& rows)
{
    return rows / (rows.square().sum(1, true) + 1e-6).sqrt();
}

/// Each row's likeness to all others, as shares of all; its own left out.
torch::Tensor logLikeness(const torch::Tensor& rows)
{
    const auto itself = torch::eye(rows.size(0), torch::kBool);
    return (rows.mm(rows.t()) * kTeacherSharpness).masked_fill(itself, -1e4).log_softmax(1);
}

} // namespace

std::vector<std::pair<int, float>> countedWords(std::vector<int> rows)
{
    std::sort(rows.begin(), rows.end());
    std::vector<std::pair<int, float>> counted;
    for (std::size_t i = 0, next = 0; i < rows.size(); i = next) {
        next = static_cast<std::size_t>(std::upper_bound(rows.begin() + static_cast<std::ptrdiff_t>(i), rows.end(), rows[i]) - rows.begin());
        counted.emplace_back(rows[i], repeatedWord(static_cast<int>(next - i)));
    }
    return counted;
}

ContentMeanings::ContentMeanings(const ContentVocabulary& vocabulary)
    : m_vectors(torch::randn({vocabulary.meanings(), kMeaningSize}) / std::sqrt(static_cast<double>(kMeaningSize)))
{
    auto rarity = torch::empty({vocabulary.meanings()});
    for (int row = 0; row < vocabulary.meanings(); ++row)
        rarity[row] = std::max(0.02f, vocabulary.rarityOfRow(row));
    m_read = rarity.log() * 0.75;
    m_pivot = torch::zeros({});
    makeTrainable();
}

ContentMeanings::ContentMeanings(const ContentVocabulary& vocabulary, const TeacherTexts& teacher) : m_taught(true)
{
    const Index size = teacher.vectors.cols();
    Matrix vectors = Matrix::Zero(vocabulary.meanings(), size);
    const WordCutter cutter;
    for (std::size_t i = 0; i < teacher.texts.size(); ++i) {
        const auto words = cutter.cut(teacher.texts[i]);
        const int row = words.size() == 1 ? vocabulary.rowOf(words[0].stem) : -1;
        if (row >= 0)
            vectors.row(row) += teacher.vectors.row(static_cast<Index>(i));
    }
    Random random(7); // words that the teacher was not asked about
    for (Index row = 0; row < vectors.rows(); ++row) {
        if (vectors.row(row).squaredNorm() == 0)
            for (Index c = 0; c < size; ++c)
                vectors(row, c) = static_cast<float>(random.normal());
        vectors.row(row).normalize();
    }
    m_vectors = torch::from_blob(vectors.data(), {vectors.rows(), size}).clone();
    m_read = torch::empty({vocabulary.meanings()});
    for (int row = 0; row < vocabulary.meanings(); ++row)
        m_read[row] = std::log(kTaughtShare / (kTaughtShare + vocabulary.shareOfRow(row)));
    m_pivot = torch::zeros({});
    makeTrainable();
}

void ContentMeanings::makeTrainable()
{
    m_write = m_read.clone();
    m_sharpness = torch::full({}, std::log(12.0));
    for (auto* tensor : {&m_vectors, &m_read, &m_write, &m_pivot, &m_sharpness})
        tensor->set_requires_grad(true);
}

torch::Tensor ContentMeanings::sums(const std::vector<const std::vector<int>*>& texts, const torch::Tensor& logWeights) const
{
    std::vector<std::int64_t> rows, begins;
    std::vector<float> counts;
    for (const auto* words : texts) {
        begins.push_back(static_cast<std::int64_t>(rows.size()));
        for (const auto& [row, counted] : countedWords(*words)) {
            rows.push_back(row);
            counts.push_back(counted);
        }
    }
    const auto index = torch::tensor(rows, torch::kLong);
    const auto weights = logWeights.index_select(0, index).exp() * torch::tensor(counts);
    return std::get<0>(torch::embedding_bag(m_vectors, index, torch::tensor(begins, torch::kLong), false, 0, false, weights));
}

torch::Tensor ContentMeanings::loss(const std::vector<QuestionPair>& pairs) const
{
    std::vector<const std::vector<int>*> asked, held;
    for (const auto& pair : pairs) {
        asked.push_back(&pair.question);
        held.push_back(&pair.segment);
    }
    const auto segments = sums(held, m_write);
    const auto scores = unit(sums(asked, m_read)).mm((segments / (segments.square().sum(1, true) + (2 * m_pivot).exp()).sqrt()).t()) * m_sharpness.exp();
    const auto right = torch::arange(scores.size(0));
    return (torch::cross_entropy_loss(scores, right) + torch::cross_entropy_loss(scores.t(), right)) / 2;
}

torch::Tensor ContentMeanings::loss(const std::vector<std::vector<int>>& texts, const torch::Tensor& vectors) const
{
    constexpr double kOwn = 0.2;
    std::vector<const std::vector<int>*> words;
    for (const auto& text : texts)
        words.push_back(&text);
    const auto alike = logLikeness(vectors);
    const auto own = unit(sums(words, (m_read + m_write) / 2)); // both sides learn alike
    const auto direction = 1 - (own * vectors).sum(1).mean();
    const auto likeness = (alike.exp() * (alike - logLikeness(own))).sum(1).mean();
    const auto found = torch::cross_entropy_loss(own.mm(vectors.t()) * kTeacherSharpness, torch::arange(own.size(0)));
    return direction + likeness + kOwn * found;
}

void ContentMeanings::fill(ContentKeyTable& table) const
{
    const auto vectors = m_vectors.detach().contiguous();
    table.meanings = Eigen::Map<const Matrix>(vectors.data_ptr<float>(), vectors.size(0), vectors.size(1));
    const auto floats = [](const torch::Tensor& logs) {
        const auto values = logs.detach().exp().contiguous();
        return std::vector<float>(values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
    };
    table.readWeight = floats(m_read);
    table.writeWeight = floats(m_write);
    table.meaningPivot = m_taught ? kTaughtPivot : m_pivot.detach().exp().item<float>();
    table.meaningShare = m_taught ? kTaughtMeaningShare : kMeaningShare;
}

} // namespace hayloft
