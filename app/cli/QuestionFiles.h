// SPDX-License-Identifier: GPL-3.0-or-later
// The part of hayloft-cli query that answers whole files of questions: RULER's, or the user's own.
#pragma once

#include "app/cli/Options.h"

namespace hayloft {

/// --ruler, --questions, --out, and what `query` has for them too.
struct QuestionFileSettings {
    std::filesystem::path ruler, questions, out;
    std::uint64_t seed = 1;
    bool json = false;
    SegmenterChoice segmenter;
    MemoryChoice memory;
    ModelOptions model;

    bool given() const { return !ruler.empty() || !questions.empty(); }
};

/// Answers every question of the file, each from a memory of its own context, and prints the scores. @throws Error, Cancelled
void answerQuestionFile(const QuestionFileSettings& settings, const CliContext& context);

} // namespace hayloft
