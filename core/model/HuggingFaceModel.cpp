// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/HuggingFaceModel.h"

#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/base/Format.h"
#include "core/model/SafeTensorsFile.h"
#include "core/model/TorchCheckpoint.h"

#include <array>
#include <cmath>
#include <fstream>

namespace hayloft {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::size_t kMaxConfigBytes = 1u << 20;
constexpr std::int64_t kMaxHeads = 1024;

fs::path weightsIn(const fs::path& folder)
{
    std::error_code code;
    for (const char* name : { "model.safetensors", "pytorch_model.bin" })
        if (fs::is_regular_file(folder / name, code))
            return folder / name;
    for (const char* name : { "model.safetensors.index.json", "pytorch_model.bin.index.json" })
        if (fs::exists(folder / name, code))
            throw Error("the weights are split into several files, which is not supported", folder.string(), "save them as one model.safetensors");
    throw Error("no weights in this folder", folder.string(), "it needs model.safetensors or pytorch_model.bin");
}

bool isZip(const fs::path& file)
{
    std::array<char, 4> start {};
    std::ifstream(file, std::ios::binary).read(start.data(), start.size());
    return ZipFile::isZip(std::as_bytes(std::span(start)));
}

} // namespace

OpenedTensors openTensors(const fs::path& file)
{
    std::error_code code;
    const bool named = file.extension() == ".safetensors";
    if (named && !(fs::is_regular_file(file, code) && isZip(file)))
        return { std::make_shared<SafeTensorsFile>(file), nlohmann::ordered_json::object(), {} };
    auto checkpoint = std::make_shared<TorchCheckpoint>(file);
    return { checkpoint, checkpoint->hyperParameters(), checkpoint->otherKeys() };
}

HuggingFaceModel::HuggingFaceModel(const fs::path& path, const std::string& kind)
{
    std::error_code code;
    const bool isFolder = fs::is_directory(path, code);
    folder = isFolder ? path : path.parent_path();
    weights = isFolder ? weightsIn(path) : path;
    if (!isFolder && !fs::exists(path, code))
        throw Error("the file does not exist", path.string(), "check the name");
    if (!fs::exists(configFile(), code))
        throw Error("no config.json beside the weights", folder.string(), "put the model's config.json there");
    config = json::parse(readFile(configFile(), kMaxConfigBytes), nullptr, false);
    if (!config.is_object())
        throw Error("damaged model configuration", configFile().string(), "take the file from the model's page on Hugging Face");
    const json type = config.value("model_type", json());
    const std::string typeName = type.is_string() ? "of type \"" + shown(type.get<std::string>()) + "\"" : "of no named type";
    if (type != kind)
        throw Error("the model is " + typeName + ", not \"" + kind + "\"", configFile().string(), "an encoder is a BERT, a decoder a GPT-2");
    if (kind == "bert") {
        expect("hidden_act", "gelu");
        expect("position_embedding_type", "absolute");
        expect("layer_norm_eps", 1e-12);
        expect("is_decoder", false);
    } else {
        expect("activation_function", "gelu_new");
        expect("layer_norm_epsilon", 1e-5);
        expect("scale_attn_by_inverse_layer_idx", false);
        expect("scale_attn_weights", true);
        expect("add_cross_attention", false);
    }
}

/// Hayloft computes one kind of each: a setting that is not there has this value.
void HuggingFaceModel::expect(const char* key, const json& value) const
{
    const json found = config.value(key, value);
    const bool same = value.is_number() && found.is_number() ? std::abs(found.get<double>() / value.get<double>() - 1) < 1e-6 : found == value;
    const std::string text = shown(found.dump(-1, ' ', true, json::error_handler_t::replace));
    if (!same)
        throw Error("the model has \"" + std::string(key) + "\": " + text + "; only " + value.dump() + " is supported", configFile().string(), "");
}

std::int64_t HuggingFaceModel::heads(const char* key, std::int64_t width) const
{
    const json found = config.value(key, json());
    const std::int64_t heads = found.is_number_integer() ? found.get<std::int64_t>() : 0;
    if (heads < 1 || heads > kMaxHeads || width % heads != 0)
        throw Error("\"" + std::string(key) + "\" does not divide the model's width of " + std::to_string(width), configFile().string(),
                    "take the config.json of this model");
    return heads;
}

} // namespace hayloft
