// SPDX-License-Identifier: GPL-3.0-or-later
// Small safetensors files, loaded and saved whole. For large ones see SafeTensorsFile.h.
#pragma once

#include "core/model/TensorView.h"

#include <filesystem>
#include <map>

namespace hayloft {

/// A tensor as it lies in a file: row-major, little-endian.
struct StoredTensor {
    TensorType type = TensorType::Float32;
    Shape shape;
    std::string bytes;

    std::int64_t count() const;
    /// The numbers of a floating-point tensor. @throws Error for another type.
    std::vector<float> floats() const;
    /// The numbers of an int32 tensor. @throws Error for another type.
    std::vector<std::int32_t> ints() const;
    static StoredTensor of(std::span<const float> values, Shape shape);
    /// Rounded to float16.
    static StoredTensor halves(std::span<const float> values, Shape shape);
    static StoredTensor of(std::span<const std::int32_t> values, Shape shape);
};

using NamedTensors = std::map<std::string, StoredTensor>;

/// Writes tensors with string metadata; atomic. @throws Error
void saveSafeTensors(const NamedTensors& tensors, const std::filesystem::path& file,
                     const std::map<std::string, std::string>& metadata = {});
/// Reads every tensor, in its stored type, after checking that header and data agree.
/// @throws Error for a truncated, corrupted or foreign file.
NamedTensors loadSafeTensors(const std::filesystem::path& file);

} // namespace hayloft
