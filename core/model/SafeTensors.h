// SPDX-License-Identifier: GPL-3.0-or-later
// Reads and writes safetensors files (float16 and float32 tensors). Internal: includes LibTorch.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <torch/torch.h>

namespace hayloft {

using NamedTensors = std::map<std::string, torch::Tensor>;

/// Writes float16, float32, int32 and uint8 tensors with string metadata; atomic. @throws Error
void saveSafeTensors(const NamedTensors& tensors, const std::filesystem::path& file,
                     const std::map<std::string, std::string>& metadata = {});
/// Reads every tensor, in its stored type, after checking that header and data agree.
/// @throws Error for a truncated, corrupted or foreign file.
NamedTensors loadSafeTensors(const std::filesystem::path& file);

} // namespace hayloft
