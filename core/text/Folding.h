// SPDX-License-Identifier: GPL-3.0-or-later
// Texts made alike for comparing them.
#pragma once

#include <string>
#include <string_view>

namespace hayloft {

/// Unicode case folding, one form of composed characters, and every run of white space as one space, none at the ends.
/// Bytes that are no UTF-8 count as U+FFFD.
std::string foldedText(std::string_view text);

} // namespace hayloft
