// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as text for captions, tables and messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hayloft {

/// 1234567 -> "1,234,567", whatever the locale.
std::string grouped(std::int64_t value);
/// A name out of a file that nobody vouches for, for messages: ASCII, on one line, at most `most` bytes and "...".
std::string shown(std::string_view name, std::size_t most = 120);
/// snprintf into a string.
[[gnu::format(printf, 1, 2)]] std::string formatted(const char* format, ...);

} // namespace hayloft
