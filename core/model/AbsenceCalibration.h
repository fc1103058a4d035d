// SPDX-License-Identifier: GPL-3.0-or-later
// When an answer counts as one, and when a question has none in the document. Internal.
#pragma once

#include "core/base/Progress.h"
#include "core/memory/ContentKeys.h"
#include "core/model/TrainingText.h"

#include <cstdint>

namespace hayloft {

/// What was found on generated questions. The shares are of questions about other stretches of the corpus than those the
/// rule comes from.
struct AbsenceCalibration {
    AbsenceRule rule;
    int present = 0;          ///< questions about a segment in the memory whose row was found first
    int absent = 0;           ///< questions about text from elsewhere
    double falseAnswers = 0;  ///< share of `absent` that is answered all the same
    double lost = 0;          ///< share of `present` that is given up
    int alike = 0;             ///< questions about a segment in the memory, but for one part of a name
    double alikeAnswers = 0;   ///< share of `alike` that is answered all the same
};

/// Fills memories with stretches of training text and asks them questions made of some of a segment's rarer words, in their
/// order, behind a question word; half of them with words that the segment lacks. A segment's text stands for the answer
/// decoded from its row. Logistic regression, then the bias that gives up just under 1% of the right answers, or lets just
/// under 2% of the absent questions be answered if that is stricter. Questions that ask for another name than the segment's
/// are only counted: there is nothing to fit in them. No needle and no scored task is used.
/// @throws Error for a corpus that is too short, Cancelled
AbsenceCalibration calibrateAbsence(const ContentKeys& keys, const Corpus& corpus, const Tokenizer& tokenizer, int maxTokens,
                                    std::uint64_t seed, const Task& task = {});

} // namespace hayloft
