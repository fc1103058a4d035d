// SPDX-License-Identifier: GPL-3.0-or-later
// Where sentences and paragraphs start.
#pragma once

#include "core/text/Segmenter.h"

#include <string_view>
#include <vector>

namespace hayloft {

struct TextBoundary {
    std::size_t at = 0; ///< byte at which the next sentence starts; the white space before it belongs to the last one
    bool paragraph = false;
};

/// The starts of all sentences but the first, in order. Each decision looks at the text from its own sentence's
/// start to the next word only, so a text cut at boundaries has the same boundaries as its pieces.
std::vector<TextBoundary> findTextBoundaries(std::string_view text, LineBreaks lineBreaks, const Task& task = {});

/// First byte at or after `at` that is not white space.
std::size_t skipSpaces(std::string_view text, std::size_t at);
/// The end of `text[begin, end)` without the white space at its end.
std::size_t trimmedEnd(std::string_view text, std::size_t begin, std::size_t end);

/// True for a sentence's end mark: . ! ? and their kin in other scripts.
bool isTerminator(char32_t c);
/// True for quotes and brackets that may follow an end mark.
bool isCloser(char32_t c);
/// True for lower-case letters of the Latin, Greek and Cyrillic alphabets.
bool isLowerCase(char32_t c);

} // namespace hayloft
