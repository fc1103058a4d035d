// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ModelTokenizers.h"

#include "core/text/ByteBpeTokenizer.h"
#include "core/text/WordPieceTokenizer.h"

namespace hayloft {

namespace fs = std::filesystem;

namespace {

std::unique_ptr<Tokenizer> checked(std::unique_ptr<Tokenizer> tokenizer, const fs::path& file, std::int64_t vocabulary)
{
    if (tokenizer->size() != vocabulary)
        throw Error("the tokenizer has " + std::to_string(tokenizer->size()) + " pieces, the model " + std::to_string(vocabulary),
                    file.string(), "use the tokenizer that came with the model");
    return tokenizer;
}

} // namespace

std::unique_ptr<Tokenizer> openTokenizer(const fs::path& directory, const ModelConfig& config)
{
    const bool shared = config.tokenizers == TokenizerKind::SentencePiece;
    const auto file = directory / (shared ? ModelFileNames::tokenizer : ModelFileNames::wordPieces);
    return checked(shared ? openSentencePiece(file) : openWordPiece(file), file, config.network.encoder.vocabulary);
}

std::unique_ptr<Tokenizer> openAnswerTokenizer(const fs::path& directory, const ModelConfig& config)
{
    if (config.tokenizers == TokenizerKind::SentencePiece)
        return nullptr;
    const auto file = directory / ModelFileNames::byteVocabulary;
    return checked(openByteBpe(file, directory / ModelFileNames::byteMerges), file, config.network.decoder.vocabulary);
}

} // namespace hayloft
