// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder: config.json with hashes, float16 weights, tokenizer, key prefixes, card. Internal.
#pragma once

#include "core/model/LatentModel.h"
#include "core/model/NetworkShapes.h"
#include "core/model/SafeTensors.h"

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hayloft {

/// File names inside a model folder.
struct ModelFileNames {
    static constexpr const char* config = "config.json";
    static constexpr const char* weights = "model.safetensors";
    static constexpr const char* prefixes = "key-prefixes.safetensors";
    static constexpr const char* contentKeys = "content-keys.safetensors"; ///< not in every folder
    static constexpr const char* tokenizer = "tokenizer.model";
    static constexpr const char* wordPieces = "bert-vocab.txt"; ///< these three in place of the one above
    static constexpr const char* byteVocabulary = "gpt2-vocab.json";
    static constexpr const char* byteMerges = "gpt2-merges.txt";
    static constexpr const char* card = "MODEL_CARD.md";
};

/// `SentencePiece`: one for encoder and decoder. `BertAndGpt2`: WordPiece and byte-level BPE.
enum class TokenizerKind { SentencePiece, BertAndGpt2 };

/// What config.json says.
struct ModelConfig {
    std::string name;
    NetworkConfig network;
    TokenizerKind tokenizers = TokenizerKind::SentencePiece;
    int prefixTokens = 4;
    std::map<std::string, std::string> sha256; ///< of the folder's files, by name
    bool has(const char* file) const { return sha256.contains(file); }
    nlohmann::ordered_json training; ///< corpus, steps, tokens, seed, hardware: told, not used
    nlohmann::ordered_json contentKeyTraining; ///< the same of the content keys
};

nlohmann::ordered_json toJson(const ModelConfig& config);
/// Checks the hashes of the files that it names. @throws Error naming the file for a missing, damaged or foreign one.
ModelConfig loadModelConfig(const std::filesystem::path& directory);

/// Writes weights, prefixes (n x up to 16 ids, -1 padded) and config.json. The tokenizer must already be in the folder.
/// Hashes of all these in `config` are filled in. @throws Error
void saveModelFolder(const std::filesystem::path& directory, const NamedTensors& weights, const std::vector<TokenIds>& prefixes,
                     ModelConfig config);
/// Writes config.json alone. @throws Error
void saveModelConfig(const std::filesystem::path& directory, const ModelConfig& config);
/// Names of the files that hold a kind of tokenizers.
std::vector<const char*> tokenizerFiles(TokenizerKind kind);
/// The network's tensors as float32, after checking names, shapes and that all are numbers. @throws Error
std::map<std::string, std::vector<float>> loadWeights(const std::filesystem::path& directory, const NetworkConfig& config);
/// @throws Error when the folder has none.
std::vector<TokenIds> loadKeyPrefixes(const std::filesystem::path& directory);

} // namespace hayloft
