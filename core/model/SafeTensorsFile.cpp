// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/SafeTensorsFile.h"

#include "core/base/Error.h"
#include "core/base/Format.h"
#include "core/model/ForeignFile.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>
#include <unistd.h>

namespace hayloft {

namespace {

constexpr std::uint64_t kMaxHeaderBytes = 16u << 20;
constexpr std::size_t kMaxDimensions = 8;
const char* const kRemedy = "copy or download the file again";

using nlohmann::json;

/// Parses the header and refuses names that stand in it twice (the last one would count, and hide the other).
json headerOf(std::string_view text, const std::string& where)
{
    std::set<std::string> names;
    const auto check = [&](int depth, json::parse_event_t event, json& value) {
        if (depth > 4)
            throw Error("the weights file's header is nested too deeply", where, kRemedy);
        if (event == json::parse_event_t::key && depth == 1 && !names.insert(value.get<std::string>()).second)
            throw Error("the weights file has two tensors named " + shown(value.get<std::string>()), where, kRemedy);
        return true;
    };
    json header = json::parse(text.begin(), text.end(), check);
    if (!header.is_object())
        throw Error("the weights file has a damaged header", where, kRemedy);
    return header;
}

TensorView tensorOf(const std::string& name, const json& entry, std::span<const std::byte> data, const std::string& where)
{
    TensorView tensor;
    tensor.name = name;
    const auto typeName = entry.at("dtype").get<std::string>();
    const auto type = tensorTypeFrom(typeName);
    if (!type)
        throw Error("tensor " + shown(name) + " is of type " + shown(typeName) + ", which is not supported", where, "convert it to F32, F16 or BF16");
    tensor.type = *type;
    tensor.shape = entry.at("shape").get<Shape>();
    const auto begin = entry.at("data_offsets").at(0).get<std::uint64_t>(), end = entry.at("data_offsets").at(1).get<std::uint64_t>();
    const auto count = elementCount(tensor.shape, data.size() / sizeOf(*type));
    if (!count || tensor.shape.size() > kMaxDimensions)
        throw Error("tensor " + shown(name) + " has the impossible shape " + shapeText(tensor.shape) + " (or the file is truncated)", where, kRemedy);
    if (begin > end || end > data.size() || end - begin != *count * sizeOf(*type))
        throw Error("the weights file is truncated or damaged (at tensor " + shown(name) + ")", where, kRemedy);
    tensor.strides = contiguousStrides(tensor.shape);
    tensor.bytes = data.subspan(begin, end - begin);
    return tensor;
}

} // namespace

SafeTensorsFile::SafeTensorsFile(const std::filesystem::path& path)
    : m_where(path.string())
    , m_file(std::make_unique<MappedFile>(path))
{
    read(m_file->bytes());
}

SafeTensorsFile::SafeTensorsFile(std::span<const std::byte> bytes, std::string where)
    : m_where(std::move(where))
{
    read(bytes);
}

void SafeTensorsFile::fail(const std::string& what) const { throw Error(what, m_where, kRemedy); }

void SafeTensorsFile::read(std::span<const std::byte> bytes)
{
    std::uint64_t size = 0;
    if (bytes.size() >= sizeof size)
        std::memcpy(&size, bytes.data(), sizeof size);
    if (bytes.size() < sizeof size || size > kMaxHeaderBytes || size > bytes.size() - sizeof size)
        fail("not a safetensors file, or truncated: " + describeForeignFile(bytes));
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + sizeof size, size);
    const auto data = bytes.subspan(sizeof size + size);
    try {
        const json header = headerOf(text, m_where);
        for (const auto& [name, entry] : header.items())
            if (name != "__metadata__")
                m_tensors.push_back(tensorOf(name, entry, data, m_where));
    } catch (const json::exception&) {
        fail("the weights file has a damaged header");
    }
    checkLayout(data);
}

/// The tensors must follow each other without gaps or overlaps up to the end.
void SafeTensorsFile::checkLayout(std::span<const std::byte> data) const
{
    std::vector<std::span<const std::byte>> parts;
    for (const TensorView& tensor : m_tensors)
        parts.push_back(tensor.bytes);
    std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
        return a.data() != b.data() ? std::less<>()(a.data(), b.data()) : a.size() < b.size();
    });
    const std::byte* expected = data.data();
    for (const auto& part : parts) {
        if (part.data() != expected && !part.empty())
            fail("the weights file is damaged: its tensors overlap or leave gaps");
        expected += part.size();
    }
    if (expected != data.data() + data.size())
        fail("the weights file is damaged: it is longer than its tensors");
}

void SafeTensorsFile::verify(const TensorView&)
{
    if (m_file)
        m_file->checkSize();
}

void SafeTensorsFile::release(std::span<const std::byte> bytes) const
{
    if (m_file)
        m_file->release(bytes);
}

std::uint64_t TensorHeader::bytes() const
{
    std::uint64_t count = sizeOf(type);
    for (const auto size : shape)
        count *= static_cast<std::uint64_t>(size);
    return count;
}

std::string safeTensorsHeader(const std::vector<TensorHeader>& headers, const std::map<std::string, std::string>& metadata)
{
    nlohmann::ordered_json json;
    if (!metadata.empty())
        json["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (const auto& header : headers) {
        const std::uint64_t end = offset + header.bytes();
        json[header.name] = { { "dtype", nameOf(header.type) }, { "shape", header.shape }, { "data_offsets", { offset, end } } };
        offset = end;
    }
    std::string text = json.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    const std::uint64_t size = text.size();
    std::string head(sizeof size, '\0');
    std::memcpy(head.data(), &size, sizeof size);
    return head + text;
}

SafeTensorsWriter::SafeTensorsWriter(const std::filesystem::path& path, const std::vector<TensorHeader>& headers,
                                     const std::map<std::string, std::string>& metadata)
    : m_path(path)
    , m_file(std::fopen(path.c_str(), "wbxe"))
{
    if (!m_file)
        throw Error(std::string("cannot write the file (") + std::strerror(errno) + ")", path.string(), "choose a folder that you may write to");
    for (const auto& header : headers)
        m_left += header.bytes();
    const std::string head = safeTensorsHeader(headers, metadata);
    write(head.data(), head.size());
}

void SafeTensorsWriter::write(const void* data, std::size_t size)
{
    errno = 0;
    if (std::fwrite(data, 1, size, m_file.get()) != size)
        throw Error(std::string("cannot write the file (") + std::strerror(errno) + ")", m_path.string(), "free some space or choose another folder");
}

void SafeTensorsWriter::append(std::span<const std::byte> bytes)
{
    if (bytes.size() > m_left)
        throw Error("more numbers than the header announced", m_path.string(), "");
    m_left -= bytes.size();
    write(bytes.data(), bytes.size());
}

void SafeTensorsWriter::finish()
{
    if (m_left != 0)
        throw Error("fewer numbers than the header announced", m_path.string(), "");
    errno = 0;
    if (std::fflush(m_file.get()) != 0 || (::fsync(::fileno(m_file.get())) != 0 && errno != EINVAL))
        throw Error(std::string("cannot write the file (") + std::strerror(errno) + ")", m_path.string(), "free some space or choose another folder");
    m_file.reset();
}

} // namespace hayloft
