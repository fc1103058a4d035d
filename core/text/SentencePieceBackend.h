// SPDX-License-Identifier: GPL-3.0-or-later
// Where sentencepiece runs: in a module of this process, or in a helper process.
#pragma once

#include "core/text/sentencepiece/TokenizerModule.h"
#include "core/text/Tokenizer.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hayloft {

/// The vocabulary of an opened model.
struct PieceTable {
    struct Piece {
        HayloftPieceKind kind = HAYLOFT_PIECE_TEXT;
        std::string text;
    };
    std::vector<Piece> pieces;
    int padId = -1, unkId = -1, bosId = -1, eosId = -1;
};

/// What the trainer is asked for, with sentencepiece's own option names.
struct PieceTraining {
    std::vector<std::string> inputs;
    std::vector<std::pair<std::string, std::string>> options;
    std::uint32_t seed = 1;
};

/// One opened model, or none yet.
class SentencePieceBackend {
public:
    virtual ~SentencePieceBackend() = default;
    /// Opens a serialised model. @throws Error with sentencepiece's own words
    virtual PieceTable open(std::string_view model) = 0;
    /// The spans live until the next call. @throws Error
    virtual const std::vector<HayloftSpan>& encode(std::string_view text) = 0;
    /// The serialised model. @throws Error
    virtual std::string train(const PieceTraining& training) = 0;
};

/// The module beside the program. @throws Error when it cannot be loaded
std::unique_ptr<SentencePieceBackend> loadSentencePieceModule();
/// The helper program, for sanitizers that refuse the module. @throws Error when it cannot be started
std::unique_ptr<SentencePieceBackend> startSentencePieceProcess();
/// The one of the two that suits this build; HAYLOFT_TOKENIZER=module or =process overrides it. @throws Error
std::unique_ptr<SentencePieceBackend> makeSentencePieceBackend();

} // namespace hayloft
