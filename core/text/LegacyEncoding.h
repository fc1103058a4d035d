// SPDX-License-Identifier: GPL-3.0-or-later
// Encodings from before Unicode.
#pragma once

#include "core/text/Encoding.h"

#include <optional>
#include <string_view>

namespace hayloft {

/// ISO-8859-1, or Windows-1252 where its extra characters are used; none if a byte has no meaning in it.
std::optional<DecodedText> decodeWindows1252(std::string_view bytes);
/// Whatever ICU recognises (EUC-KR, Shift_JIS, windows-1251, ...); none without ICU or when it is not sure.
std::optional<DecodedText> decodeLegacy(std::string_view bytes);

} // namespace hayloft
