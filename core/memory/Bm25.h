// SPDX-License-Identifier: GPL-3.0-or-later
// BM25, the word search that content keys are compared with.
#pragma once

#include "core/text/Words.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hayloft {

/// How much a word counts that `in` of `all` segments have.
double bm25Rarity(double in, double all);
/// What one word of a question adds to a segment's score.
/// @param count of the word in the segment
/// @param length words of the segment / their mean
float bm25Part(double rarity, double count, float length);

/// Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75, over stems. Unlike a memory it keeps the text's words and counts them
/// over the very document that is searched. Never on an answer's path.
class Bm25 {
public:
    explicit Bm25(const std::vector<std::string>& segments);
    /// One score per segment.
    std::vector<float> scores(std::string_view question) const;

private:
    struct Posting {
        int segment, count;
    };
    WordCutter m_cutter;
    std::unordered_map<std::string, std::vector<Posting>> m_postings;
    std::vector<float> m_lengths; ///< words of each segment / their mean
};

} // namespace hayloft
