// SPDX-License-Identifier: GPL-3.0-or-later
// ASCII white space, as the rules about answers and queries see it.
#pragma once

#include <string_view>
#include <vector>

namespace hayloft {

inline bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Without the white space around it.
inline std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

/// The runs between white space.
std::vector<std::string_view> wordsBetweenSpaces(std::string_view text);

} // namespace hayloft
