// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/Words.h"

#include "core/base/Error.h"

#include <algorithm>
#include <cstdlib>
#include <libstemmer.h>
#include <utf8proc.h>

namespace hayloft {

namespace {

enum class Kind { Space, Letter, Digit, Paired };

struct Range {
    utf8proc_int32_t first, last;
};
/// Scripts that are cut into pairs: Hangul, kana, ideographs.
constexpr Range kPaired[] = {{0x1100, 0x11FF}, {0x3040, 0x30FF}, {0x3130, 0x318F}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
                             {0xAC00, 0xD7AF}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFF}};

Kind kindOf(utf8proc_int32_t point)
{
    if (std::any_of(std::begin(kPaired), std::end(kPaired), [&](const Range& r) { return point >= r.first && point <= r.last; }))
        return Kind::Paired;
    switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
        return Kind::Digit;
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
        return Kind::Letter;
    default:
        return Kind::Space;
    }
}

struct Character {
    std::size_t begin, end;
    Kind kind;
};

std::vector<Character> charactersOf(std::string_view text)
{
    std::vector<Character> found;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    for (std::size_t at = 0; at < text.size();) {
        utf8proc_int32_t point = -1;
        const auto size = utf8proc_iterate(bytes + at, static_cast<utf8proc_ssize_t>(text.size() - at), &point);
        const std::size_t end = at + static_cast<std::size_t>(std::max<utf8proc_ssize_t>(size, 1)); // a stray byte is no letter
        found.push_back({at, end, size > 0 ? kindOf(point) : Kind::Space});
        at = end;
    }
    return found;
}

std::string folded(std::string_view word)
{
    const bool plain = std::all_of(word.begin(), word.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (plain) {
        std::string lower(word);
        for (char& c : lower)
            c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
        return lower;
    }
    utf8proc_uint8_t* mapped = nullptr;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD
                                                        | UTF8PROC_STRIPMARK | UTF8PROC_IGNORE);
    const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(word.data()), static_cast<utf8proc_ssize_t>(word.size()),
                                   &mapped, options);
    std::string result = size > 0 ? std::string(reinterpret_cast<char*>(mapped), static_cast<std::size_t>(size)) : std::string(word);
    std::free(mapped);
    return result;
}

/// "'s", "'t": what an apostrophe leaves behind is no word.
bool isApostropheEnding(std::string_view text, const Character& first, const Character& last)
{
    if (last.end - first.begin != 1)
        return false;
    const std::string_view before = text.substr(0, first.begin);
    constexpr std::string_view curly = "\xE2\x80\x99";
    const bool apostrophe = before.size() > 1 && (before.back() == '\'' || before.substr(before.size() - std::min<std::size_t>(3, before.size())) == curly);
    return apostrophe && before.size() > (before.back() == '\'' ? 1u : 3u);
}

} // namespace

class WordCutter::Private {
public:
    sb_stemmer* stemmer = sb_stemmer_new("english", "UTF_8");
    ~Private() { sb_stemmer_delete(stemmer); }

    std::string stem(const std::string& word) const
    {
        const auto* bytes = reinterpret_cast<const sb_symbol*>(word.data());
        const sb_symbol* stemmed = sb_stemmer_stem(stemmer, bytes, static_cast<int>(word.size()));
        if (!stemmed)
            throw std::bad_alloc();
        return std::string(reinterpret_cast<const char*>(stemmed), static_cast<std::size_t>(sb_stemmer_length(stemmer)));
    }
};

WordCutter::WordCutter() : d(std::make_unique<Private>())
{
    if (!d->stemmer)
        throw Error("the English stemmer is missing", "libstemmer", "install libstemmer0d again");
}

WordCutter::~WordCutter() = default;

std::vector<Word> WordCutter::cut(std::string_view text) const
{
    const auto characters = charactersOf(text);
    std::vector<Word> words;
    for (std::size_t i = 0; i < characters.size();) {
        const Kind kind = characters[i].kind;
        if (kind == Kind::Space) {
            ++i;
            continue;
        }
        std::size_t end = i;
        bool number = false;
        for (; end < characters.size() && characters[end].kind != Kind::Space && (characters[end].kind == Kind::Paired) == (kind == Kind::Paired); ++end)
            number = number || characters[end].kind == Kind::Digit;
        if (kind == Kind::Paired) {
            for (std::size_t c = i; c < std::max(end - 1, i + 1); ++c) {
                const std::size_t last = std::min(c + 1, end - 1);
                const std::size_t from = characters[c].begin, to = characters[last].end;
                words.push_back({folded(text.substr(from, to - from)), from, to, false});
            }
        } else if (!isApostropheEnding(text, characters[i], characters[end - 1])) {
            const std::size_t from = characters[i].begin, to = characters[end - 1].end;
            const std::string word = folded(text.substr(from, to - from));
            words.push_back({number ? word : d->stem(word), from, to, number});
        }
        i = end;
    }
    return words;
}

} // namespace hayloft
