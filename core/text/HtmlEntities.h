// SPDX-License-Identifier: GPL-3.0-or-later
// Character references of HTML.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hayloft {

/// Appends the character that the reference at `at` (an '&') stands for, and returns the bytes it took; an unknown
/// reference appends the '&' and takes 1.
std::size_t appendEntity(std::string_view html, std::size_t at, std::string& out);

} // namespace hayloft
