// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/RulerItems.h"

#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/base/Paths.h"

#include <algorithm>
#include <array>

namespace hayloft {

namespace {

constexpr std::size_t kMaxWordList = std::size_t { 16 } << 20;
constexpr std::uint64_t kTrialShare = 16; // one text in 16 is a trial's: haystacks need far more of them
constexpr int kMostDraws = 10'000;        // all on the wrong side: (15/16)^10000, so there is none

bool isLetter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

void appendWords(const std::filesystem::path& file, std::vector<std::string>& words)
{
    const std::string text = readFile(file, kMaxWordList);
    for (std::size_t begin = 0, line = 1; begin < text.size(); ++line) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        std::string word = text.substr(begin, end - begin);
        begin = end + 1;
        if (!word.empty() && word.back() == '\r')
            word.pop_back();
        if (word.empty())
            continue;
        if (!std::all_of(word.begin(), word.end(), isLetter))
            throw Error("\"" + word + "\" is not a word of the letters a to z",
                        file.string() + ", line " + std::to_string(line), "write one word a line");
        words.push_back(std::move(word));
    }
}

void sortAndCheck(std::vector<std::string>& words, const std::filesystem::path& file)
{
    if (words.empty())
        throw Error("the word list is empty", file.string(), "write one word a line");
    std::sort(words.begin(), words.end());
    const auto twice = std::adjacent_find(words.begin(), words.end());
    if (twice != words.end())
        throw Error("the word \"" + *twice + "\" comes twice", file.string(), "remove one of them");
}

std::string drawNumber(Random& random)
{
    return std::to_string(1'000'000 + random.below(9'000'000));
}

std::string drawWords(const RulerWords& words, Random& random)
{
    if (words.adjectives.empty() || words.nouns.empty())
        throw Error("there are no words to make keys of", "RULER task", "load the word lists first");
    const std::string& adjective = words.adjectives[random.below(words.adjectives.size())];
    return adjective + "-" + words.nouns[random.below(words.nouns.size())];
}

std::string drawUuid(Random& random)
{
    // RFC 4122: version 4 in the seventh byte, variant 10 in the ninth.
    const std::array<std::uint64_t, 2> halves { (random.next() & ~0xF000ull) | 0x4000ull,
                                                (random.next() & ~(0x3ull << 62)) | (0x2ull << 62) };
    std::string text;
    for (int nibble = 0; nibble < 32; ++nibble) {
        if (nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20)
            text += '-';
        const std::uint64_t half = halves[static_cast<std::size_t>(nibble / 16)];
        text += "0123456789abcdef"[(half >> (60 - 4 * (nibble % 16))) & 0xF];
    }
    return text;
}

std::string drawAny(RulerItem item, const RulerWords& words, Random& random)
{
    switch (item) {
    case RulerItem::Numbers:
        return drawNumber(random);
    case RulerItem::Words:
        return drawWords(words, random);
    case RulerItem::Uuids:
        break;
    }
    return drawUuid(random);
}

} // namespace

RulerWords loadRulerWords(const std::filesystem::path& folder)
{
    const auto adjectives = folder / "adjectives.txt", more = folder / "adjectives-more.txt";
    const auto nouns = folder / "nouns.txt";
    RulerWords words;
    appendWords(adjectives, words.adjectives);
    if (std::filesystem::exists(more))
        appendWords(more, words.adjectives);
    appendWords(nouns, words.nouns);
    sortAndCheck(words.adjectives, adjectives);
    sortAndCheck(words.nouns, nouns);
    return words;
}

const RulerWords& bundledRulerWords()
{
    static const RulerWords words = loadRulerWords(wordsDirectory());
    return words;
}

RulerSide rulerSideOf(std::string_view text)
{
    std::uint64_t hash = 0xCBF29CE484222325ull; // FNV-1a
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3ull;
    return mixSeed(hash, 0) % kTrialShare == 0 ? RulerSide::Trial : RulerSide::Haystack; // its low bits alone are weak
}

std::string drawRulerItem(RulerItem item, RulerSide side, const RulerWords& words, Random& random)
{
    for (int draw = 0; draw < kMostDraws; ++draw) {
        std::string text = drawAny(item, words, random);
        if (rulerSideOf(text) == side)
            return text;
    }
    throw Error("the word lists are too short for RULER's keys",
                std::to_string(words.adjectives.size()) + " adjectives, " + std::to_string(words.nouns.size()) + " nouns",
                "use the lists that come with Hayloft");
}

} // namespace hayloft
