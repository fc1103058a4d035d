// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/TensorView.h"

#include <algorithm>
#include <cstring>
#include <Eigen/Core>
#include <functional>
#include <iterator>
#include <numeric>

namespace hayloft {

namespace {

struct TypeEntry {
    TensorType type;
    const char* name;
    std::size_t bytes;
    bool floatingPoint;
};
constexpr TypeEntry kTypes[] = { { TensorType::Float16, "F16", 2, true }, { TensorType::BFloat16, "BF16", 2, true },
                                 { TensorType::Float32, "F32", 4, true }, { TensorType::Float64, "F64", 8, true },
                                 { TensorType::Int8, "I8", 1, false },    { TensorType::Int16, "I16", 2, false },
                                 { TensorType::Int32, "I32", 4, false },  { TensorType::Int64, "I64", 8, false },
                                 { TensorType::UInt8, "U8", 1, false },   { TensorType::Bool, "BOOL", 1, false } };

const TypeEntry& entryOf(TensorType type)
{
    return *std::find_if(std::begin(kTypes), std::end(kTypes), [type](const TypeEntry& entry) { return entry.type == type; });
}

/// Numbers in a file need not lie at addresses that suit their type.
template <typename Number> float numberAt(const std::byte* at)
{
    Number number;
    std::memcpy(&number, at, sizeof number);
    return static_cast<float>(number);
}

template <typename Number> void readStrided(const TensorView& t, std::int64_t first, std::int64_t count, float* out)
{
    const std::int64_t columns = t.columns(), rowStride = t.strides.empty() ? 0 : t.strides[0];
    const std::int64_t stride = t.shape.size() > 1 ? t.strides[1] : 1;
    const auto at = [&](std::int64_t row, std::int64_t column) {
        return t.bytes.data() + static_cast<std::size_t>((first + row) * rowStride + column * stride) * sizeof(Number);
    };
    if (stride <= rowStride) {
        for (std::int64_t row = 0; row < count; ++row)
            for (std::int64_t column = 0; column < columns; ++column)
                out[row * columns + column] = numberAt<Number>(at(row, column));
        return;
    }
    for (std::int64_t column = 0; column < columns; ++column) // of a transposed matrix: along its memory
        for (std::int64_t row = 0; row < count; ++row)
            out[row * columns + column] = numberAt<Number>(at(row, column));
}

} // namespace

std::size_t sizeOf(TensorType type) { return entryOf(type).bytes; }

std::string nameOf(TensorType type) { return entryOf(type).name; }

std::optional<TensorType> tensorTypeFrom(std::string_view name)
{
    for (const auto& entry : kTypes)
        if (name == entry.name)
            return entry.type;
    return std::nullopt;
}

bool isFloatingPoint(TensorType type) { return entryOf(type).floatingPoint; }

std::string shapeText(const Shape& shape)
{
    std::string text;
    for (const auto size : shape)
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text.empty() ? "scalar" : text;
}

Shape contiguousStrides(const Shape& shape)
{
    Shape strides(shape.size(), 1);
    for (std::size_t i = shape.size(); i-- > 1;)
        strides[i - 1] = strides[i] * shape[i];
    return strides;
}

std::optional<std::uint64_t> elementCount(const Shape& shape, std::uint64_t most)
{
    if (std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 0; }))
        return std::nullopt;
    if (std::find(shape.begin(), shape.end(), 0) != shape.end())
        return 0;
    std::uint64_t count = 1;
    for (const auto size : shape) {
        if (static_cast<std::uint64_t>(size) > most / count)
            return std::nullopt;
        count *= static_cast<std::uint64_t>(size);
    }
    return count <= most ? std::optional(count) : std::nullopt;
}

std::int64_t TensorView::columns() const
{
    return shape.empty() ? 1 : std::accumulate(shape.begin() + 1, shape.end(), std::int64_t { 1 }, std::multiplies<>());
}

TensorView TensorView::transposed() const
{
    TensorView result = *this;
    std::swap(result.shape.at(0), result.shape.at(1));
    std::swap(result.strides.at(0), result.strides.at(1));
    return result;
}

TensorView TensorView::rowRange(std::int64_t first, std::int64_t count) const
{
    TensorView result = *this;
    result.shape.at(0) = count;
    result.bytes = bytes.subspan(static_cast<std::size_t>(first * strides.at(0)) * sizeOf(type));
    return result;
}

void TensorView::readRows(std::int64_t first, std::int64_t count, float* out) const
{
    if (count == 0 || columns() == 0)
        return;
    if (type == TensorType::Float32 && isContiguous()) {
        const auto row = static_cast<std::size_t>(columns()) * sizeof(float);
        std::memcpy(out, bytes.data() + static_cast<std::size_t>(first) * row, static_cast<std::size_t>(count) * row);
        return;
    }
    switch (type) {
    case TensorType::Float16:
        return readStrided<Eigen::half>(*this, first, count, out);
    case TensorType::BFloat16:
        return readStrided<Eigen::bfloat16>(*this, first, count, out);
    case TensorType::Float32:
        return readStrided<float>(*this, first, count, out);
    case TensorType::Float64:
        return readStrided<double>(*this, first, count, out);
    default:
        std::fill_n(out, count * columns(), 0.0f); // callers ask isFloatingPoint first
    }
}

} // namespace hayloft
