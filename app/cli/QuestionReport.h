// SPDX-License-Identifier: GPL-3.0-or-later
// Sums and prints what the answers to a file of questions were worth.
#pragma once

#include "core/recall/Scoring.h"
#include "core/recall/SweepPlan.h"

#include <filesystem>
#include <iosfwd>
#include <vector>

namespace hayloft {

/// All answers of one file.
struct QuestionTotals {
    int samples = 0;
    int correct = 0;              ///< every expected answer occurs
    int nulls = 0;                ///< empty answers
    int absent = 0;               ///< answers that hold too little of their question ("not in this text")
    int plain = 0;                ///< RULER: samples of no needle task
    std::vector<double> all;      ///< RULER: string_match_all of each, 0..1
    std::vector<double> part;     ///< RULER: string_match_part of each
    std::int64_t rowsRead = 0;
    std::int64_t tokens = 0;      ///< of all contexts
    int contextsWritten = 0;      ///< fewer than samples where one context is asked several times
};

/// What was asked, and how.
struct QuestionReport {
    bool ruler = false;
    std::filesystem::path file, out; ///< out: "" for none
    MemorySettings memory;
    int prefixTokens = 0; ///< P used
    QuestionTotals totals;
};

void printQuestions(const QuestionReport& report, std::ostream& out);
void printQuestionsJson(const QuestionReport& report, std::ostream& out); ///< one object

} // namespace hayloft
