// SPDX-License-Identifier: GPL-3.0-or-later
// Common English abbreviations, by what may follow them.
#include "core/text/Abbreviations.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace hayloft {
namespace {

// A name or an explanation always follows.
constexpr std::array<std::string_view, 54> kNeverLast = { "mr", "mrs", "ms", "dr", "prof", "st", "messrs", "mme",
    "mlle", "gen", "col", "maj", "capt", "cpt", "lt", "sgt", "rev", "hon", "gov", "sen", "rep", "pres", "fr", "supt",
    "cmdr", "adm", "brig", "e.g", "eg", "i.e", "ie", "cf", "vs", "viz", "mt", "mssrs", "herr", "bros", "incl", "resp",
    "esp", "approx", "ca", "c.f", "v.s", "trans", "repr", "hrsg", "bzw", "z.b", "d.h", "u.a", "sra", "srta" };
// Belong to a number that follows.
constexpr std::array<std::string_view, 20> kBeforeNumber = { "no", "nos", "nr", "vol", "vols", "p", "pp", "fig", "figs",
    "eq", "eqs", "sec", "secs", "ch", "art", "par", "col", "op", "bk", "ver" };
// End a sentence only when a capital follows.
constexpr std::array<std::string_view, 34> kMaybeLast = { "etc", "inc", "ltd", "co", "corp", "jr", "sr", "jan", "feb",
    "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "dept", "est", "min", "max", "ave", "blvd",
    "univ", "assn", "orig", "ibid", "ext", "al", "ed", "eds", "ft" };
// After a dotted word such as "U.S." these start a new sentence; another capital continues a name ("U.S. Army").
constexpr std::array<std::string_view, 34> kStarters = { "the", "a", "an", "he", "she", "it", "they", "we", "you", "i",
    "this", "that", "these", "those", "there", "in", "on", "at", "but", "and", "so", "if", "when", "while", "as", "for",
    "after", "before", "his", "her", "their", "its", "then", "however" };

template <std::size_t N> bool contains(const std::array<std::string_view, N>& words, std::string_view word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string lowered(std::string_view word)
{
    std::string out(word);
    std::transform(
        out.begin(), out.end(), out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

bool isLetter(char c)
{
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

/// "U.S", "a.m", "Ph.D", "J.R.R": short groups of letters with stops between them.
bool isDotted(std::string_view word)
{
    std::size_t group = 0;
    bool stop = false;
    for (const char c : word) {
        if (c == '.') {
            if (group == 0 || group > 2)
                return false;
            group = 0;
            stop = true;
        } else if (isLetter(c)) {
            ++group;
        } else {
            return false;
        }
    }
    return stop && group >= 1 && group <= 2;
}

bool startsSentence(std::string_view following)
{
    std::size_t end = 0;
    while (end < following.size() && end < 10 && isLetter(following[end]))
        ++end;
    return contains(kStarters, lowered(following.substr(0, end)));
}

} // namespace

bool stopBelongsToWord(std::string_view word, NextWord next, std::string_view following)
{
    if (word.empty() || word.size() > 12)
        return false;
    const std::string lower = lowered(word);
    if (contains(kNeverLast, lower))
        return true;
    if (contains(kBeforeNumber, lower))
        return next == NextWord::Digit;
    if (contains(kMaybeLast, lower))
        return next == NextWord::LowerCase || next == NextWord::Digit;
    if (isDotted(word))
        return next == NextWord::LowerCase || next == NextWord::Digit
            || (next == NextWord::UpperCase && !startsSentence(following));
    // One capital is an initial ("J. Smith"), but "It was I. Then" is not.
    if (word.size() == 1 && std::isupper(static_cast<unsigned char>(word[0])))
        return next != NextWord::Other && (word[0] != 'I' || next == NextWord::LowerCase) && !startsSentence(following);
    return false;
}

} // namespace hayloft
