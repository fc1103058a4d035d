// SPDX-License-Identifier: GPL-3.0-or-later
// The zip archives that torch.save writes: entries stored as they are, zip64.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace hayloft {

/// A file in a zip archive.
struct ZipEntry {
    std::string name;
    std::span<const std::byte> bytes;
    std::uint32_t crc = 0; ///< 0: none was computed
};

/// Reads the directory of an archive in memory. Only what torch.save uses is accepted: compressed, encrypted, overlapping
/// or twice named entries are refused, so that no archive unpacks to more than its own size.
class ZipFile {
public:
    /// @param bytes the archive, which must outlive this
    /// @param where its name, for messages
    /// @throws Error for a truncated, damaged or unsuitable archive.
    ZipFile(std::span<const std::byte> bytes, std::string where);

    const std::vector<ZipEntry>& entries() const { return m_entries; }
    /// Nothing when there is no such entry.
    const ZipEntry* find(const std::string& name) const;
    static bool isZip(std::span<const std::byte> bytes);

private:
    struct Directory {
        std::uint64_t offset = 0, size = 0, entries = 0;
    };
    /// Where an entry lies, its header included.
    struct Extent {
        std::uint64_t begin = 0, end = 0;
        std::size_t entry = 0;
    };
    Directory directory() const;
    std::size_t endRecord() const;
    std::uint64_t readEntry(std::uint64_t at, std::uint64_t end);
    void addEntry(ZipEntry entry, std::uint64_t header, std::uint64_t size);
    void checkExtents(std::uint64_t directory);
    template <typename Number> Number number(std::uint64_t at) const;
    [[noreturn]] void fail(const std::string& what) const;

    std::span<const std::byte> m_bytes;
    std::string m_where;
    std::vector<ZipEntry> m_entries;
    std::vector<Extent> m_extents;
    std::map<std::string, std::size_t> m_byName;
};

/// CRC-32 of `bytes` after bytes whose CRC-32 was `crc` (0 at the start).
std::uint32_t crc32Of(std::span<const std::byte> bytes, std::uint32_t crc);
/// Whether this build computes checksums (zlib).
bool hasCrc32();

} // namespace hayloft
