// SPDX-License-Identifier: GPL-3.0-or-later
// Reads and writes safetensors files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace hayloft {

enum class TensorType { Float16, Float32, Int32, Int64, UInt8 };

/// Bytes of one number.
std::size_t sizeOf(TensorType type);

/// A tensor as it lies in a file: row-major, little-endian.
struct StoredTensor {
    TensorType type = TensorType::Float32;
    std::vector<std::int64_t> shape;
    std::string bytes;

    std::int64_t count() const;
    /// The numbers of a float16 or float32 tensor. @throws Error for another type.
    std::vector<float> floats() const;
    /// The numbers of an int32 tensor. @throws Error for another type.
    std::vector<std::int32_t> ints() const;
    static StoredTensor of(std::span<const float> values, std::vector<std::int64_t> shape);
    /// Rounded to float16.
    static StoredTensor halves(std::span<const float> values, std::vector<std::int64_t> shape);
    static StoredTensor of(std::span<const std::int32_t> values, std::vector<std::int64_t> shape);
};

using NamedTensors = std::map<std::string, StoredTensor>;

/// Writes tensors with string metadata; atomic. @throws Error
void saveSafeTensors(const NamedTensors& tensors, const std::filesystem::path& file,
                     const std::map<std::string, std::string>& metadata = {});
/// Reads every tensor, in its stored type, after checking that header and data agree.
/// @throws Error for a truncated, corrupted or foreign file.
NamedTensors loadSafeTensors(const std::filesystem::path& file);

} // namespace hayloft
