// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/SafeTensors.h"

#include "core/base/Error.h"
#include "core/base/Files.h"

#include <algorithm>
#include <cstring>
#include <Eigen/Core>
#include <nlohmann/json.hpp>

namespace hayloft {

namespace {

constexpr std::size_t kMaxFileBytes = std::size_t { 8 } << 30;
constexpr std::uint64_t kMaxHeaderBytes = 16u << 20;

const char* const kRemedy = "copy the model folder again, or train it anew";

struct TypeName {
    TensorType type;
    const char* name;
    std::size_t bytes;
};
constexpr TypeName kTypes[] = { { TensorType::Float16, "F16", 2 }, { TensorType::Float32, "F32", 4 }, { TensorType::Int32, "I32", 4 },
                                { TensorType::Int64, "I64", 8 },   { TensorType::UInt8, "U8", 1 } };

const TypeName& entryOf(TensorType type)
{
    return *std::find_if(std::begin(kTypes), std::end(kTypes), [type](const TypeName& entry) { return entry.type == type; });
}

TensorType typeFrom(const std::string& name, const std::filesystem::path& file)
{
    for (const auto& entry : kTypes)
        if (name == entry.name)
            return entry.type;
    throw Error("tensor type " + name + " is not supported", file.string(), kRemedy);
}

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

StoredTensor readTensor(const nlohmann::json& entry, std::string_view data, const std::filesystem::path& file)
{
    StoredTensor tensor;
    tensor.type = typeFrom(entry.at("dtype").get<std::string>(), file);
    tensor.shape = entry.at("shape").get<std::vector<std::int64_t>>();
    const auto begin = entry.at("data_offsets").at(0).get<std::uint64_t>();
    const auto end = entry.at("data_offsets").at(1).get<std::uint64_t>();
    std::uint64_t count = 1;
    for (const auto size : tensor.shape) {
        if (size < 0 || (size > 0 && count > kMaxFileBytes / static_cast<std::uint64_t>(size)))
            throw Error("weights file has an impossible shape", file.string(), kRemedy);
        count *= static_cast<std::uint64_t>(size);
    }
    if (begin > end || end > data.size() || end - begin != count * sizeOf(tensor.type))
        throw Error("weights file is truncated or corrupted", file.string(), kRemedy);
    tensor.bytes = data.substr(begin, end - begin);
    return tensor;
}

} // namespace

std::size_t sizeOf(TensorType type) { return entryOf(type).bytes; }

std::int64_t StoredTensor::count() const { return static_cast<std::int64_t>(bytes.size() / sizeOf(type)); }

std::vector<float> StoredTensor::floats() const
{
    if (type == TensorType::Float32)
        return numbersOf<float>(bytes);
    if (type != TensorType::Float16)
        throw Error("a tensor of type " + std::string(entryOf(type).name) + " where floating-point numbers are needed", "weights", kRemedy);
    const auto halves = numbersOf<Eigen::half>(bytes);
    std::vector<float> numbers(halves.size());
    Eigen::Map<Eigen::ArrayXf>(numbers.data(), static_cast<Eigen::Index>(numbers.size()))
        = Eigen::Map<const Eigen::Array<Eigen::half, Eigen::Dynamic, 1>>(halves.data(), static_cast<Eigen::Index>(halves.size())).cast<float>();
    return numbers;
}

std::vector<std::int32_t> StoredTensor::ints() const
{
    if (type != TensorType::Int32)
        throw Error("a tensor of type " + std::string(entryOf(type).name) + " where whole numbers are needed", "weights", kRemedy);
    return numbersOf<std::int32_t>(bytes);
}

StoredTensor StoredTensor::of(std::span<const float> values, std::vector<std::int64_t> shape)
{
    return { TensorType::Float32, std::move(shape), bytesOf(values) };
}

StoredTensor StoredTensor::halves(std::span<const float> values, std::vector<std::int64_t> shape)
{
    std::vector<Eigen::half> halves(values.size());
    std::transform(values.begin(), values.end(), halves.begin(), [](float value) { return Eigen::half(value); });
    return { TensorType::Float16, std::move(shape), bytesOf(std::span<const Eigen::half>(halves)) };
}

StoredTensor StoredTensor::of(std::span<const std::int32_t> values, std::vector<std::int64_t> shape)
{
    return { TensorType::Int32, std::move(shape), bytesOf(values) };
}

void saveSafeTensors(const NamedTensors& tensors, const std::filesystem::path& file,
                     const std::map<std::string, std::string>& metadata)
{
    nlohmann::ordered_json header;
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (const auto& [name, tensor] : tensors) {
        const auto size = tensor.bytes.size();
        header[name] = { { "dtype", entryOf(tensor.type).name }, { "shape", tensor.shape }, { "data_offsets", { offset, offset + size } } };
        offset += size;
    }
    std::string head = header.dump();
    head.append((8 - head.size() % 8) % 8, ' ');
    std::string bytes(8, '\0');
    const std::uint64_t size = head.size();
    std::memcpy(bytes.data(), &size, 8);
    bytes += head;
    for (const auto& [name, tensor] : tensors)
        bytes += tensor.bytes;
    writeFileAtomically(file, bytes);
}

NamedTensors loadSafeTensors(const std::filesystem::path& file)
{
    const std::string bytes = readFile(file, kMaxFileBytes);
    std::uint64_t size = 0;
    if (bytes.size() >= 8)
        std::memcpy(&size, bytes.data(), 8);
    if (bytes.size() < 8 || size > kMaxHeaderBytes || size > bytes.size() - 8)
        throw Error("not a safetensors file, or truncated", file.string(), kRemedy);
    NamedTensors result;
    try {
        const auto header = nlohmann::json::parse(bytes.begin() + 8, bytes.begin() + 8 + static_cast<std::ptrdiff_t>(size));
        const std::string_view data(bytes.data() + 8 + size, bytes.size() - 8 - size);
        for (const auto& [name, entry] : header.items())
            if (name != "__metadata__")
                result.emplace(name, readTensor(entry, data, file));
    } catch (const nlohmann::json::exception&) {
        throw Error("weights file has a damaged header", file.string(), kRemedy);
    }
    return result;
}

} // namespace hayloft
