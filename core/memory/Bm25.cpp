// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory/Bm25.h"

#include <cmath>
#include <set>

namespace hayloft {

namespace {

constexpr double kSaturation = 1.2, kLengthShare = 0.75;

} // namespace

double bm25Rarity(double in, double all)
{
    return std::log(1 + (all - in + 0.5) / (in + 0.5));
}

float bm25Part(double rarity, double count, float length)
{
    return static_cast<float>(rarity * count * (kSaturation + 1)
                              / (count + kSaturation * (1 - kLengthShare + kLengthShare * static_cast<double>(length))));
}

Bm25::Bm25(const std::vector<std::string>& segments)
{
    double words = 0;
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const auto cut = m_cutter.cut(segments[i]);
        for (const Word& word : cut) {
            auto& postings = m_postings[word.stem];
            if (postings.empty() || postings.back().segment != static_cast<int>(i))
                postings.push_back({static_cast<int>(i), 0});
            ++postings.back().count;
        }
        m_lengths.push_back(static_cast<float>(cut.size()));
        words += static_cast<double>(cut.size());
    }
    for (float& length : m_lengths)
        length *= words > 0 ? static_cast<float>(static_cast<double>(segments.size()) / words) : 0.0f;
}

std::vector<float> Bm25::scores(std::string_view question) const
{
    std::vector<float> result(m_lengths.size(), 0.0f);
    std::set<std::string> asked;
    for (const Word& word : m_cutter.cut(question)) {
        const auto found = m_postings.find(word.stem);
        if (found == m_postings.end() || !asked.insert(word.stem).second)
            continue;
        const double rarity = bm25Rarity(static_cast<double>(found->second.size()), static_cast<double>(m_lengths.size()));
        for (const Posting& posting : found->second) {
            const auto place = static_cast<std::size_t>(posting.segment);
            result[place] += bm25Part(rarity, posting.count, m_lengths[place]);
        }
    }
    return result;
}

} // namespace hayloft
