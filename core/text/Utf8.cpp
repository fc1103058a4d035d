// SPDX-License-Identifier: GPL-3.0-or-later
// UTF-8 as RFC 3629 defines it.
#include "core/text/Utf8.h"

#include <cstdint>
#include <cstring>

namespace hayloft::utf8 {
namespace {

constexpr CodePoint kInvalid = { 0xFFFD, 1, false };

unsigned byteAt(std::string_view text, std::size_t at)
{
    return static_cast<unsigned char>(text[at]);
}

/// How many bytes from `at`, where none is valid, could begin a code point: at least 1.
std::size_t maximalPart(std::string_view text, std::size_t at)
{
    const unsigned lead = byteAt(text, at);
    if (lead < 0xC2 || lead > 0xF4)
        return 1;
    // What may follow these leads is narrower: overlong forms, surrogates and values above U+10FFFF never begin.
    unsigned least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    const std::size_t whole = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    std::size_t size = 1;
    while (size < whole && at + size < text.size() && byteAt(text, at + size) >= least
        && byteAt(text, at + size) <= most) {
        least = 0x80;
        most = 0xBF;
        ++size;
    }
    return size;
}

/// @param part how many bytes from an invalid one on become one U+FFFD
template <class Part> std::string repairedWith(std::string_view text, const Part& part)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const std::size_t bad = firstInvalid(text);
        if (bad == std::string_view::npos) {
            out += text;
            break;
        }
        out += text.substr(0, bad);
        out += "\xEF\xBF\xBD";
        text.remove_prefix(bad + part(text, bad));
    }
    return out;
}

} // namespace

CodePoint codePointAt(std::string_view text, std::size_t at)
{
    const unsigned lead = byteAt(text, at);
    if (lead < 0x80)
        return { lead, 1, true };
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || at + size > text.size())
        return kInvalid;
    char32_t value = lead & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        const unsigned next = byteAt(text, at + i);
        if ((next & 0xC0) != 0x80)
            return kInvalid;
        value = value << 6 | (next & 0x3F);
    }
    constexpr char32_t kSmallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    if (value < kSmallest[size] || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000))
        return kInvalid;
    return { value, size, true };
}

CodePoint codePointBefore(std::string_view text, std::size_t end)
{
    std::size_t at = end - 1;
    while (at > 0 && end - at < 4 && (byteAt(text, at) & 0xC0) == 0x80)
        --at;
    const CodePoint c = codePointAt(text.substr(0, end), at);
    return c.valid && at + c.size == end ? c : kInvalid;
}

bool isBoundary(std::string_view text, std::size_t at)
{
    return at >= text.size() || (byteAt(text, at) & 0xC0) != 0x80;
}

std::size_t firstInvalid(std::string_view text)
{
    std::size_t at = 0;
    while (at < text.size()) {
        std::uint64_t word = 0;
        if (at + 8 <= text.size()) { // eight ASCII bytes at a time
            std::memcpy(&word, text.data() + at, 8);
            if ((word & 0x8080808080808080ull) == 0) {
                at += 8;
                continue;
            }
        }
        const CodePoint c = codePointAt(text, at);
        if (!c.valid)
            return at;
        at += c.size;
    }
    return std::string_view::npos;
}

bool isValid(std::string_view text)
{
    return firstInvalid(text) == std::string_view::npos;
}

std::string repaired(std::string_view text)
{
    return repairedWith(text, [](std::string_view, std::size_t) { return std::size_t { 1 }; });
}

std::string repairedByParts(std::string_view text)
{
    return repairedWith(text, maximalPart);
}

void append(std::string& out, char32_t c)
{
    if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        c = 0xFFFD;
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | c >> 6);
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | c >> 12);
        out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | c >> 18);
        out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
        out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

bool isSpace(char32_t c)
{
    return c == ' ' || (c >= 0x09 && c <= 0x0D) || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A)
        || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

} // namespace hayloft::utf8
