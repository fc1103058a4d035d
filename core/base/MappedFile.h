// SPDX-License-Identifier: GPL-3.0-or-later
// A file that is read through memory without being loaded.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace hayloft {

/// A read-only memory map. The file must keep its size while it is mapped.
class MappedFile {
public:
    /// @throws Error when missing, unreadable, or no regular file.
    explicit MappedFile(const std::filesystem::path& path);
    ~MappedFile();
    MappedFile(const MappedFile&) = delete;
    MappedFile& operator=(const MappedFile&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    std::span<const std::byte> bytes() const { return m_bytes; }
    /// Gives the memory of a part back; it is read from the file again when it is used again.
    void release(std::span<const std::byte> part) const;
    /// @throws Error when the file has been cut since it was mapped: its lost pages must not be touched.
    void checkSize() const;

private:
    std::filesystem::path m_path;
    std::span<const std::byte> m_bytes;
    int m_file = -1;
};

} // namespace hayloft
