// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a text as search sees them: folded and stemmed.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// One word and where it stands.
struct Word {
    std::string stem;      ///< folded (case, width, accents), English suffixes removed; digits as they are
    std::size_t begin = 0; ///< bytes in the text
    std::size_t end = 0;
    bool number = false;   ///< has a digit: a number, a code, a part of a UUID
};

/// Runs of letters and digits. Text without spaces between words (Chinese, Japanese) and Korean, whose endings stick
/// to the words, are cut into overlapping pairs of characters. Thread rule: one thread at a time.
class WordCutter {
public:
    WordCutter(); ///< @throws Error when the stemmer cannot be made
    ~WordCutter();
    WordCutter(const WordCutter&) = delete;
    WordCutter& operator=(const WordCutter&) = delete;

    std::vector<Word> cut(std::string_view text) const;

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace hayloft
