// SPDX-License-Identifier: GPL-3.0-or-later
// Zip archives for tests: right ones, and wrong ones.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft::test {

template <typename Number> std::string littleEndian(std::uint64_t value)
{
    const auto narrow = static_cast<Number>(value);
    std::string bytes(sizeof narrow, '\0');
    std::memcpy(bytes.data(), &narrow, sizeof narrow);
    return bytes;
}

/// Builds an archive of stored entries without checksums (as torch.save does when told so).
class ZipBuilder {
public:
    /// What the directory says of an entry, true or not.
    struct Entry {
        std::string name;
        std::string data;
        std::uint16_t flags = 0, method = 0;
        std::uint32_t crc = 0;
        std::int64_t shift = 0;     ///< added to the offset
        std::int64_t sizeChange = 0; ///< added to the sizes
        bool zip64 = false;
    };

    void add(Entry entry) { m_entries.push_back(std::move(entry)); }
    void add(const std::string& name, std::string_view data)
    {
        Entry entry;
        entry.name = name;
        entry.data = data;
        add(std::move(entry));
    }

    std::string bytes(bool zip64 = false, const std::string& comment = {}) const
    {
        std::string file, directory;
        for (const Entry& e : m_entries) {
            const std::uint64_t size = e.data.size() + static_cast<std::uint64_t>(e.sizeChange), offset = file.size() + static_cast<std::uint64_t>(e.shift);
            const std::uint64_t hidden = 0xFFFFFFFFu;
            std::string wide;
            if (e.zip64)
                wide = number16(1) + number16(24) + littleEndian<std::uint64_t>(size) + littleEndian<std::uint64_t>(size) + littleEndian<std::uint64_t>(offset);
            directory += number32(0x02014b50) + number16(45) + common(e, e.zip64 ? hidden : size) + number16(wide.size()) + number16(0) + number16(0)
                + number16(0) + number32(0) + number32(e.zip64 ? hidden : offset) + e.name + wide;
            file += number32(0x04034b50) + common(e, e.data.size()) + number16(0) + e.name + e.data;
        }
        const std::uint64_t at = file.size();
        file += directory;
        if (zip64) {
            const std::uint64_t record = file.size();
            file += number32(0x06064b50) + littleEndian<std::uint64_t>(44) + number16(45) + number16(45) + number32(0) + number32(0)
                + littleEndian<std::uint64_t>(m_entries.size()) + littleEndian<std::uint64_t>(m_entries.size())
                + littleEndian<std::uint64_t>(directory.size()) + littleEndian<std::uint64_t>(at);
            file += number32(0x07064b50) + number32(0) + littleEndian<std::uint64_t>(record) + number32(1);
        }
        return file + number32(0x06054b50) + number32(0) + number16(m_entries.size()) + number16(m_entries.size()) + number32(directory.size())
            + number32(zip64 ? 0xFFFFFFFFu : at) + number16(comment.size()) + comment;
    }

private:
    static std::string number16(std::uint64_t value) { return littleEndian<std::uint16_t>(value); }
    static std::string number32(std::uint64_t value) { return littleEndian<std::uint32_t>(value); }
    static std::string common(const Entry& e, std::uint64_t size)
    {
        return number16(45) + number16(e.flags) + number16(e.method) + number32(0) + number32(e.crc) + number32(size) + number32(size)
            + number16(e.name.size());
    }

    std::vector<Entry> m_entries;
};

} // namespace hayloft::test
