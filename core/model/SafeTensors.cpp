// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/SafeTensors.h"

#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/model/SafeTensorsFile.h"

#include <algorithm>
#include <cstring>
#include <Eigen/Core>

namespace hayloft {

namespace {

const char* const kRemedy = "copy the model folder again, or train it anew";

template <typename Number> std::vector<Number> numbersOf(const std::string& bytes)
{
    std::vector<Number> numbers(bytes.size() / sizeof(Number));
    if (!numbers.empty())
        std::memcpy(numbers.data(), bytes.data(), numbers.size() * sizeof(Number));
    return numbers;
}

template <typename Number> std::string bytesOf(std::span<const Number> numbers)
{
    return std::string(reinterpret_cast<const char*>(numbers.data()), numbers.size_bytes());
}

} // namespace

std::int64_t StoredTensor::count() const { return static_cast<std::int64_t>(bytes.size() / sizeOf(type)); }

std::vector<float> StoredTensor::floats() const
{
    if (!isFloatingPoint(type))
        throw Error("a tensor of type " + nameOf(type) + " where floating-point numbers are needed", "weights", kRemedy);
    std::vector<float> numbers(static_cast<std::size_t>(count()));
    const TensorView view { {}, type, { count() }, { 1 }, std::as_bytes(std::span(bytes)) };
    view.readRows(0, count(), numbers.data());
    return numbers;
}

std::vector<std::int32_t> StoredTensor::ints() const
{
    if (type != TensorType::Int32)
        throw Error("a tensor of type " + nameOf(type) + " where whole numbers are needed", "weights", kRemedy);
    return numbersOf<std::int32_t>(bytes);
}

StoredTensor StoredTensor::of(std::span<const float> values, Shape shape)
{
    return { TensorType::Float32, std::move(shape), bytesOf(values) };
}

StoredTensor StoredTensor::halves(std::span<const float> values, Shape shape)
{
    std::vector<Eigen::half> halves(values.size());
    std::transform(values.begin(), values.end(), halves.begin(), [](float value) { return Eigen::half(value); });
    return { TensorType::Float16, std::move(shape), bytesOf(std::span<const Eigen::half>(halves)) };
}

StoredTensor StoredTensor::of(std::span<const std::int32_t> values, Shape shape)
{
    return { TensorType::Int32, std::move(shape), bytesOf(values) };
}

void saveSafeTensors(const NamedTensors& tensors, const std::filesystem::path& file,
                     const std::map<std::string, std::string>& metadata)
{
    std::vector<TensorHeader> headers;
    for (const auto& [name, tensor] : tensors)
        headers.push_back({ name, tensor.type, tensor.shape });
    std::string bytes = safeTensorsHeader(headers, metadata);
    for (const auto& [name, tensor] : tensors)
        bytes += tensor.bytes;
    writeFileAtomically(file, bytes);
}

NamedTensors loadSafeTensors(const std::filesystem::path& file)
{
    const SafeTensorsFile source(file);
    NamedTensors result;
    for (const TensorView& tensor : source.tensors())
        result[tensor.name] = { tensor.type, tensor.shape, std::string(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size()) };
    return result;
}

} // namespace hayloft
