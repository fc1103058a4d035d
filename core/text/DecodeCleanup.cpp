// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/DecodeCleanup.h"

#include <array>
#include <utility>

namespace hayloft {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kReplacements
    = { { { " .", "." }, { " ?", "?" }, { " !", "!" }, { " ,", "," }, { " ' ", "'" }, { " n't", "n't" },
        { " 'm", "'m" }, { " do not", " don't" }, { " 's", "'s" }, { " 've", "'ve" }, { " 're", "'re" } } };

std::string replaced(std::string_view text, std::string_view from, std::string_view to)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t found; (found = text.find(from)) != std::string_view::npos;) {
        out += text.substr(0, found);
        out += to;
        text.remove_prefix(found + from.size());
    }
    out += text;
    return out;
}

} // namespace

std::string cleanedUp(std::string_view text)
{
    std::string out(text);
    for (const auto& [from, to] : kReplacements)
        out = replaced(out, from, to);
    return out;
}

} // namespace hayloft
