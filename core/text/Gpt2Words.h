// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-2's cut of a text into the words within which bytes are paired.
#pragma once

#include <cstddef>
#include <string_view>

namespace hayloft {

/// The end of the word that starts at byte `at` < text.size(), the first that matches:
/// 's 't 're 've 'm 'll 'd; letters, numbers, or neither nor white space, each with one space before or without;
/// white space but for its last character when something follows it; one character of white space.
/// An invalid byte counts as a mark.
std::size_t gpt2WordEnd(std::string_view text, std::size_t at);
/// The same with a space before `at`, where no white space stands.
std::size_t gpt2WordEndAfterSpace(std::string_view text, std::size_t at);

} // namespace hayloft
