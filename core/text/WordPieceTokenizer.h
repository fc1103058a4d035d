// SPDX-License-Identifier: GPL-3.0-or-later
// BERT's cased WordPiece tokenizer.
#pragma once

#include "core/text/Tokenizer.h"

namespace hayloft {

/// Opens the vocab.txt of a cased BERT. Ids are those of the tokenizer that Larimar was published with: [UNK], [SEP],
/// [PAD], [CLS] and [MASK] in the text are themselves, BertWords.h cuts words, WordPieceVocabulary.h their pieces.
/// pad is [PAD], bos [CLS], eos [SEP]; encode() adds none. A text of nothing but white space and control characters has
/// no tokens. White space and dropped characters belong to the token after them, or to the last one.
/// decode() puts a space between words, so it gives the text back up to white space and unknown words.
/// @throws Error when the file is missing, cut or wrong (WordPieceVocabulary.h), or when built without ICU
std::unique_ptr<Tokenizer> openWordPiece(const std::filesystem::path& vocabTxt);

} // namespace hayloft
