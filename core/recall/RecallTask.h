// SPDX-License-Identifier: GPL-3.0-or-later
// What is planted and what is asked: passkeys, sentence needles and RULER's needle tasks.
#pragma once

#include "core/base/Random.h"
#include "core/recall/RulerTask.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

enum class TaskKind { Passkey, Needle, Ruler };
enum class Placement { Boundary, Inside };

/// One sentence needle with the words that ask for it.
struct Needle {
    std::string text;     ///< planted sentence
    std::string prefix;   ///< its own first words
    std::string question; ///< plainly worded
};

/// A sweep's task. Texts of the passkey are those of Mohtashami & Jaggi 2023.
struct RecallTask {
    TaskKind kind = TaskKind::Passkey;
    int digits = 4;              ///< passkey only, 1..18
    std::vector<Needle> needles; ///< needle task only; a trial draws one
    Placement placement = Placement::Boundary;
    RulerTask ruler = RulerTask::NiahSingle1; ///< RULER's tasks only
    std::shared_ptr<const RulerWords> words;  ///< of RULER's keys; none: those that come with Hayloft
};

/// A text that a trial plants beside the one at the wanted depth.
struct OtherNeedle {
    std::string text;
    double depthPercent = 0; ///< wanted
    bool asked = false;      ///< holds an expected value: negative controls leave it out
};

/// One trial's planted texts and queries, drawn from its seed.
struct TrialNeedle {
    std::string text;         ///< planted at the wanted depth; always one that is asked for
    std::string openingLine;  ///< stands before the haystack ("" for sentence needles); written as segments
    std::string prefix;       ///< query with prefix keys
    std::string question;     ///< query with other keys; never written
    std::string expected;     ///< the value (passkey), the whole needle, or all values with ", " between them
    std::vector<OtherNeedle> others {};      ///< needle number i + 1 of the trial; `text` is number 0
    std::vector<std::string> values {};      ///< RULER: what is expected, each; else none
    std::vector<std::size_t> holders {};     ///< number of the needle that holds each value
    std::vector<std::string> keys {};        ///< RULER: what is asked for
    std::vector<std::string> morePrefixes {}; ///< further queries with prefix keys, one for each further key

    std::size_t needles() const { return 1 + others.size(); }
};

/// Kamradt's San Francisco needle.
Needle sanFranciscoNeedle();
/// Draws one trial's needle. Values have exactly `digits` digits and no leading zero.
TrialNeedle drawNeedle(const RecallTask& task, std::uint64_t trialSeed);
/// The passkey paper's filler text, repeated to at least `bytes`.
std::string passkeyFiller(std::size_t bytes);
/// Reads a JSON Lines file of {"needle","prefix","question"}, or {"needle","prefix","questions": [...]} for one each. @throws Error naming the line.
std::vector<Needle> loadNeedles(const std::filesystem::path& file);

TaskKind taskKindFromName(std::string_view name);   ///< "passkey", "needle", "ruler". @throws Error
std::string_view nameOf(TaskKind kind);
/// "passkey", "needle", or RULER's own name of its task: what commands and run records call it.
std::string_view nameOf(const RecallTask& task);
/// Sets what the name says and nothing else. @throws Error for an unknown one
void setTaskName(RecallTask& task, std::string_view name);
Placement placementFromName(std::string_view name); ///< "boundary", "inside". @throws Error
std::string_view nameOf(Placement placement);

} // namespace hayloft
