// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/Gpt2Words.h"

#include "core/text/UnicodeClasses.h"
#include "core/text/Utf8.h"

#include <array>

namespace hayloft {
namespace {

enum class Kind : unsigned char { Letter, Number, Space, Mark };

Kind kindOf(char32_t c)
{
    if (utf8::isSpace(c))
        return Kind::Space;
    const auto kind = unicode::kindOf(c);
    return kind == unicode::Kind::Letter ? Kind::Letter : kind == unicode::Kind::Number ? Kind::Number : Kind::Mark;
}

constexpr Kind asciiKindOf(unsigned char c)
{
    const auto kind = unicode::detail::kAsciiKinds[c];
    return c == ' ' || (c >= 0x09 && c <= 0x0D) ? Kind::Space
        : kind == unicode::Kind::Letter         ? Kind::Letter
        : kind == unicode::Kind::Number         ? Kind::Number
                                                : Kind::Mark;
}

constexpr auto kAsciiKinds = [] {
    std::array<Kind, 0x80> kinds {};
    for (unsigned char c = 0; c < 0x80; ++c)
        kinds[c] = asciiKindOf(c);
    return kinds;
}();

struct Character {
    Kind kind = Kind::Mark;
    std::size_t size = 1;
};

Character characterAt(std::string_view text, std::size_t at)
{
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80)
        return { kAsciiKinds[byte], 1 };
    const auto c = utf8::codePointAt(text, at);
    return { kindOf(c.value), c.size };
}

/// The end of the characters of one kind from `at` on, the first of which is known to be one.
std::size_t runEnd(std::string_view text, std::size_t at, const Character& first)
{
    at += first.size;
    while (at < text.size()) {
        const auto c = characterAt(text, at);
        if (c.kind != first.kind)
            break;
        at += c.size;
    }
    return at;
}

/// The length of the contraction that the text starts with, or 0.
std::size_t contraction(std::string_view text)
{
    const char first = text.size() > 1 ? text[1] : '\0', second = text.size() > 2 ? text[2] : '\0';
    if (first == 's' || first == 't' || first == 'm' || first == 'd')
        return 2;
    const bool two
        = (first == 'r' && second == 'e') || (first == 'v' && second == 'e') || (first == 'l' && second == 'l');
    return two ? 3 : 0;
}

std::size_t whiteSpaceEnd(std::string_view text, std::size_t begin)
{
    std::size_t at = begin, last = begin;
    while (at < text.size()) {
        const auto c = characterAt(text, at);
        if (c.kind != Kind::Space)
            break;
        last = at;
        at += c.size;
    }
    // The last one is left to the word that follows, unless it is the only one.
    return at < text.size() && last > begin ? last : at;
}

} // namespace

std::size_t gpt2WordEnd(std::string_view text, std::size_t at)
{
    if (text[at] == '\'')
        if (const auto size = contraction(text.substr(at)))
            return at + size;
    const auto first = characterAt(text, at);
    if (first.kind != Kind::Space)
        return runEnd(text, at, first);
    if (text[at] == ' ' && at + 1 < text.size()) {
        const auto second = characterAt(text, at + 1);
        if (second.kind != Kind::Space)
            return runEnd(text, at + 1, second);
    }
    return whiteSpaceEnd(text, at);
}

std::size_t gpt2WordEndAfterSpace(std::string_view text, std::size_t at)
{
    return runEnd(text, at, characterAt(text, at));
}

} // namespace hayloft
