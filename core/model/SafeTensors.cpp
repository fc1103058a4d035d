// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/SafeTensors.h"

#include "core/base/Error.h"
#include "core/base/Files.h"

#include <cstring>
#include <nlohmann/json.hpp>

namespace hayloft {

namespace {

constexpr std::size_t kMaxFileBytes = std::size_t { 8 } << 30;
constexpr std::uint64_t kMaxHeaderBytes = 16u << 20;

const char* const kRemedy = "copy the model folder again, or train it anew";

struct TypeName {
    torch::ScalarType type;
    const char* name;
};
constexpr TypeName kTypes[] = { { torch::kFloat16, "F16" }, { torch::kFloat32, "F32" }, { torch::kInt32, "I32" },
                                { torch::kInt64, "I64" },   { torch::kUInt8, "U8" } };

std::string nameOf(torch::ScalarType type)
{
    for (const auto& entry : kTypes)
        if (entry.type == type)
            return entry.name;
    throw Error("cannot save a tensor of this type", torch::toString(type), "");
}

torch::ScalarType typeFrom(const std::string& name, const std::filesystem::path& file)
{
    for (const auto& entry : kTypes)
        if (name == entry.name)
            return entry.type;
    throw Error("tensor type " + name + " is not supported", file.string(), kRemedy);
}

torch::Tensor readTensor(const nlohmann::json& entry, std::string_view data, const std::filesystem::path& file)
{
    const auto type = typeFrom(entry.at("dtype").get<std::string>(), file);
    const auto shape = entry.at("shape").get<std::vector<std::int64_t>>();
    const auto begin = entry.at("data_offsets").at(0).get<std::uint64_t>();
    const auto end = entry.at("data_offsets").at(1).get<std::uint64_t>();
    std::uint64_t count = 1;
    for (const auto size : shape) {
        if (size < 0 || (size > 0 && count > kMaxFileBytes / static_cast<std::uint64_t>(size)))
            throw Error("weights file has an impossible shape", file.string(), kRemedy);
        count *= static_cast<std::uint64_t>(size);
    }
    if (begin > end || end > data.size() || end - begin != count * torch::elementSize(type))
        throw Error("weights file is truncated or corrupted", file.string(), kRemedy);
    auto tensor = torch::empty(shape, torch::TensorOptions().dtype(type));
    if (count > 0)
        std::memcpy(tensor.data_ptr(), data.data() + begin, end - begin);
    return tensor;
}

} // namespace

void saveSafeTensors(const NamedTensors& tensors, const std::filesystem::path& file,
                     const std::map<std::string, std::string>& metadata)
{
    nlohmann::ordered_json header;
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    std::vector<torch::Tensor> flat;
    for (const auto& [name, tensor] : tensors) {
        flat.push_back(tensor.detach().cpu().contiguous());
        const auto bytes = flat.back().nbytes();
        header[name] = { { "dtype", nameOf(tensor.scalar_type()) }, { "shape", tensor.sizes().vec() }, { "data_offsets", { offset, offset + bytes } } };
        offset += bytes;
    }
    std::string head = header.dump();
    head.append((8 - head.size() % 8) % 8, ' ');
    std::string bytes(8, '\0');
    const std::uint64_t size = head.size();
    std::memcpy(bytes.data(), &size, 8);
    bytes += head;
    for (const auto& tensor : flat)
        bytes.append(static_cast<const char*>(tensor.data_ptr()), tensor.nbytes());
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
