// SPDX-License-Identifier: GPL-3.0-or-later
// RULER's eight needle tasks (NVIDIA/RULER, scripts/synthetic.yaml): what a trial plants, asks and expects.
#pragma once

#include "core/recall/RulerItems.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

enum class RulerTask {
    NiahSingle1, NiahSingle2, NiahSingle3, NiahMultikey1, NiahMultikey2, NiahMultikey3, NiahMultivalue, NiahMultiquery
};
inline constexpr std::array kRulerTasks { RulerTask::NiahSingle1, RulerTask::NiahSingle2, RulerTask::NiahSingle3,
                                          RulerTask::NiahMultikey1, RulerTask::NiahMultikey2, RulerTask::NiahMultikey3,
                                          RulerTask::NiahMultivalue, RulerTask::NiahMultiquery };
std::string_view nameOf(RulerTask task);             ///< RULER's own: "niah_single_1" ... "niah_multiquery"
RulerTask rulerTaskFromName(std::string_view name);  ///< @throws Error naming the eight

/// One sentence again and again; the user's document (RULER: essays); other needles.
enum class RulerHaystack { Noise, Essay, Needles };

/// A task's row in RULER's table.
struct RulerForm {
    RulerHaystack haystack = RulerHaystack::Essay;
    RulerItem key = RulerItem::Words;
    RulerItem value = RulerItem::Numbers;
    int keys = 1;    ///< planted
    int values = 1;  ///< planted for each key
    int queries = 1; ///< keys asked for, at most `keys`

    RulerWording wording() const { return { value, values * queries == 1 }; }
    int needles() const { return keys * values; }
};
RulerForm formOf(RulerTask task);

/// One trial's planted lines, prompt and references, drawn from its seed.
struct RulerTrial {
    std::vector<std::string> needles;  ///< lines to plant; needles[0] holds an expected value, its depth is the sweep's
    std::vector<double> depths;        ///< percent, 0..100: depths[i] is that of needles[i + 1]; no two are the same
    std::string opening;               ///< line before the context
    std::string question;              ///< line after it
    std::string answerPrefix;          ///< follows the question on the same line; begins with a space
    std::vector<std::string> queries;  ///< keys asked for, in the question's order; no two are the same
    std::vector<std::string> expected; ///< values, in the order of the queries; no two are the same
    std::vector<std::size_t> holders;  ///< needles[holders[i]] holds expected[i]
};

/// Draws one trial. The same task, words and seed give the same trial on every machine. Unlike in RULER a trial's keys
/// differ from one another and its values too, and the order of the queries says nothing about the order of depths.
/// Depths are RULER's for essays: 40 round percents from 0 to 100, without replacement.
/// @throws Error when `words` are too few and the task needs them.
RulerTrial drawRulerTrial(RulerTask task, const RulerWords& words, std::uint64_t trialSeed);

/// A haystack of `lines` lines, separated by line feeds: the noise sentences, or distractor needles with a key of its
/// own each, none of which any trial can draw as key or value. `seed` and `words` don't matter to noise.
/// @throws Error for a task that hides its needles in essays, and when there are fewer keys than lines.
std::string rulerHaystackText(RulerTask task, const RulerWords& words, std::uint64_t seed, std::size_t lines);

} // namespace hayloft
