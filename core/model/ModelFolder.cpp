// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ModelFolder.h"

#include "core/base/Files.h"
#include "core/base/Sha256.h"
#include "core/model/SafeTensors.h"

namespace hayloft {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int kStoredPrefixTokens = 16;
const char* const kSchema = "hayloft.model/1";
const char* const kRemedy = "copy the model folder again, or train it anew";

ordered_json toJson(const NetworkConfig& n)
{
    return { { "vocabulary", n.vocabulary }, { "width", n.width }, { "heads", n.heads }, { "feed_forward", n.feedForward },
             { "encoder_layers", n.encoderLayers }, { "decoder_layers", n.decoderLayers }, { "latent", n.latent },
             { "binding", n.binding }, { "max_tokens", n.maxTokens }, { "positional_connector", n.positionalConnector } };
}

std::int64_t sizeOf(const ordered_json& j, const char* key, std::int64_t most)
{
    const auto value = j.at(key).get<std::int64_t>();
    if (value < 1 || value > most)
        throw Error(std::string("impossible value of \"") + key + "\"", "", kRemedy);
    return value;
}

NetworkConfig networkFromJson(const ordered_json& j)
{
    NetworkConfig n;
    n.vocabulary = sizeOf(j, "vocabulary", 1 << 20);
    n.width = sizeOf(j, "width", 1 << 14);
    n.heads = sizeOf(j, "heads", n.width);
    n.feedForward = sizeOf(j, "feed_forward", 1 << 16);
    n.encoderLayers = sizeOf(j, "encoder_layers", 128);
    n.decoderLayers = sizeOf(j, "decoder_layers", 128);
    n.latent = sizeOf(j, "latent", 1 << 16);
    n.binding = sizeOf(j, "binding", n.width);
    n.maxTokens = sizeOf(j, "max_tokens", 1 << 14);
    n.positionalConnector = j.at("positional_connector").get<bool>();
    if (n.width % n.heads != 0)
        throw Error("\"width\" is no multiple of \"heads\"", "", kRemedy);
    return n;
}

void checkHash(const fs::path& file, const std::string& expected)
{
    if (!fs::exists(file))
        throw Error("model file is missing", file.string(), kRemedy);
    if (sha256File(file) != expected)
        throw Error("model file does not have the hash that config.json names (truncated, corrupted or from another model)",
                    file.string(), kRemedy);
}

} // namespace

ordered_json toJson(const ModelConfig& c)
{
    ordered_json files { { ModelFileNames::weights, c.weightsSha256 },
                         { ModelFileNames::prefixes, c.prefixesSha256 },
                         { ModelFileNames::tokenizer, c.tokenizerSha256 } };
    ordered_json json { { "schema", kSchema }, { "name", c.name }, { "network", toJson(c.network) }, { "prefix_tokens", c.prefixTokens } };
    if (!c.contentKeysSha256.empty())
        files[ModelFileNames::contentKeys] = c.contentKeysSha256;
    json["files"] = files;
    json["training"] = c.training;
    if (!c.contentKeysSha256.empty())
        json["content_key_training"] = c.contentKeyTraining;
    return json;
}

ModelConfig loadModelConfig(const fs::path& directory)
{
    const auto file = directory / ModelFileNames::config;
    if (!fs::exists(file))
        throw Error("no model here (config.json is missing)", directory.string(), "give --model a folder made by hayloft-cli train");
    try {
        const auto j = ordered_json::parse(readFile(file, 1 << 20));
        if (j.at("schema").get<std::string>() != kSchema)
            throw Error("unknown schema", "", kRemedy);
        ModelConfig c;
        c.name = j.at("name").get<std::string>();
        c.network = networkFromJson(j.at("network"));
        c.prefixTokens = static_cast<int>(sizeOf(j, "prefix_tokens", c.network.maxTokens));
        const auto& files = j.at("files");
        c.weightsSha256 = files.at(ModelFileNames::weights).get<std::string>();
        c.tokenizerSha256 = files.at(ModelFileNames::tokenizer).get<std::string>();
        c.prefixesSha256 = files.at(ModelFileNames::prefixes).get<std::string>();
        c.contentKeysSha256 = files.value(ModelFileNames::contentKeys, "");
        c.training = j.value("training", ordered_json::object());
        c.contentKeyTraining = j.value("content_key_training", ordered_json::object());
        checkHash(directory / ModelFileNames::weights, c.weightsSha256);
        checkHash(directory / ModelFileNames::tokenizer, c.tokenizerSha256);
        if (!c.contentKeysSha256.empty())
            checkHash(directory / ModelFileNames::contentKeys, c.contentKeysSha256);
        return c;
    } catch (const nlohmann::json::exception& e) {
        throw Error(std::string("damaged model configuration (") + e.what() + ")", file.string(), kRemedy);
    }
}

