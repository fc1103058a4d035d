// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/MappedFile.h"

#include "core/base/Error.h"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hayloft {

namespace {

std::string reasonOf(int code)
{
    if (code == ENOENT || code == ENOTDIR)
        return "the file does not exist";
    if (code == EACCES || code == EPERM)
        return "no permission to read the file";
    return std::string("cannot read the file (") + std::strerror(code) + ")";
}

} // namespace

MappedFile::MappedFile(const std::filesystem::path& path)
    : m_path(path)
{
    // Without blocking: a pipe of this name is found out instead of waited for.
    m_file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (m_file < 0)
        throw Error(reasonOf(errno), path.string(), "check the name and its permissions");
    struct stat info { };
    if (::fstat(m_file, &info) != 0 || !S_ISREG(info.st_mode)) {
        ::close(m_file);
        throw Error(S_ISDIR(info.st_mode) ? "this is a folder, not a file" : "this is no regular file", path.string(), "name a file");
    }
    if (info.st_size == 0)
        return;
    const auto size = static_cast<std::size_t>(info.st_size);
    void* const data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, m_file, 0);
    if (data == MAP_FAILED) {
        const int code = errno;
        ::close(m_file);
        throw Error(reasonOf(code), path.string(), "");
    }
    m_bytes = { static_cast<const std::byte*>(data), size };
}

MappedFile::~MappedFile()
{
    if (!m_bytes.empty())
        ::munmap(const_cast<std::byte*>(m_bytes.data()), m_bytes.size());
    ::close(m_file);
}

void MappedFile::release(std::span<const std::byte> part) const
{
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto start = reinterpret_cast<std::uintptr_t>(part.data());
    const auto begin = start / page * page;
    if (!part.empty())
        ::madvise(reinterpret_cast<void*>(begin), start + part.size() - begin, MADV_DONTNEED);
}

void MappedFile::checkSize() const
{
    struct stat info { };
    if (::fstat(m_file, &info) != 0 || static_cast<std::uint64_t>(info.st_size) < m_bytes.size())
        throw Error("the file was cut while it was read", m_path.string(), "copy it again");
}

} // namespace hayloft
