// SPDX-License-Identifier: GPL-3.0-or-later
// Windows-1252 by table; the rest through ICU's charset detector.
#include "core/text/LegacyEncoding.h"

#include "core/text/Utf8.h"

#include <algorithm>
#include <array>
#include <memory>

#ifdef HAYLOFT_ICU
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/unistr.h>
#endif

namespace hayloft {

std::optional<DecodedText> decodeWindows1252(std::string_view bytes)
{
    constexpr std::array<char32_t, 32> kExtra = { 0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6,
        0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
        0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178 };
    DecodedText decoded;
    decoded.encoding = "ISO-8859-1";
    decoded.text.reserve(bytes.size() + bytes.size() / 8);
    for (const char byte : bytes) {
        char32_t c = static_cast<unsigned char>(byte);
        if (c >= 0x80 && c < 0xA0) {
            c = kExtra[c - 0x80];
            if (c == 0)
                return std::nullopt;
            decoded.encoding = "Windows-1252";
        }
        utf8::append(decoded.text, c);
    }
    return decoded;
}

#ifdef HAYLOFT_ICU
std::optional<DecodedText> decodeLegacy(std::string_view bytes)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, void (*)(UCharsetDetector*)> detector(ucsdet_open(&status), ucsdet_close);
    // The beginning is enough to tell, and ICU's lengths are 32-bit.
    const auto sample = static_cast<std::int32_t>(std::min<std::size_t>(bytes.size(), std::size_t { 1 } << 20));
    ucsdet_setText(detector.get(), bytes.data(), sample, &status);
    const UCharsetMatch* match = ucsdet_detect(detector.get(), &status);
    if (U_FAILURE(status) || !match || ucsdet_getConfidence(match, &status) < 30)
        return std::nullopt;
    const char* name = ucsdet_getName(match, &status);
    const std::unique_ptr<UConverter, void (*)(UConverter*)> converter(ucnv_open(name, &status), ucnv_close);
    if (U_FAILURE(status) || std::string_view(name).starts_with("UTF"))
        return std::nullopt;
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
    const icu::UnicodeString text(bytes.data(), static_cast<std::int32_t>(bytes.size()), converter.get(), status);
    if (U_FAILURE(status))
        return std::nullopt;
    DecodedText decoded;
    decoded.encoding = name;
    text.toUTF8String(decoded.text);
    return decoded;
}
#else
std::optional<DecodedText> decodeLegacy(std::string_view)
{
    return std::nullopt;
}
#endif

} // namespace hayloft
