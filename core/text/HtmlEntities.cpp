// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers, and the names that prose uses.
#include "core/text/HtmlEntities.h"

#include "core/text/LegacyEncoding.h"
#include "core/text/Utf8.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace hayloft {
namespace {

// U+00A0 to U+00FF in order.
constexpr std::array<std::string_view, 96> kLatin1 = { "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar",
    "sect", "uml", "copy", "ordf", "laquo", "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute",
    "micro", "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest", "Agrave",
    "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute", "Ecirc", "Euml", "Igrave",
    "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute", "Ocirc", "Otilde", "Ouml", "times", "Oslash",
    "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute", "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml",
    "aring", "aelig", "ccedil", "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth",
    "ntilde", "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc", "uuml",
    "yacute", "thorn", "yuml" };

struct Entity {
    std::string_view name;
    char32_t value;
};
constexpr std::array<Entity, 62> kOthers = { { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' },
    { "apos", '\'' }, { "ndash", 0x2013 }, { "mdash", 0x2014 }, { "lsquo", 0x2018 }, { "rsquo", 0x2019 },
    { "sbquo", 0x201A }, { "ldquo", 0x201C }, { "rdquo", 0x201D }, { "bdquo", 0x201E }, { "dagger", 0x2020 },
    { "Dagger", 0x2021 }, { "bull", 0x2022 }, { "hellip", 0x2026 }, { "permil", 0x2030 }, { "prime", 0x2032 },
    { "Prime", 0x2033 }, { "lsaquo", 0x2039 }, { "rsaquo", 0x203A }, { "euro", 0x20AC }, { "trade", 0x2122 },
    { "larr", 0x2190 }, { "uarr", 0x2191 }, { "rarr", 0x2192 }, { "darr", 0x2193 }, { "harr", 0x2194 },
    { "minus", 0x2212 }, { "infin", 0x221E }, { "ne", 0x2260 }, { "le", 0x2264 }, { "ge", 0x2265 }, { "asymp", 0x2248 },
    { "sum", 0x2211 }, { "radic", 0x221A }, { "ensp", 0x2002 }, { "emsp", 0x2003 }, { "thinsp", 0x2009 },
    { "zwnj", 0x200C }, { "zwj", 0x200D }, { "lrm", 0x200E }, { "rlm", 0x200F }, { "OElig", 0x152 }, { "oelig", 0x153 },
    { "Scaron", 0x160 }, { "scaron", 0x161 }, { "Yuml", 0x178 }, { "fnof", 0x192 }, { "alpha", 0x3B1 },
    { "beta", 0x3B2 }, { "gamma", 0x3B3 }, { "delta", 0x3B4 }, { "epsilon", 0x3B5 }, { "lambda", 0x3BB },
    { "mu", 0x3BC }, { "pi", 0x3C0 }, { "sigma", 0x3C3 }, { "theta", 0x3B8 }, { "omega", 0x3C9 },
    { "Omega", 0x3A9 } } };

char32_t named(std::string_view name)
{
    const auto latin = std::find(kLatin1.begin(), kLatin1.end(), name);
    if (latin != kLatin1.end())
        return 0xA0 + static_cast<char32_t>(latin - kLatin1.begin());
    const auto other = std::find_if(kOthers.begin(), kOthers.end(), [&](const Entity& e) { return e.name == name; });
    return other != kOthers.end() ? other->value : 0;
}

void appendNumber(std::string& out, char32_t value)
{
    if (value >= 0x80 && value < 0xA0) { // pages mean Windows-1252 here
        const char byte = static_cast<char>(value);
        if (const auto decoded = decodeWindows1252({ &byte, 1 })) {
            out += decoded->text;
            return;
        }
    }
    utf8::append(out, value == 0 ? 0xFFFD : value);
}

} // namespace

std::size_t appendEntity(std::string_view html, std::size_t at, std::string& out)
{
    const std::string_view rest = html.substr(at + 1, 12);
    const auto byteAt = [&](std::size_t i) { return i < rest.size() ? static_cast<unsigned char>(rest[i]) : 0u; };
    std::size_t end = 0;
    if (byteAt(0) == '#') {
        const bool hex = byteAt(1) == 'x' || byteAt(1) == 'X';
        const std::size_t digits = hex ? 2 : 1;
        char32_t value = 0;
        for (end = digits;
             hex ? std::isxdigit(static_cast<int>(byteAt(end))) : std::isdigit(static_cast<int>(byteAt(end))); ++end) {
            const int digit = std::isdigit(static_cast<int>(byteAt(end)))
                ? static_cast<int>(byteAt(end)) - '0'
                : (static_cast<int>(byteAt(end)) | 32) - 'a' + 10;
            value = std::min<char32_t>(value * (hex ? 16 : 10) + static_cast<char32_t>(digit), 0x110000);
        }
        if (end > digits) {
            appendNumber(out, value);
            return 1 + end + (byteAt(end) == ';' ? 1 : 0);
        }
    } else {
        while (std::isalnum(static_cast<int>(byteAt(end))))
            ++end;
        const char32_t value = byteAt(end) == ';' ? named(rest.substr(0, end)) : 0;
        if (value != 0) {
            utf8::append(out, value);
            return end + 2;
        }
    }
    out += '&';
    return 1;
}

} // namespace hayloft
