// SPDX-License-Identifier: GPL-3.0-or-later
// Messages between a program and its tokenizer process: kind, length, bytes. Both ends are of one build.
#pragma once

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace hayloft::helper {

enum class Request : std::uint32_t { Open = 1, Encode = 2, Train = 3 };
enum class Answer : std::uint32_t { Done = 1, Failed = 2 };

struct Message {
    std::uint32_t kind = 0;
    std::string body;
};

inline bool sendAll(int socket, const char* bytes, std::size_t size)
{
    while (size > 0) {
        const ssize_t n = ::send(socket, bytes, size, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        size -= static_cast<std::size_t>(n);
    }
    return true;
}

inline bool receiveAll(int socket, char* bytes, std::size_t size)
{
    while (size > 0) {
        const ssize_t n = ::recv(socket, bytes, size, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        size -= static_cast<std::size_t>(n);
    }
    return true;
}

struct Header {
    std::uint32_t kind = 0;
    std::uint32_t reserved = 0;
    std::uint64_t size = 0;
};

inline bool sendMessage(int socket, std::uint32_t kind, std::string_view body)
{
    const Header header { kind, 0, body.size() };
    std::string frame(reinterpret_cast<const char*>(&header), sizeof header); // one call: most messages are short
    frame += body;
    return sendAll(socket, frame.data(), frame.size());
}

inline bool receiveMessage(int socket, Message& message)
{
    char bytes[sizeof(Header)];
    if (!receiveAll(socket, bytes, sizeof bytes))
        return false;
    Header header;
    std::memcpy(&header, bytes, sizeof header);
    if (header.size > (std::uint64_t { 1 } << 34))
        return false;
    message.kind = header.kind;
    message.body.resize(header.size);
    return receiveAll(socket, message.body.data(), message.body.size());
}

class Writer {
public:
    void number(std::uint32_t value) { m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value); }
    void text(std::string_view value)
    {
        number(static_cast<std::uint32_t>(value.size()));
        m_bytes += value;
    }
    const std::string& bytes() const { return m_bytes; }

private:
    std::string m_bytes;
};

/// Reads what Writer wrote; past the end it gives zeros and empty texts.
class Reader {
public:
    explicit Reader(std::string_view bytes)
        : m_bytes(bytes)
    {
    }
    std::uint32_t number()
    {
        std::uint32_t value = 0;
        if (m_bytes.size() >= sizeof value)
            std::memcpy(&value, m_bytes.data(), sizeof value);
        m_bytes.remove_prefix(m_bytes.size() < sizeof value ? m_bytes.size() : sizeof value);
        return value;
    }
    std::string text()
    {
        const std::size_t size = number();
        const std::string value(m_bytes.substr(0, size));
        m_bytes.remove_prefix(value.size());
        return value;
    }

private:
    std::string_view m_bytes;
};

} // namespace hayloft::helper
