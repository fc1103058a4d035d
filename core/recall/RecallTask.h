// SPDX-License-Identifier: GPL-3.0-or-later
// What is planted and what is asked: passkeys and sentence needles.
#pragma once

#include "core/base/Random.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

enum class TaskKind { Passkey, Needle };
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
};

/// One trial's planted text and query, drawn from its seed.
struct TrialNeedle {
    std::string text;         ///< planted at the wanted depth
    std::string openingLine;  ///< stands before the haystack ("" for sentence needles); written as segments
    std::string prefix;       ///< query with prefix keys
    std::string question;     ///< query with whole keys; never written
    std::string expected;     ///< the value (passkey) or the whole needle
};

/// Kamradt's San Francisco needle.
Needle sanFranciscoNeedle();
/// Draws one trial's needle. Values have exactly `digits` digits and no leading zero.
TrialNeedle drawNeedle(const RecallTask& task, std::uint64_t trialSeed);
/// The passkey paper's filler text, repeated to at least `bytes`.
std::string passkeyFiller(std::size_t bytes);
/// Reads a JSON Lines file of {"needle","prefix","question"}, or {"needle","prefix","questions": [...]} for one each. @throws Error naming the line.
std::vector<Needle> loadNeedles(const std::filesystem::path& file);

TaskKind taskKindFromName(std::string_view name);   ///< "passkey", "needle". @throws Error
std::string_view nameOf(TaskKind kind);
Placement placementFromName(std::string_view name); ///< "boundary", "inside". @throws Error
std::string_view nameOf(Placement placement);

} // namespace hayloft
