// SPDX-License-Identifier: GPL-3.0-or-later
// Keys and values of RULER's needle tasks: the word lists and seeded draws.
#pragma once

#include "core/base/Random.h"
#include "core/recall/RulerText.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// The words of `adjective-noun` keys; sorted, letters only, none twice.
struct RulerWords {
    std::vector<std::string> adjectives;
    std::vector<std::string> nouns;
};
/// Reads adjectives.txt, adjectives-more.txt (if it is there) and nouns.txt, one word a line.
/// @throws Error for a missing file, an empty list, anything but ASCII letters, a word that comes twice.
RulerWords loadRulerWords(const std::filesystem::path& folder);
/// The lists that come with Hayloft, read once. Any thread. @throws Error
const RulerWords& bundledRulerWords();

/// Every text belongs to one of two sides, by its hash alone: trials draw their keys and values from the one, haystacks
/// of needles from the other. So no distractor can hold a trial's key or value, whatever the two seeds are.
enum class RulerSide { Trial, Haystack };
RulerSide rulerSideOf(std::string_view text);

/// Draws one key or value of that side. @throws Error when the word lists are so short that none turns up.
std::string drawRulerItem(RulerItem item, RulerSide side, const RulerWords& words, Random& random);

} // namespace hayloft
