// SPDX-License-Identifier: GPL-3.0-or-later
// UTF-8 as bytes: validity, code points and repair.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hayloft::utf8 {

/// One code point read from bytes. An invalid byte gives `valid` false, U+FFFD and size 1.
struct CodePoint {
    char32_t value = 0;
    std::size_t size = 0;
    bool valid = true;
};

/// Reads the code point at `at` < text.size(). Overlong forms, surrogates and values above U+10FFFF are invalid.
CodePoint codePointAt(std::string_view text, std::size_t at);
/// The code point that ends before `end` > 0, in valid UTF-8.
CodePoint codePointBefore(std::string_view text, std::size_t end);
/// True where a code point starts (or at the end), in valid UTF-8.
bool isBoundary(std::string_view text, std::size_t at);
bool isValid(std::string_view text);
/// Offset of the first invalid byte, or npos.
std::size_t firstInvalid(std::string_view text);
/// Replaces each invalid byte by U+FFFD.
std::string repaired(std::string_view text);
/// Replaces each maximal part of an invalid sequence by one U+FFFD, as Unicode recommends and Python's decoder does.
std::string repairedByParts(std::string_view text);
void append(std::string& out, char32_t codePoint);
/// ASCII and Unicode white space (also U+00A0 and U+3000).
bool isSpace(char32_t c);

} // namespace hayloft::utf8
