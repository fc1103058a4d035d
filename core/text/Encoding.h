// SPDX-License-Identifier: GPL-3.0-or-later
// Recognises the encoding of a text file and converts it to UTF-8.
#pragma once

#include <string>
#include <vector>

namespace hayloft {

struct DecodedText {
    std::string text; ///< valid UTF-8
    std::string encoding; ///< "UTF-8", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "Windows-1252", ...
    std::vector<std::string> notices; ///< what was converted or repaired
};

/// Bytes of a text file to UTF-8; a byte order mark is dropped. A file that is UTF-8 but for a few broken bytes is
/// repaired with U+FFFD and a notice. @param where names the file in errors. @throws Error for binary files and
/// encodings that are not known
DecodedText decodeText(std::string bytes, const std::string& where);

} // namespace hayloft
