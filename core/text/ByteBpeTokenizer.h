// SPDX-License-Identifier: GPL-3.0-or-later
// GPT-2's byte-level BPE tokenizer with the tokens that Larimar adds to it.
#pragma once

#include "core/text/Tokenizer.h"

namespace hayloft {

/// Opens GPT-2's vocab.json and merges.txt; <PAD>, <BOS> and <EOS> get the next free ids, in this order, unless the
/// vocabulary has them (GPT-2: 50257, 50258, 50259). Ids are those of the tokenizer that Larimar was published with:
/// - the text is split at <PAD>, <BOS>, <EOS> and <|endoftext|>, each piece loses its outer white space and gets one
///   space in front; a text of white space only has no tokens;
/// - Gpt2Words.h cuts words, BytePairMerger.h makes their tokens, byte by byte: nothing is unknown, an invalid byte
///   stays what it is.
/// Spans end where a character ends: of a character's bytes the last token has the character. White space that gave no
/// token belongs to the token after it, or to the last one.
/// decode() gives the bytes as they are, those of invalid UTF-8 as U+FFFD, one for each maximal part, as Python does;
/// the space in front stays.
/// @throws Error when a file is missing, cut or wrong (ByteBpeVocabulary.h), or when built without ICU
std::unique_ptr<Tokenizer> openByteBpe(const std::filesystem::path& vocabJson, const std::filesystem::path& mergesTxt);

} // namespace hayloft
