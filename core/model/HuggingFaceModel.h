// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder of Hugging Face: config.json beside safetensors or PyTorch weights. Internal.
#pragma once

#include "core/model/TensorView.h"

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

namespace hayloft {

/// A file of tensors and what else it says.
struct OpenedTensors {
    std::shared_ptr<TensorFile> file;
    nlohmann::ordered_json hyperParameters = nlohmann::ordered_json::object();
    std::vector<std::string> otherKeys;
};

/// Opens a checkpoint of torch.save or a safetensors file, judged by its content. @throws Error
OpenedTensors openTensors(const std::filesystem::path& file);

/// An encoder or decoder of Hugging Face.
struct HuggingFaceModel {
    std::filesystem::path folder, weights;
    nlohmann::json config;

    /// @param path a folder, or its weights file
    /// @param kind "bert" or "gpt2", the model_type that its config.json must name
    /// @throws Error when something is missing or of another kind
    HuggingFaceModel(const std::filesystem::path& path, const std::string& kind);
    /// The heads, which no tensor's shape tells. @throws Error when they are missing or do not divide the width.
    std::int64_t heads(const char* key, std::int64_t width) const;

private:
    void expect(const char* key, const nlohmann::json& value) const;
    std::filesystem::path configFile() const { return folder / "config.json"; }
};

} // namespace hayloft
