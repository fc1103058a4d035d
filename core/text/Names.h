// SPDX-License-Identifier: GPL-3.0-or-later
// Names that cannot be put in other words: joined words, codes, numbers.
#pragma once

#include "core/text/Words.h"

#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// Words [first, end) of a text that are one name.
struct Name {
    std::size_t first = 0, end = 0;
    std::string stems; ///< of its parts, in order, one blank between
};

/// Words joined by a hyphen, an underscore or an @ ("amber-lantern", a UUID), words with letters and digits ("8f3a", but no
/// "2nd"), numbers of three digits and more, "1,000" too (a short one may be spelled out elsewhere).
/// @param words of the text, as WordCutter cuts it
std::vector<Name> namesIn(std::string_view text, const std::vector<Word>& words);

/// Whether a text holds the name: its parts in order, joined, apart or closed up. A text that was cut inside a name may
/// begin with the name's last parts or end with its first.
bool holdsName(std::string_view text, const std::vector<Word>& words, const std::string& stems);

} // namespace hayloft
