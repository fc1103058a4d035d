// SPDX-License-Identifier: GPL-3.0-or-later
// Byte order marks first, then zero bytes, then valid UTF-8, then one-byte encodings.
#include "core/text/Encoding.h"

#include "core/base/Error.h"
#include "core/text/LegacyEncoding.h"
#include "core/text/Utf8.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace hayloft {
namespace {

constexpr const char* kSaveAsUtf8 = "save it as UTF-8 text";

unsigned byteAt(std::string_view bytes, std::size_t at)
{
    return static_cast<unsigned char>(bytes[at]);
}

[[noreturn]] void throwBinary(const std::string& where)
{
    throw Error("this is not a text file", where, "choose a .txt, .md, .html or .pdf file");
}

struct Converted {
    std::string text;
    std::size_t broken = 0; ///< code units without a meaning
};

Converted fromUtf16(std::string_view bytes, bool bigEndian)
{
    Converted out;
    out.text.reserve(bytes.size());
    const auto unitAt = [&](std::size_t at) -> char32_t {
        const unsigned a = byteAt(bytes, at), b = byteAt(bytes, at + 1);
        return bigEndian ? a << 8 | b : b << 8 | a;
    };
    std::size_t at = 0;
    for (; at + 1 < bytes.size(); at += 2) {
        char32_t c = unitAt(at);
        if (c >= 0xD800 && c < 0xE000) {
            const char32_t low = c < 0xDC00 && at + 3 < bytes.size() ? unitAt(at + 2) : 0;
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                at += 2;
            } else {
                c = 0xFFFD;
                ++out.broken;
            }
        }
        utf8::append(out.text, c);
    }
    if (at < bytes.size()) {
        utf8::append(out.text, 0xFFFD);
        ++out.broken;
    }
    return out;
}

bool isUnwantedControl(unsigned c)
{
    return (c < 0x20 && (c < 0x08 || c > 0x0D) && c != 0x1B) || c == 0x7F;
}

/// More than 1 control character in 200 is no text.
bool hasManyControls(std::string_view bytes)
{
    const auto n = std::count_if(
        bytes.begin(), bytes.end(), [](char c) { return isUnwantedControl(static_cast<unsigned char>(c)); });
    return static_cast<std::size_t>(n) * 200 > bytes.size();
}

/// Without a byte order mark: zero bytes at every second place only, and nothing strange once converted.
std::optional<DecodedText> guessUtf16(std::string_view bytes)
{
    if (bytes.size() % 2 != 0)
        return std::nullopt;
    std::size_t zeros[2] = { 0, 0 };
    for (std::size_t at = 0; at < bytes.size(); ++at)
        zeros[at % 2] += bytes[at] == 0 ? 1 : 0;
    const bool bigEndian = zeros[0] > zeros[1];
    if (std::min(zeros[0], zeros[1]) * 50 > std::max(zeros[0], zeros[1]))
        return std::nullopt;
    Converted converted = fromUtf16(bytes, bigEndian);
    if (converted.broken > 0 || converted.text.find('\0') != std::string::npos || hasManyControls(converted.text))
        return std::nullopt;
    return DecodedText { std::move(converted.text), bigEndian ? "UTF-16BE" : "UTF-16LE", {} };
}

DecodedText withNotice(DecodedText decoded)
{
    decoded.notices.insert(decoded.notices.begin(), "Converted from " + decoded.encoding + " to UTF-8.");
    return decoded;
}

std::string brokenNotice(std::size_t count)
{
    return std::to_string(count) + (count == 1 ? " broken character was" : " broken characters were")
        + " replaced by U+FFFD.";
}

struct Utf8Census {
    std::size_t good = 0; ///< characters of several bytes
    std::size_t bad = 0; ///< bytes that belong to no character
    std::size_t high = 0; ///< bytes above 0x7F
};

Utf8Census census(std::string_view bytes)
{
    Utf8Census n;
    for (std::size_t at = 0; at < bytes.size();) {
        const auto c = utf8::codePointAt(bytes, at);
        n.good += c.size > 1 ? 1 : 0;
        n.bad += c.valid ? 0 : 1;
        n.high += byteAt(bytes, at) >= 0x80 ? c.size : 0;
        at += c.size;
    }
    return n;
}

DecodedText decodeOneByte(std::string_view bytes, const Utf8Census& n, const std::string& where)
{
    // Western European text is mostly ASCII; other scripts in one- or two-byte encodings are mostly not.
    const bool western = n.high * 10 <= bytes.size() * 3;
    if (western || n.bad < 4) {
        if (auto decoded = decodeWindows1252(bytes))
            return withNotice(std::move(*decoded));
    }
    if (auto decoded = decodeLegacy(bytes))
        return withNotice(std::move(*decoded));
    throw Error("the text's encoding is not known", where, kSaveAsUtf8);
}

DecodedText decodeUtf8(std::string bytes, const std::string& where, bool marked)
{
    if (utf8::isValid(bytes))
        return { std::move(bytes), "UTF-8", {} };
    const Utf8Census n = census(bytes);
    if (marked || n.good >= 4 * n.bad)
        return { utf8::repaired(bytes), "UTF-8", { brokenNotice(n.bad) } };
    return decodeOneByte(bytes, n, where);
}

} // namespace

DecodedText decodeText(std::string bytes, const std::string& where)
{
    using namespace std::string_view_literals;
    const std::string_view view = bytes;
    if (view.starts_with("\xFF\xFE\0\0"sv) || view.starts_with("\0\0\xFE\xFF"sv))
        throw Error("UTF-32 is not supported", where, kSaveAsUtf8);
    if (view.starts_with("\xFF\xFE") || view.starts_with("\xFE\xFF")) {
        const bool bigEndian = byteAt(view, 0) == 0xFE;
        Converted converted = fromUtf16(view.substr(2), bigEndian);
        if (converted.text.find('\0') != std::string::npos || hasManyControls(converted.text))
            throwBinary(where);
        DecodedText decoded { std::move(converted.text), bigEndian ? "UTF-16BE" : "UTF-16LE", {} };
        if (converted.broken > 0)
            decoded.notices.push_back(brokenNotice(converted.broken));
        return withNotice(std::move(decoded));
    }
    const bool marked = view.starts_with("\xEF\xBB\xBF");
    if (marked)
        bytes.erase(0, 3);
    if (bytes.find('\0') != std::string::npos) {
        if (auto decoded = guessUtf16(bytes); decoded && !marked)
            return withNotice(std::move(*decoded));
        throwBinary(where);
    }
    if (hasManyControls(bytes))
        throwBinary(where);
    return decodeUtf8(std::move(bytes), where, marked);
}

} // namespace hayloft
