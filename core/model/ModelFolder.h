// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder: config.json with hashes, float16 weights, tokenizer, key prefixes, card. Internal.
#pragma once

#include "core/model/LatentModel.h"
#include "core/model/NetworkConfig.h"
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
    static constexpr const char* card = "MODEL_CARD.md";
};

/// What config.json says.
struct ModelConfig {
    std::string name;
    NetworkConfig network;
    int prefixTokens = 4;
    std::string weightsSha256, tokenizerSha256, prefixesSha256;
    std::string contentKeysSha256; ///< empty in a model without content keys
    nlohmann::ordered_json training; ///< corpus, steps, tokens, seed, hardware: told, not used
    nlohmann::ordered_json contentKeyTraining; ///< the same of the content keys
};

nlohmann::ordered_json toJson(const ModelConfig& config);
/// @throws Error naming the file for a missing, damaged or foreign config.
ModelConfig loadModelConfig(const std::filesystem::path& directory);

/// Names and shapes of a network's tensors.
std::map<std::string, std::vector<std::int64_t>> networkShapes(const NetworkConfig& config);

/// Writes weights, prefixes (n x up to 16 ids, -1 padded) and config.json. The tokenizer must already be in the folder.
/// Hashes in `config` are filled in. @throws Error
void saveModelFolder(const std::filesystem::path& directory, const NamedTensors& weights, const std::vector<TokenIds>& prefixes,
                     ModelConfig config);
/// Writes config.json alone. @throws Error
void saveModelConfig(const std::filesystem::path& directory, const ModelConfig& config);
/// The network's tensors as float32, after checking names, shapes and that all are numbers. @throws Error
std::map<std::string, std::vector<float>> loadWeights(const std::filesystem::path& directory, const NetworkConfig& config);
/// @throws Error when the folder has none.
std::vector<TokenIds> loadKeyPrefixes(const std::filesystem::path& directory);

} // namespace hayloft
