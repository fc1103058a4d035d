// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ModelFolder.h"

#include "core/base/Files.h"
#include "core/base/Sha256.h"

#include <algorithm>

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

std::map<std::string, std::vector<std::int64_t>> networkShapes(const NetworkConfig& c)
{
    const auto d = c.width, positions = c.positionalConnector ? c.maxTokens + 1 : 1;
    std::map<std::string, std::vector<std::int64_t>> shapes {
        { "tokens", { c.vocabulary, d } }, { "encoder_positions", { c.maxTokens, d } }, { "decoder_positions", { c.maxTokens + 1, d } },
        { "project", { c.binding, d } }, { "bind", { c.maxTokens * c.binding, c.latent } }, { "unbind", { positions * c.binding, c.latent } },
        { "unproject", { d, c.binding } }, { "slot.weight", { d * c.decoderLayers, c.latent } }
    };
    const auto addNorm = [&](const std::string& name) { shapes[name + ".weight"] = shapes[name + ".bias"] = { d }; };
    for (const char* name : { "encoder_norm", "latent_norm", "decoder_norm" })
        addNorm(name);
    const auto addLayers = [&](const std::string& side, std::int64_t layers) {
        for (std::int64_t i = 0; i < layers; ++i) {
            const std::string layer = side + "." + std::to_string(i) + ".";
            addNorm(layer + "norm1");
            addNorm(layer + "norm2");
            const auto addLinear = [&](const char* name, std::int64_t rows, std::int64_t columns) {
                shapes[layer + name + ".weight"] = { rows, columns };
                shapes[layer + name + ".bias"] = { rows };
            };
            addLinear("qkv", 3 * d, d);
            addLinear("out", d, d);
            addLinear("up", c.feedForward, d);
            addLinear("down", d, c.feedForward);
        }
    };
    addLayers("encoder", c.encoderLayers);
    addLayers("decoder", c.decoderLayers);
    return shapes;
}

void saveModelFolder(const fs::path& directory, const NamedTensors& weights, const std::vector<TokenIds>& prefixes, ModelConfig config)
{
    saveSafeTensors(weights, directory / ModelFileNames::weights, { { "format", "pt" }, { "name", config.name } });

    std::vector<std::int32_t> ids(prefixes.size() * kStoredPrefixTokens, -1);
    for (std::size_t i = 0; i < prefixes.size(); ++i)
        std::copy_n(prefixes[i].begin(), std::min<std::size_t>(prefixes[i].size(), kStoredPrefixTokens), ids.begin() + static_cast<std::ptrdiff_t>(i * kStoredPrefixTokens));
    saveSafeTensors({ { "prefixes", StoredTensor::of(std::span<const std::int32_t>(ids), { static_cast<std::int64_t>(prefixes.size()), kStoredPrefixTokens }) } },
                    directory / ModelFileNames::prefixes);

    config.weightsSha256 = sha256File(directory / ModelFileNames::weights);
    config.prefixesSha256 = sha256File(directory / ModelFileNames::prefixes);
    config.tokenizerSha256 = sha256File(directory / ModelFileNames::tokenizer);
    saveModelConfig(directory, config);
}

void saveModelConfig(const fs::path& directory, const ModelConfig& config)
{
    writeFileAtomically(directory / ModelFileNames::config, toJson(config).dump(2) + "\n");
}

std::map<std::string, std::vector<float>> loadWeights(const fs::path& directory, const NetworkConfig& config)
{
    const auto file = directory / ModelFileNames::weights;
    auto stored = loadSafeTensors(file);
    std::map<std::string, std::vector<float>> weights;
    for (const auto& [name, shape] : networkShapes(config)) {
        const auto found = stored.find(name);
        if (found == stored.end())
            throw Error("weights lack the tensor " + name, file.string(), kRemedy);
        if (found->second.shape != shape)
            throw Error("tensor " + name + " has another shape than config.json says", file.string(), kRemedy);
        auto& values = weights[name] = found->second.floats();
        stored.erase(found);
        if (!Eigen::Map<const Eigen::ArrayXf>(values.data(), static_cast<Index>(values.size())).allFinite())
            throw Error("tensor " + name + " holds values that are no numbers", file.string(), kRemedy);
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
