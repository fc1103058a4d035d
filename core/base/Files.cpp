// SPDX-License-Identifier: GPL-3.0-or-later
// Whole-file reads and writes that leave the old file or the new one, never a part.
#include "core/base/Files.h"

#include "core/base/Error.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hayloft {
namespace {

namespace fs = std::filesystem;

class Descriptor {
public:
    explicit Descriptor(int fd)
        : m_fd(fd)
    {
    }
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return m_fd; }
    bool isOpen() const { return m_fd >= 0; }
    /// Closes with the error that a delayed write reports here.
    int close()
    {
        const int result = ::close(m_fd);
        m_fd = -1;
        return result;
    }

private:
    int m_fd;
};

[[noreturn]] void throwRead(const fs::path& path, int code)
{
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        throw Error("the file does not exist", path.string(), "check the name");
    case EACCES:
    case EPERM:
        throw Error("no permission to read the file", path.string(), "change its permissions or choose another");
    case EISDIR:
        throw Error("this is a folder, not a file", path.string(), "name a file in it");
    default:
        throw Error(std::string("cannot read the file (") + std::strerror(code) + ")", path.string(), "");
    }
}

[[noreturn]] void throwWrite(const fs::path& path, int code)
{
    switch (code) {
    case ENOENT:
    case ENOTDIR:
        throw Error("the folder to write to does not exist", path.string(), "make the folder first");
    case EACCES:
    case EPERM:
        throw Error("no permission to write the file", path.string(), "choose a folder that you may write to");
    case EROFS:
        throw Error("the file system is read-only", path.string(), "choose another folder");
    case ENOSPC:
    case EDQUOT:
        throw Error("the disk is full", path.string(), "free some space or choose another folder");
    case EISDIR:
        throw Error("a folder has this name", path.string(), "choose another file name");
    default:
        throw Error(
            std::string("cannot write the file (") + std::strerror(code) + ")", path.string(), "choose another folder");
    }
}

/// A name beside the target that no other writer uses; removed unless committed.
class Temporary {
public:
    explicit Temporary(const fs::path& target)
        : m_target(target)
    {
        // A symbolic link keeps pointing where it did: the file behind it is replaced.
        std::error_code code;
        if (fs::is_symlink(target, code))
            m_target = fs::weakly_canonical(target, code);
        if (fs::is_directory(m_target, code))
            throwWrite(target, EISDIR);
        if (fs::exists(m_target, code) && !fs::is_regular_file(m_target, code)) // renaming would put a file in its place
            throw Error("this is no file but a device or a pipe", target.string(), "give the name of a file");
        static std::atomic<unsigned> counter { 0 };
        m_path = m_target;
        m_path += ".part-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
    }
    ~Temporary()
    {
        if (!m_committed)
            ::unlink(m_path.c_str());
    }
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;

    const fs::path& path() const { return m_path; }
    void commit()
    {
        if (::rename(m_path.c_str(), m_target.c_str()) != 0)
            throwWrite(m_target, errno);
        m_committed = true;
        // Makes the new name durable; some file systems cannot, and the data itself is already safe.
        const fs::path folder = m_target.parent_path().empty() ? fs::path(".") : m_target.parent_path();
        const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (directory.isOpen())
            ::fsync(directory.get());
    }

private:
    fs::path m_target, m_path;
    bool m_committed = false;
};

void keepPermissions(const fs::path& target, int fd)
{
    struct stat old { };
    if (::stat(target.c_str(), &old) == 0 && ::fchmod(fd, old.st_mode & 07777) != 0)
        errno = 0; // a foreign owner's mode cannot be kept; the content matters more
}

} // namespace

std::string readFile(const fs::path& path, std::size_t maxBytes)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file.isOpen())
        throwRead(path, errno);
    struct stat info { };
    if (::fstat(file.get(), &info) != 0)
        throwRead(path, errno);
    if (S_ISDIR(info.st_mode))
        throwRead(path, EISDIR);
    if (S_ISFIFO(info.st_mode)) // opened without blocking only to find out what it is
        ::fcntl(file.get(), F_SETFL, ::fcntl(file.get(), F_GETFL) & ~O_NONBLOCK);
    const auto tooLarge = [&] {
        return Error(
            "the file is larger than " + std::to_string(maxBytes >> 20) + " MiB", path.string(), "use a smaller file");
    };
    if (info.st_size > 0 && static_cast<std::uintmax_t>(info.st_size) > maxBytes)
        throw tooLarge();
    std::string bytes(static_cast<std::size_t>(std::max<off_t>(info.st_size, 0)), '\0');
    std::size_t filled = 0;
    for (;;) { // the size is a hint only: pipes and /proc files have none
        if (filled == bytes.size())
            bytes.resize(filled + (filled < 65536 ? 65536 : filled / 2));
        const ssize_t n = ::read(file.get(), bytes.data() + filled, bytes.size() - filled);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            throwRead(path, errno);
        if (n == 0)
            break;
        filled += static_cast<std::size_t>(n);
        if (filled > maxBytes)
            throw tooLarge();
    }
    bytes.resize(filled);
    return bytes;
}

void writeFileAtomically(const fs::path& path, std::string_view bytes)
{
    Temporary temporary(path);
    Descriptor file(::open(temporary.path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!file.isOpen())
        throwWrite(path, errno);
    keepPermissions(path, file.get());
    while (!bytes.empty()) {
        const ssize_t n = ::write(file.get(), bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            throwWrite(path, n < 0 ? errno : ENOSPC);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fsync(file.get()) != 0 && errno != EINVAL)
        throwWrite(path, errno);
    if (file.close() != 0)
        throwWrite(path, errno);
    temporary.commit();
}

void writeFileAtomically(const fs::path& path, const std::function<void(const fs::path& temporary)>& write)
{
    Temporary temporary(path);
    { // finds out early, with a clear message, whether the folder can be written to
        const Descriptor probe(::open(temporary.path().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
        if (!probe.isOpen())
            throwWrite(path, errno);
        keepPermissions(path, probe.get());
    }
    write(temporary.path());
    const Descriptor written(::open(temporary.path().c_str(), O_RDONLY | O_CLOEXEC));
    if (!written.isOpen() || (::fsync(written.get()) != 0 && errno != EINVAL))
        throwWrite(path, errno);
    temporary.commit();
}

} // namespace hayloft
