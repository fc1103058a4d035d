// SPDX-License-Identifier: GPL-3.0-or-later
// Tensors that stay in their file: what is known of one, and how its numbers are read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

enum class TensorType { Float16, BFloat16, Float32, Float64, Int8, Int16, Int32, Int64, UInt8, Bool };

/// Bytes of one number.
std::size_t sizeOf(TensorType type);
/// The safetensors name: "F16", "BF16", ...
std::string nameOf(TensorType type);
/// The type of a safetensors name.
std::optional<TensorType> tensorTypeFrom(std::string_view name);
bool isFloatingPoint(TensorType type);

using Shape = std::vector<std::int64_t>;

/// "1024 x 768"; "scalar" without dimensions.
std::string shapeText(const Shape& shape);
/// Strides of a contiguous row-major tensor, in elements.
Shape contiguousStrides(const Shape& shape);
/// How many numbers a shape has, and no more than `most`. Nothing for a negative size or more than that.
std::optional<std::uint64_t> elementCount(const Shape& shape, std::uint64_t most);

/// A tensor whose numbers lie, little-endian, in bytes that someone else owns.
struct TensorView {
    std::string name;
    TensorType type = TensorType::Float32;
    Shape shape;
    Shape strides; ///< elements, none negative
    std::span<const std::byte> bytes; ///< from the first element to the last

    std::int64_t rows() const { return shape.empty() ? 1 : shape.front(); }
    /// Numbers of a row: the product of all sizes but the first.
    std::int64_t columns() const;
    bool isContiguous() const { return strides == contiguousStrides(shape); }
    /// A matrix with its dimensions swapped; nothing moves. Needs two dimensions.
    TensorView transposed() const;
    /// Rows `first` to `first + count` of a tensor of one or two dimensions.
    TensorView rowRange(std::int64_t first, std::int64_t count) const;
    /// Reads rows `first` to `first + count` of a floating-point tensor of one or two dimensions as float32, row-major.
    void readRows(std::int64_t first, std::int64_t count, float* out) const;
};

/// A file of named tensors, mapped into memory.
class TensorFile {
public:
    virtual ~TensorFile() = default;
    /// Each name once.
    virtual const std::vector<TensorView>& tensors() const = 0;
    /// Checks the tensor's bytes against the checksum in the file, where there is one. @throws Error
    virtual void verify(const TensorView& tensor) = 0;
    /// Gives the memory of bytes of a tensor back; they are read again from the file when they are needed.
    virtual void release(std::span<const std::byte> bytes) const = 0;
    /// The file's name, for messages.
    virtual std::string where() const = 0;
};

} // namespace hayloft
