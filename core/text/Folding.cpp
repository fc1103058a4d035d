// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/Folding.h"

#include "core/text/Utf8.h"

#include <cstdlib>
#include <utf8proc.h>

namespace hayloft {

namespace {

std::string foldedSpace(std::string_view text)
{
    std::string folded;
    bool space = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto point = utf8::codePointAt(text, at);
        if (utf8::isSpace(point.value)) {
            space = !folded.empty();
        } else {
            folded.append(space ? " " : "").append(text.substr(at, point.size));
            space = false;
        }
        at += point.size;
    }
    return folded;
}

} // namespace

std::string foldedText(std::string_view text)
{
    const std::string valid = utf8::repaired(text);
    utf8proc_uint8_t* mapped = nullptr;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()), static_cast<utf8proc_ssize_t>(valid.size()),
                                   &mapped, options);
    const std::string folded = size > 0 ? std::string(reinterpret_cast<char*>(mapped), static_cast<std::size_t>(size)) : valid;
    std::free(mapped);
    return foldedSpace(folded);
}

} // namespace hayloft
