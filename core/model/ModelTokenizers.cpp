// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ModelTokenizers.h"

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
    if (config.tokenizers != TokenizerKind::SentencePiece)
        throw Error("BERT's and GPT-2's tokenizers cannot be read yet", directory.string(), "use a model that hayloft-cli trained");
    const auto file = directory / ModelFileNames::tokenizer;
    return checked(openSentencePiece(file), file, config.network.encoder.vocabulary);
}

std::unique_ptr<Tokenizer> openAnswerTokenizer(const fs::path&, const ModelConfig&) { return nullptr; }

} // namespace hayloft
