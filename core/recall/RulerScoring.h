// SPDX-License-Identifier: GPL-3.0-or-later
// RULER's score of its needle tasks, string_match_all (NVIDIA/RULER, scripts/eval: evaluate.py, synthetic/constants.py).
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace hayloft {

/// What RULER scores: white space stripped at both ends, control characters (U+0000..U+001F) turned to line feeds. An
/// empty result is what RULER counts as a "null".
std::string rulerPostprocessed(std::string_view answer);
/// The share of the expected texts that the answer contains after postprocessing, 0..1; letters A to Z match in either
/// case. 0 when nothing is expected.
double rulerScore(std::span<const std::string> expected, std::string_view answer);
/// The mean of scores in 0..1 as RULER prints it: times 100, rounded to two decimals. 0 for none.
double rulerMean(std::span<const double> scores);

} // namespace hayloft
