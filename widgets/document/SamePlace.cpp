// SPDX-License-Identifier: GPL-3.0-or-later
// Finds a place of a text again after the text was changed in one stretch.
#include "widgets/document/SamePlace.h"

#include <algorithm>

namespace hayloft {

std::size_t samePlace(const std::string& before, const std::string& after, std::size_t byte)
{
    // Comparing longer texts would hold up the window.
    constexpr std::size_t kLongest = std::size_t{32} << 20;
    if (std::max(before.size(), after.size()) > kLongest)
        return 0;
    const auto common = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    const auto head = static_cast<std::size_t>(common.first - before.begin());
    const std::size_t most = std::min(before.size(), after.size()) - head;
    std::size_t tail = 0;
    while (tail < most && before[before.size() - 1 - tail] == after[after.size() - 1 - tail])
        ++tail;
    if (2 * (head + tail) < after.size())
        return 0;
    if (byte <= head)
        return byte;
    return byte + tail >= before.size() ? byte + after.size() - before.size() : head;
}

} // namespace hayloft
