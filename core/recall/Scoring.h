// SPDX-License-Identifier: GPL-3.0-or-later
// Scores of one answer and statistics of many.
#pragma once

#include "core/recall/RecallTask.h"

#include <string_view>

namespace hayloft {

struct Score {
    bool correct = false;      ///< passkey: first whole run of digits of the continuation equals the value;
                               ///< needle: it, or its ending after the prefix, occurs in the answer, white space folded;
                               ///< RULER: every expected value occurs in it
    double digitAccuracy = 0;  ///< passkey: share of the value's digits right by position, 0..1
    double rougeL = 0;         ///< ROUGE-L F1 on words against the expected text, 0..1
    double ruler = 0;          ///< RULER's tasks: rulerScore, the share of the values found, 0..1
};

/// The answer's continuation: what follows `prefix` when the answer begins with it, else the whole answer.
std::string_view continuationAfter(std::string_view answer, std::string_view prefix);
Score scoreAnswer(const RecallTask& task, const TrialNeedle& needle, std::string_view answer);
/// Whether a decoded text claims, right or wrong, a value for a key that was asked for: it holds the key, and beside it
/// something of the kind that the task's values are of (a 7-digit number, two words, a UUID).
bool claimsRulerValue(const RecallTask& task, const TrialNeedle& needle, std::string_view decoded);
/// ROUGE-L F1 on white-space words, case kept, 0..1.
double rougeL(std::string_view candidate, std::string_view reference);

struct Interval {
    double low = 0, high = 1;
};
/// Wilson score interval of hits/trials (z = 1.959964 for 95%); [0, 1] for no trials.
Interval wilson(int hits, int trials, double z = 1.959963984540054);
/// The same for the mean of scores between 0 and 1; too wide rather than too narrow, for a score that is only 0 or 1
/// varies most.
Interval wilsonOfMean(double mean, int trials, double z = 1.959963984540054);

} // namespace hayloft
