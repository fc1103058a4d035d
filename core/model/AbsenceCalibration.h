// SPDX-License-Identifier: GPL-3.0-or-later
// From which distance on a question's nearest row holds no answer. Internal.
#pragma once

#include "core/base/Progress.h"
#include "core/memory/ContentKeys.h"
#include "core/model/TrainingText.h"

#include <cstdint>

namespace hayloft {

/// What was found on generated questions, half of them about segments that are in the memory.
struct AbsenceCalibration {
    float distance = 0;       ///< nearest rows further away answer nothing
    int questions = 0;        ///< of each half
    double falseAnswers = 0;  ///< share of questions about other text whose nearest row is nearer
    double lost = 0;          ///< share of right rows that are further away
};

/// Fills a memory with a stretch of training text and asks it questions made of some of a segment's rarer words, in their
/// order, behind a question word. The greatest distance with at most 2% false answers. No needle and no scored task is
/// used. @throws Error for a corpus that is too short, Cancelled
AbsenceCalibration calibrateAbsence(const ContentKeys& keys, const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens,
                                    std::uint64_t seed, const Task& task = {});

} // namespace hayloft
