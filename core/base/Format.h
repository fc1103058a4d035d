// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as text for captions, tables and messages.
#pragma once

#include <cstdint>
#include <string>

namespace hayloft {

/// 1234567 -> "1,234,567", whatever the locale.
std::string grouped(std::int64_t value);
/// snprintf into a string.
[[gnu::format(printf, 1, 2)]] std::string formatted(const char* format, ...);

} // namespace hayloft
