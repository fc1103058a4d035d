// SPDX-License-Identifier: GPL-3.0-or-later
// Tokenizers: text to token ids and back.
#pragma once

#include "core/base/Matrix.h"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// One token and the bytes of the text that it stands for.
struct TokenSpan {
    int id = 0;
    std::size_t begin = 0; ///< byte offset in the encoded text
    std::size_t end = 0; ///< one past the last byte; a token of a byte-split character may be empty
};

/// Thread rule: any one thread at a time.
class Tokenizer {
public:
    virtual ~Tokenizer() = default;
    /// Ids without BOS or EOS. Empty text gives no tokens. @throws Error
    virtual TokenIds encode(std::string_view text) const = 0;
    /// Ids with byte ranges that cover the text without gaps. @throws Error
    virtual std::vector<TokenSpan> encodeSpans(std::string_view text) const = 0;
    /// Text of the ids; control ids (pad, bos, eos) give nothing. Always valid UTF-8. @throws Error
    virtual std::string decode(const TokenIds& ids) const = 0;
    /// What one id prints as within a text ("\xE2\x96\x81the" is shown as " the"). For per-token shading.
    virtual std::string piece(int id) const = 0;
    virtual int size() const = 0;
    virtual int padId() const = 0;
    virtual int bosId() const = 0;
    virtual int eosId() const = 0;
};

/// Opens a sentencepiece model file. @throws Error when missing, truncated or not a sentencepiece model.
std::unique_ptr<Tokenizer> openSentencePiece(const std::filesystem::path& modelFile);

/// How a sentencepiece model is trained.
struct SentencePieceTraining {
    std::vector<std::filesystem::path> inputs; ///< UTF-8 text, one paragraph a line
    int vocabularySize = 8192;
    std::vector<std::string> symbols; ///< user-defined symbols, always tokens of their own
    long maxSentences = 400000; ///< sampled from the inputs
    std::uint64_t seed = 1; ///< sentencepiece draws its sample of lines by a fixed rule of its own
};
/// Trains unigram pieces (identity normalisation, byte fallback, split digits; pad/unk/bos/eos = 0-3)
/// and writes `modelFile`. @throws Error
void trainSentencePiece(const SentencePieceTraining& training, const std::filesystem::path& modelFile);

} // namespace hayloft
