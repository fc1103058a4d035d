// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ZipFile.h"

#include "core/base/Error.h"
#include "core/base/Format.h"

#include <algorithm>
#include <cstring>
#ifdef HAYLOFT_ZLIB
#include <zlib.h>
#endif

namespace hayloft {

namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50, kCentralHeader = 0x02014b50, kEndRecord = 0x06054b50, kEnd64Record = 0x06064b50,
                        kEnd64Locator = 0x07064b50;
constexpr std::uint64_t kLocalSize = 30, kCentralSize = 46, kEndSize = 22, kLocatorSize = 20, kEnd64Size = 56;
constexpr std::uint32_t kIn64Field = 0xFFFFFFFFu; ///< the true value stands in the zip64 extra field
constexpr std::uint64_t kMaxEntries = 1u << 20, kMaxName = 4096;
constexpr std::uint16_t kZip64Field = 1, kEncrypted = 1;

} // namespace

ZipFile::ZipFile(std::span<const std::byte> bytes, std::string where)
    : m_bytes(bytes)
    , m_where(std::move(where))
{
    const Directory all = directory();
    std::uint64_t at = all.offset;
    for (std::uint64_t i = 0; i < all.entries; ++i)
        at = readEntry(at, all.offset + all.size);
    checkExtents(all.offset);
}

const ZipEntry* ZipFile::find(const std::string& name) const
{
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? nullptr : &m_entries[found->second];
}

bool ZipFile::isZip(std::span<const std::byte> bytes)
{
    std::uint32_t signature = 0;
    if (bytes.size() >= sizeof signature)
        std::memcpy(&signature, bytes.data(), sizeof signature);
    return signature == kLocalHeader || signature == kEndRecord;
}

template <typename Number> Number ZipFile::number(std::uint64_t at) const
{
    if (at > m_bytes.size() || m_bytes.size() - at < sizeof(Number))
        fail("the archive is truncated or damaged");
    Number value;
    std::memcpy(&value, m_bytes.data() + at, sizeof value);
    return value;
}

void ZipFile::fail(const std::string& what) const { throw Error(what, m_where, "copy or download the file again"); }

/// Where the end-of-directory record is: at the very end but for a comment.
std::size_t ZipFile::endRecord() const
{
    if (m_bytes.size() < kEndSize)
        fail("the archive is truncated (it has no directory)");
    const std::size_t last = m_bytes.size() - kEndSize, first = last > 0xFFFF ? last - 0xFFFF : 0;
    for (std::size_t at = last + 1; at-- > first;)
        if (number<std::uint32_t>(at) == kEndRecord && number<std::uint16_t>(at + 20) == m_bytes.size() - at - kEndSize)
            return at;
    fail("the archive is truncated (it has no directory)");
}

ZipFile::Directory ZipFile::directory() const
{
    const std::uint64_t end = endRecord();
    Directory result { number<std::uint32_t>(end + 16), number<std::uint32_t>(end + 12), number<std::uint16_t>(end + 10) };
    std::uint64_t limit = end;
    if (end >= kLocatorSize && number<std::uint32_t>(end - kLocatorSize) == kEnd64Locator) {
        const auto record = number<std::uint64_t>(end - kLocatorSize + 8);
        if (record > m_bytes.size() || m_bytes.size() - record < kEnd64Size || number<std::uint32_t>(record) != kEnd64Record)
            fail("the archive's directory is damaged");
        result = { number<std::uint64_t>(record + 48), number<std::uint64_t>(record + 40), number<std::uint64_t>(record + 32) };
        limit = record;
    }
    if (result.offset > limit || result.size > limit - result.offset)
        fail("the archive's directory is damaged");
    if (result.entries > kMaxEntries || result.entries > result.size / kCentralSize)
        fail("the archive's directory does not have the " + std::to_string(result.entries) + " entries that it claims");
    return result;
}

/// Reads the entry of the directory at `at`; the next one is at what it returns.
std::uint64_t ZipFile::readEntry(std::uint64_t at, std::uint64_t end)
{
    if (end - at < kCentralSize || number<std::uint32_t>(at) != kCentralHeader)
        fail("the archive's directory is damaged");
    const auto flags = number<std::uint16_t>(at + 8), method = number<std::uint16_t>(at + 10);
    std::uint64_t packed = number<std::uint32_t>(at + 20), size = number<std::uint32_t>(at + 24), header = number<std::uint32_t>(at + 42);
    const std::uint64_t nameSize = number<std::uint16_t>(at + 28), extraSize = number<std::uint16_t>(at + 30);
    const std::uint64_t next = at + kCentralSize + nameSize + extraSize + number<std::uint16_t>(at + 32);
    if (next > end || nameSize > kMaxName)
        fail("the archive's directory is damaged");
    ZipEntry entry { std::string(reinterpret_cast<const char*>(m_bytes.data() + at + kCentralSize), nameSize), {}, number<std::uint32_t>(at + 16) };
    const std::uint64_t extra = at + kCentralSize + nameSize;
    for (std::uint64_t field = extra; field + 4 <= extra + extraSize;) {
        const std::uint64_t fieldEnd = field + 4 + number<std::uint16_t>(field + 2);
        std::uint64_t value = field + 4;
        if (number<std::uint16_t>(field) == kZip64Field)
            for (auto* wide : { &size, &packed, &header })
                if (*wide == kIn64Field && value + 8 <= std::min(fieldEnd, extra + extraSize)) {
                    *wide = number<std::uint64_t>(value);
                    value += 8;
                }
        field = fieldEnd;
    }
    if ((flags & kEncrypted) != 0)
        fail("the archive's entry " + shown(entry.name) + " is encrypted");
    if (method != 0 || packed != size)
        throw Error("the archive's entry " + shown(entry.name) + " is compressed, which torch.save never does", m_where,
                    "take the file as torch.save wrote it");
    addEntry(std::move(entry), header, size);
    return next;
}

void ZipFile::addEntry(ZipEntry entry, std::uint64_t header, std::uint64_t size)
{
    if (number<std::uint32_t>(header) != kLocalHeader)
        fail("the archive's entry " + shown(entry.name) + " is not where the directory says");
    const std::uint64_t begin = header + kLocalSize + number<std::uint16_t>(header + 26) + number<std::uint16_t>(header + 28);
    if (begin > m_bytes.size() || size > m_bytes.size() - begin)
        fail("the archive is truncated: its entry " + shown(entry.name) + " goes beyond the end");
    entry.bytes = m_bytes.subspan(begin, size);
    if (!m_byName.emplace(entry.name, m_entries.size()).second)
        fail("the archive has two entries named " + shown(entry.name));
    m_extents.push_back({ header, begin + size, m_entries.size() });
    m_entries.push_back(std::move(entry));
}

void ZipFile::checkExtents(std::uint64_t directory)
{
    std::sort(m_extents.begin(), m_extents.end(), [](const Extent& a, const Extent& b) { return a.begin < b.begin; });
    for (std::size_t i = 0; i < m_extents.size(); ++i)
        if (m_extents[i].end > (i + 1 < m_extents.size() ? m_extents[i + 1].begin : directory))
            fail("the archive's entry " + shown(m_entries[m_extents[i].entry].name) + " overlaps another");
    m_extents = {};
}

#ifdef HAYLOFT_ZLIB
std::uint32_t crc32Of(std::span<const std::byte> bytes, std::uint32_t crc)
{
    return static_cast<std::uint32_t>(::crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

bool hasCrc32() { return true; }
#else
std::uint32_t crc32Of(std::span<const std::byte>, std::uint32_t) { return 0; }

bool hasCrc32() { return false; }
#endif

} // namespace hayloft
