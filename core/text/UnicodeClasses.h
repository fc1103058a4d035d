// SPDX-License-Identifier: GPL-3.0-or-later
// General categories of Unicode, as the tokenizers need them. By ICU.
#pragma once

#include <array>
#include <string>

namespace hayloft::unicode {

/// Groups of general categories.
enum class Kind : unsigned char {
    Letter, ///< L*
    Number, ///< N*
    Punctuation, ///< P*
    SpaceSeparator, ///< Zs
    Control, ///< C*: control, format, surrogate, private use, not assigned
    Other ///< marks, symbols, line and paragraph separators
};

/// False where Hayloft was built without ICU.
bool isAvailable();
/// "15.0", the version of Unicode that the classes are of; empty without ICU.
std::string version();
/// @param what what cannot be done without them  @throws Error when built without ICU
void requireClasses(const std::string& what);
/// By ICU's tables. Without ICU everything is Other.
Kind lookUp(char32_t c);

namespace detail {
constexpr std::array<Kind, 0x80> asciiKinds()
{
    std::array<Kind, 0x80> kinds {};
    for (unsigned c = 0; c < 0x80; ++c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool symbol
            = c == '$' || c == '+' || c == '<' || c == '=' || c == '>' || c == '^' || c == '`' || c == '|' || c == '~';
        kinds[c] = c < ' ' || c == 0x7F ? Kind::Control
            : c == ' '                  ? Kind::SpaceSeparator
            : letter                    ? Kind::Letter
            : c >= '0' && c <= '9'      ? Kind::Number
            : symbol                    ? Kind::Other
                                        : Kind::Punctuation;
    }
    return kinds;
}
inline constexpr auto kAsciiKinds = asciiKinds();
} // namespace detail

inline Kind kindOf(char32_t c)
{
    return c < 0x80 ? detail::kAsciiKinds[c] : lookUp(c);
}

} // namespace hayloft::unicode
