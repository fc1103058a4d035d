// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ModelFolder.h"

#include "core/base/Files.h"
#include "core/base/Sha256.h"
#include "core/model/NetworkJson.h"
#include "core/model/SafeTensorsFile.h"

#include <algorithm>

namespace hayloft {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kStoredPrefixTokens = 16;
const char* const kSchema = "hayloft.model/2";
constexpr const char* kSentencePiece = "sentencepiece";
constexpr const char* kBertAndGpt2 = "bert+gpt2";
const char* const kRemedy = "copy the model folder again, or train it anew";

void checkHash(const fs::path& directory, const char* name, const ModelConfig& config)
{
    const auto file = directory / name;
    if (!fs::exists(file))
        throw Error("model file is missing", file.string(), kRemedy);
    if (!config.has(name) || sha256File(file) != config.sha256.at(name))
        throw Error("model file does not have the hash that config.json names (truncated, corrupted or from another model)",
                    file.string(), kRemedy);
}

} // namespace

std::vector<const char*> tokenizerFiles(TokenizerKind kind)
{
    if (kind == TokenizerKind::SentencePiece)
        return { ModelFileNames::tokenizer };
    return { ModelFileNames::wordPieces, ModelFileNames::byteVocabulary, ModelFileNames::byteMerges };
}

ordered_json toJson(const ModelConfig& c)
{
    ordered_json json { { "schema", kSchema }, { "name", c.name }, { "network", toJson(c.network) },
                        { "tokenizers", c.tokenizers == TokenizerKind::SentencePiece ? kSentencePiece : kBertAndGpt2 },
                        { "prefix_tokens", c.prefixTokens }, { "files", c.sha256 }, { "training", c.training } };
    if (c.has(ModelFileNames::contentKeys))
        json["content_key_training"] = c.contentKeyTraining;
    return json;
}

ModelConfig loadModelConfig(const fs::path& directory)
{
    const auto file = directory / ModelFileNames::config;
    if (!fs::exists(file))
        throw Error("no model here (config.json is missing)", directory.string(), "give --model a folder made by hayloft-cli train or import-checkpoint");
    try {
        const auto j = ordered_json::parse(readFile(file, 1 << 20));
        if (j.at("schema").get<std::string>() != kSchema)
            throw Error("unknown schema", "", kRemedy);
        ModelConfig c;
        c.name = j.at("name").get<std::string>();
        c.network = networkFromJson(j.at("network"));
        const auto tokenizers = j.at("tokenizers").get<std::string>();
        if (tokenizers != kSentencePiece && tokenizers != kBertAndGpt2)
            throw Error("unknown tokenizers \"" + tokenizers + "\"", "", kRemedy);
        c.tokenizers = tokenizers == kSentencePiece ? TokenizerKind::SentencePiece : TokenizerKind::BertAndGpt2;
        c.prefixTokens = static_cast<int>(sizeFromJson(j, "prefix_tokens", c.network.maxTokens));
        c.sha256 = j.at("files").get<std::map<std::string, std::string>>();
        c.training = j.value("training", ordered_json::object());
        c.contentKeyTraining = j.value("content_key_training", ordered_json::object());
        checkHash(directory, ModelFileNames::weights, c);
        for (const char* name : tokenizerFiles(c.tokenizers))
            checkHash(directory, name, c);
        if (c.has(ModelFileNames::contentKeys))
            checkHash(directory, ModelFileNames::contentKeys, c);
        return c;
    } catch (const nlohmann::json::exception& e) {
        throw Error(std::string("damaged model configuration (") + e.what() + ")", file.string(), kRemedy);
    }
}

void saveModelFolder(const fs::path& directory, const NamedTensors& weights, const std::vector<TokenIds>& prefixes, ModelConfig config)
{
    saveSafeTensors(weights, directory / ModelFileNames::weights, { { "format", "pt" }, { "name", config.name } });

    std::vector<std::int32_t> ids(prefixes.size() * kStoredPrefixTokens, -1);
    for (std::size_t i = 0; i < prefixes.size(); ++i)
        std::copy_n(prefixes[i].begin(), std::min<std::size_t>(prefixes[i].size(), kStoredPrefixTokens), ids.begin() + static_cast<std::ptrdiff_t>(i * kStoredPrefixTokens));
    saveSafeTensors({ { "prefixes", StoredTensor::of(std::span<const std::int32_t>(ids), { static_cast<std::int64_t>(prefixes.size()), kStoredPrefixTokens }) } },
                    directory / ModelFileNames::prefixes);

    auto names = tokenizerFiles(config.tokenizers);
    names.insert(names.end(), { ModelFileNames::weights, ModelFileNames::prefixes });
    for (const char* name : names)
        config.sha256[name] = sha256File(directory / name);
    saveModelConfig(directory, config);
}

void saveModelConfig(const fs::path& directory, const ModelConfig& config)
{
    writeFileAtomically(directory / ModelFileNames::config, toJson(config).dump(2) + "\n");
}

std::map<std::string, std::vector<float>> loadWeights(const fs::path& directory, const NetworkConfig& config)
{
    const SafeTensorsFile file(directory / ModelFileNames::weights);
    std::map<std::string, const TensorView*> stored;
    for (const TensorView& tensor : file.tensors())
        stored.emplace(tensor.name, &tensor);
    std::map<std::string, std::vector<float>> weights;
    for (const auto& [name, shape] : networkShapes(config)) {
        const auto found = stored.find(name);
        if (found == stored.end())
            throw Error("weights lack the tensor " + name, file.where(), kRemedy);
        const TensorView& tensor = *found->second;
        if (tensor.shape != shape)
            throw Error("tensor " + name + " has another shape than config.json says", file.where(), kRemedy);
        if (!isFloatingPoint(tensor.type))
            throw Error("tensor " + name + " holds " + nameOf(tensor.type) + ", not floating-point numbers", file.where(), kRemedy);
        auto& values = weights[name];
        values.resize(static_cast<std::size_t>(tensor.rows() * tensor.columns()));
        tensor.readRows(0, tensor.rows(), values.data());
        file.release(tensor.bytes);
        if (!Eigen::Map<const Eigen::ArrayXf>(values.data(), static_cast<Index>(values.size())).allFinite())
            throw Error("tensor " + name + " holds values that are no numbers", file.where(), kRemedy);
    }
    return weights;
}

std::vector<TokenIds> loadKeyPrefixes(const fs::path& directory)
{
    const auto file = directory / ModelFileNames::prefixes;
    const auto tensors = loadSafeTensors(file);
    const auto found = tensors.find("prefixes");
    if (found == tensors.end() || found->second.shape.size() != 2 || found->second.type != TensorType::Int32)
        throw Error("no key prefixes in this file", file.string(), kRemedy);
    const auto ids = found->second.ints();
    const auto stored = static_cast<std::size_t>(found->second.shape[1]);
    std::vector<TokenIds> result(static_cast<std::size_t>(found->second.shape[0]));
    for (std::size_t i = 0; i < result.size(); ++i)
        for (std::size_t t = 0; t < stored && ids[i * stored + t] >= 0; ++t)
            result[i].push_back(ids[i * stored + t]);
    return result;
}

} // namespace hayloft
