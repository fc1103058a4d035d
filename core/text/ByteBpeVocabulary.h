// SPDX-License-Identifier: GPL-3.0-or-later
// The vocabulary of a byte-level BPE tokenizer, read from its two files and checked.
#pragma once

#include "core/text/BytePairMerger.h"

#include <array>
#include <filesystem>
#include <string>
#include <vector>

namespace hayloft {

struct ByteBpeVocabulary {
    std::vector<std::string> pieces; ///< the bytes of each id
    std::array<int, 256> byteIds {}; ///< the id of each byte alone
    std::vector<BytePairMerge> merges; ///< in the order of the file
    int endOfTextId = 0; ///< <|endoftext|>
};

/// Reads `vocab.json` (piece to id) and `merges.txt` (a "#version" line, then a pair of pieces a line), both with bytes
/// written as GPT-2 writes them: printable ones of Latin-1 as themselves, the others as U+0100 and up.
/// @throws Error when a file is missing, cut, of another kind, or when the two do not belong together: every piece but
/// the bytes and those in <angle brackets> must be what a merge gives.
ByteBpeVocabulary readByteBpeVocabulary(const std::filesystem::path& vocabJson, const std::filesystem::path& mergesTxt);

} // namespace hayloft
