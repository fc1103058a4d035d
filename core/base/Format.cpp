// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Format.h"

#include <cstdarg>
#include <cstdio>

namespace hayloft {

std::string grouped(std::int64_t value)
{
    std::string digits = std::to_string(value);
    const int first = value < 0 ? 1 : 0;
    for (int at = static_cast<int>(digits.size()) - 3; at > first; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

std::string shown(std::string_view name, std::size_t most)
{
    std::string text(name.substr(0, most));
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 32 || static_cast<unsigned char>(c) > 126)
            c = '?';
    return text + (name.size() > most ? "..." : "");
}

std::string formatted(const char* format, ...)
{
    std::va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int size = std::vsnprintf(nullptr, 0, format, arguments);
    va_end(arguments);
    std::string text(size > 0 ? static_cast<std::size_t>(size) : 0, '\0');
    std::vsnprintf(text.data(), text.size() + 1, format, again);
    va_end(again);
    return text;
}

} // namespace hayloft
