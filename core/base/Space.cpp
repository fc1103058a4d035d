// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Space.h"

namespace hayloft {

std::vector<std::string_view> wordsBetweenSpaces(std::string_view text)
{
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < text.size();) {
        while (i < text.size() && isSpace(text[i]))
            ++i;
        const std::size_t begin = i;
        while (i < text.size() && !isSpace(text[i]))
            ++i;
        if (i > begin)
            words.push_back(text.substr(begin, i - begin));
    }
    return words;
}

} // namespace hayloft
