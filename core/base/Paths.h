// SPDX-License-Identifier: GPL-3.0-or-later
// Where the models, needles, words and sample haystacks that come with Hayloft lie.
#pragma once

#include <filesystem>
#include <string_view>

namespace hayloft {

/// Folders that may hold `models/`, `needles/`, `words/` and `sample-haystacks/`, best first: $HAYLOFT_DATA,
/// share/hayloft beside the running program's libexec, the source tree it was built from.
/// Each function returns the first place that exists, else the best place, so that an error names where it was sought.

/// The folder of a bundled model, e.g. "larimar-mini".
std::filesystem::path modelDirectory(std::string_view name);
std::filesystem::path sampleHaystacksDirectory();
/// The bundled needles, JSON Lines of {"needle","prefix","question"}.
std::filesystem::path needlesFile();
/// The folder of the word lists that RULER's keys are made of.
std::filesystem::path wordsDirectory();
/// The folder of the running program.
std::filesystem::path programDirectory();

} // namespace hayloft
