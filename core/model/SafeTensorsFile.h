// SPDX-License-Identifier: GPL-3.0-or-later
// safetensors files that are larger than memory should hold: read through a map, written tensor by tensor.
#pragma once

#include "core/base/MappedFile.h"
#include "core/model/TensorView.h"

#include <cstdio>
#include <map>
#include <memory>

namespace hayloft {

/// The tensors of a safetensors file; only the header is loaded.
class SafeTensorsFile : public TensorFile {
public:
    /// @throws Error for a truncated, damaged or foreign file: the data must be exactly what the header describes.
    explicit SafeTensorsFile(const std::filesystem::path& path);
    /// Of bytes that outlive this.
    SafeTensorsFile(std::span<const std::byte> bytes, std::string where);

    const std::vector<TensorView>& tensors() const override { return m_tensors; }
    /// The format has no checksums: this only finds a file that was cut since it was opened.
    void verify(const TensorView& tensor) override;
    void release(std::span<const std::byte> bytes) const override;
    std::string where() const override { return m_where; }

private:
    void read(std::span<const std::byte> bytes);
    void checkLayout(std::span<const std::byte> data) const;
    [[noreturn]] void fail(const std::string& what) const;

    std::string m_where;
    std::unique_ptr<MappedFile> m_file;
    std::vector<TensorView> m_tensors;
};

/// What a tensor of a file to be written is.
struct TensorHeader {
    std::string name;
    TensorType type = TensorType::Float32;
    Shape shape;

    std::uint64_t bytes() const;
};

/// Writes a safetensors file: the header at once, then the numbers of each tensor in the header's order, in parts of any size.
/// A file that is not finished has no valid end; the caller removes it.
class SafeTensorsWriter {
public:
    /// @throws Error when the file cannot be written.
    SafeTensorsWriter(const std::filesystem::path& path, const std::vector<TensorHeader>& headers, const std::map<std::string, std::string>& metadata = {});
    /// The next bytes. @throws Error (disk full)
    void append(std::span<const std::byte> bytes);
    /// Makes the file durable. @throws Error when it has not got exactly the bytes that the header announced.
    void finish();

private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };
    void write(const void* data, std::size_t size);

    std::filesystem::path m_path;
    std::unique_ptr<std::FILE, Close> m_file;
    std::uint64_t m_left = 0;
};

/// A safetensors header with its length, as it starts a file. The tensors' data follow in the order given.
std::string safeTensorsHeader(const std::vector<TensorHeader>& headers, const std::map<std::string, std::string>& metadata);

} // namespace hayloft
