// SPDX-License-Identifier: GPL-3.0-or-later
// RULER's data and prediction files (NVIDIA/RULER, scripts: data/, pred/call_api.py, eval/evaluate.py).
#pragma once

#include "core/recall/RulerText.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// One line of a validation.jsonl, of any of RULER's tasks.
struct RulerSample {
    std::int64_t line = 0;            ///< in the file, from 1: the sample's id, for `index` may come twice
    std::int64_t index = 0;           ///< running number; in newer files the first answer's place in `input`
    std::string input;                ///< the whole prompt; in older files with the answer prefix at its end
    std::vector<std::string> outputs; ///< expected, one or more
    std::int64_t length = -1;         ///< tokens, with room for the answer; -1 where it is not given
    std::string answerPrefix;         ///< "" in older files
    std::optional<std::int64_t> tokenPositionAnswer; ///< tokens before the first answer; newer files
};

/// Hands over the samples one by one, so that the file need not fit into memory.
/// @throws Error naming file and line for a damaged line, and for a file without a sample; what `visit` throws.
void visitRulerFile(const std::filesystem::path& file, const std::function<void(RulerSample&&)>& visit);
/// All samples at once. @throws Error as above.
std::vector<RulerSample> readRulerFile(const std::filesystem::path& file);

/// A sample's prompt in its parts. `wording` and `queries` are known for needle tasks only; of other tasks the last line
/// is the question and all before it the context.
struct RulerPrompt {
    std::string opening;      ///< line before the context, with a chat template's beginning if there is one
    std::string context;      ///< without the line feeds (or spaces, where RULER removed line feeds) at its ends
    std::string question;     ///< the question alone, without the answer prefix
    std::string closing;      ///< what a chat template puts after the question
    std::string answerPrefix; ///< also where an older file has it in `input`
    std::optional<RulerWording> wording;
    std::vector<std::string> queries; ///< keys asked for, in order
};
RulerPrompt splitRulerInput(const RulerSample& sample);

/// One line (without line feed) as call_api.py writes it: index, pred, input with answer prefix, outputs, others,
/// truncation, length. `others.id` is the sample's line, which evaluate.py takes for the ID of its submission.csv.
std::string rulerPredictionLine(const RulerSample& sample, std::string_view prediction);
/// Writes a file that evaluate.py reads when it is called <task>.jsonl, e.g. niah_single_1.jsonl.
/// @param predictions one for each sample
/// @throws Error when there are not as many, or when the file can't be written.
void writeRulerPredictions(const std::filesystem::path& file, std::span<const RulerSample> samples,
                           std::span<const std::string> predictions);

} // namespace hayloft
