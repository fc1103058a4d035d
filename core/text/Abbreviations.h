// SPDX-License-Identifier: GPL-3.0-or-later
// Full stops that do not end a sentence.
#pragma once

#include <string_view>

namespace hayloft {

/// What follows a full stop and its white space.
enum class NextWord { LowerCase, UpperCase, Digit, Other };

/// True when the full stop after `word` (no white space in it, the stop not included) belongs to the word:
/// a title, an abbreviation or an initial.
/// @param following the text after the white space, to recognise words that start a sentence
bool stopBelongsToWord(std::string_view word, NextWord next, std::string_view following);

} // namespace hayloft
