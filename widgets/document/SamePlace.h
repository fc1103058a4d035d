// SPDX-License-Identifier: GPL-3.0-or-later
// Finds a place of a text again after the text was changed in one stretch.
#pragma once

#include <string>

namespace hayloft {

/// Where a byte of the old text lies in the new one when a stretch was put in or taken out (a needle moved);
/// 0 where the texts share less than half.
std::size_t samePlace(const std::string& before, const std::string& after, std::size_t byte);

} // namespace hayloft
