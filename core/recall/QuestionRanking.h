// SPDX-License-Identifier: GPL-3.0-or-later
// Which row a question finds first, among a haystack and many planted facts at once: keys alone, without decoding.
#pragma once

#include "core/model/LatentModel.h"
#include "core/recall/RecallTask.h"
#include "core/recall/Scoring.h"
#include "core/text/Segmenter.h"

#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// How one kind of search ranks the facts that the questions ask for.
struct RankingRow {
    std::string search;      ///< "content", "floor", "bm25"
    int questions = 0;
    int first = 0;           ///< the fact's segment is the nearest of all
    int amongTen = 0;
    double medianRank = 0;   ///< 1 = first
    double meanReciprocal = 0;
    Interval ci95;           ///< of `first`, Wilson
};

/// Every needle's text is planted between segments of the haystack; a needle that is cut counts when any of its segments
/// is found. Needles of the same text are planted once.
/// @throws Error when the model has no content keys or a needle has no question; Cancelled
std::vector<RankingRow> rankQuestions(const LatentModel& model, std::string_view haystack, const std::vector<Needle>& needles,
                                      const SegmenterOptions& segmenter, const Task& task = {});

} // namespace hayloft
