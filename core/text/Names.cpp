// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/Names.h"

#include <algorithm>

namespace hayloft {

namespace {

constexpr std::size_t kDigits = 3;
constexpr std::string_view kJoiners[] = {"-", "_", "@", "\u2010", "\u2011"};

bool isDigits(const Word& word)
{
    return std::all_of(word.stem.begin(), word.stem.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool isCode(const Word& word)
{
    constexpr std::string_view kOrdinals[] = {"st", "nd", "rd", "th"};
    const std::size_t digits = std::min(word.stem.find_first_not_of("0123456789"), word.stem.size());
    const bool ordinal = digits > 0 && std::find(std::begin(kOrdinals), std::end(kOrdinals), word.stem.substr(digits)) != std::end(kOrdinals);
    return word.number && !ordinal && (word.stem.size() >= kDigits || !isDigits(word));
}

/// @param edge what a text has before its first word or after its last
bool isCut(std::string_view edge)
{
    return edge.find_first_not_of(' ') == std::string_view::npos || std::find(std::begin(kJoiners), std::end(kJoiners), edge) != std::end(kJoiners);
}

bool areJoined(std::string_view text, const Word& left, const Word& right)
{
    if (right.begin <= left.end)
        return false;
    const std::string_view between = text.substr(left.end, right.begin - left.end);
    const bool inNumber = (between == "," || between == ".") && isDigits(left) && isDigits(right);
    return inNumber || std::find(std::begin(kJoiners), std::end(kJoiners), between) != std::end(kJoiners);
}

/// Where the run of joined words that begins here ends.
std::size_t endOfRun(std::string_view text, const std::vector<Word>& words, std::size_t begin)
{
    std::size_t end = begin + 1;
    while (end < words.size() && areJoined(text, words[end - 1], words[end]))
        ++end;
    return end;
}

std::string joined(const std::vector<Word>& words, std::size_t begin, std::size_t end)
{
    std::string parts;
    for (std::size_t i = begin; i < end; ++i)
        parts += (i > begin ? " " : "") + words[i].stem;
    return parts;
}

/// "to day" and "today", "1 000" and "1000" are one.
std::string closed(std::string name)
{
    std::erase(name, ' ');
    return name;
}

} // namespace

std::vector<Name> namesIn(std::string_view text, const std::vector<Word>& words)
{
    std::vector<Name> names;
    for (std::size_t begin = 0, end = 0; begin < words.size(); begin = end) {
        end = endOfRun(text, words, begin);
        if (end - begin > 1 || isCode(words[begin]))
            names.push_back({begin, end, joined(words, begin, end)});
    }
    return names;
}

bool holdsName(std::string_view text, const std::vector<Word>& words, const std::string& stems)
{
    const std::string held = " " + joined(words, 0, words.size()) + " ";
    if (held.find(" " + stems + " ") != std::string::npos)
        return true;
    const std::string whole = closed(stems);
    for (std::size_t begin = 0, end = 0; begin < words.size(); begin = end) {
        end = endOfRun(text, words, begin);
        if (closed(joined(words, begin, end)) == whole)
            return true;
    }
    // A sentence that begins or ends was not cut there.
    const bool begins = !words.empty() && text[words.front().begin] >= 'A' && text[words.front().begin] <= 'Z';
    const bool cutBefore = words.empty() || (!begins && isCut(text.substr(0, words.front().begin))), cutAfter = words.empty() || isCut(text.substr(words.back().end));
    for (std::size_t blank = stems.find(' '); blank != std::string::npos; blank = stems.find(' ', blank + 1))
        if ((cutAfter && held.ends_with(" " + stems.substr(0, blank + 1))) || (cutBefore && held.starts_with(stems.substr(blank) + " ")))
            return true;
    return false;
}

} // namespace hayloft