void saveModelFolder(const fs::path& directory, Network network, const std::vector<TokenIds>& prefixes, ModelConfig config)
{
    NamedTensors weights;
    for (const auto& item : network->named_parameters())
        weights[item.key()] = item.value().detach().to(torch::kCPU).to(torch::kFloat16);
    saveSafeTensors(weights, directory / ModelFileNames::weights, { { "format", "pt" }, { "name", config.name } });

    auto ids = torch::full({ static_cast<std::int64_t>(prefixes.size()), kStoredPrefixTokens }, -1, torch::kInt32);
    auto access = ids.accessor<std::int32_t, 2>();
    for (std::size_t i = 0; i < prefixes.size(); ++i)
        for (std::size_t t = 0; t < prefixes[i].size() && t < kStoredPrefixTokens; ++t)
            access[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(t)] = prefixes[i][t];
    saveSafeTensors({ { "prefixes", ids } }, directory / ModelFileNames::prefixes);

    config.weightsSha256 = sha256File(directory / ModelFileNames::weights);
    config.prefixesSha256 = sha256File(directory / ModelFileNames::prefixes);
    config.tokenizerSha256 = sha256File(directory / ModelFileNames::tokenizer);
    saveModelConfig(directory, config);
}

void saveModelConfig(const fs::path& directory, const ModelConfig& config)
{
    writeFileAtomically(directory / ModelFileNames::config, toJson(config).dump(2) + "\n");
}

void loadWeights(const fs::path& directory, const ModelConfig&, Network& network)
{
    const auto file = directory / ModelFileNames::weights;
    const auto weights = loadSafeTensors(file);
    torch::NoGradGuard guard;
    for (auto& item : network->named_parameters()) {
        const auto found = weights.find(item.key());
        if (found == weights.end())
            throw Error("weights lack the tensor " + item.key(), file.string(), kRemedy);
        if (found->second.sizes() != item.value().sizes())
            throw Error("tensor " + item.key() + " has another shape than config.json says", file.string(), kRemedy);
        item.value().copy_(found->second);
        if (!torch::isfinite(item.value()).all().item<bool>())
            throw Error("tensor " + item.key() + " holds values that are no numbers", file.string(), kRemedy);
    }
}

std::vector<TokenIds> loadKeyPrefixes(const fs::path& directory)
{
    const auto file = directory / ModelFileNames::prefixes;
    const auto tensors = loadSafeTensors(file);
    const auto found = tensors.find("prefixes");
    if (found == tensors.end() || found->second.dim() != 2 || found->second.scalar_type() != torch::kInt32)
        throw Error("no key prefixes in this file", file.string(), kRemedy);
    const auto access = found->second.accessor<std::int32_t, 2>();
    std::vector<TokenIds> result(static_cast<std::size_t>(access.size(0)));
    for (std::int64_t i = 0; i < access.size(0); ++i)
        for (std::int64_t t = 0; t < access.size(1) && access[i][t] >= 0; ++t)
            result[static_cast<std::size_t>(i)].push_back(access[i][t]);
    return result;
}

torch::Device deviceFromName(const std::string& name)
{
    if (name == "cpu")
        return torch::kCPU;
    if (name == "auto")
        return torch::cuda::is_available() ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
    if (name.rfind("cuda", 0) == 0) {
        if (!torch::cuda::is_available())
            throw Error("no CUDA device", name, "use --device cpu, or a LibTorch built with CUDA");
        return torch::Device(name == "cuda" ? "cuda:0" : name);
    }
    throw Error("unknown device", name, "use cpu, cuda or auto");
}

} // namespace hayloft
