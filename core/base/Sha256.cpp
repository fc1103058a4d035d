// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 as FIPS 180-4 defines it.
#include "core/base/Sha256.h"

#include "core/base/Error.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

namespace hayloft {
namespace {

constexpr std::array<std::uint32_t, 64> kRound = { 0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
    0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc,
    0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1,
    0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814,
    0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2 };

class Sha256 {
public:
    void add(std::string_view bytes)
    {
        m_length += bytes.size();
        while (!bytes.empty()) {
            const std::size_t n = std::min(bytes.size(), m_block.size() - m_filled);
            std::memcpy(m_block.data() + m_filled, bytes.data(), n);
            m_filled += n;
            bytes.remove_prefix(n);
            if (m_filled == m_block.size()) {
                compress();
                m_filled = 0;
            }
        }
    }

    std::string hex()
    {
        const std::uint64_t bits = m_length * 8;
        add(std::string_view("\x80", 1));
        while (m_filled != 56)
            add(std::string_view("\0", 1));
        std::string size(8, '\0');
        for (int i = 0; i < 8; ++i)
            size[static_cast<std::size_t>(i)] = static_cast<char>(bits >> (56 - 8 * i));
        add(size);
        std::string out;
        for (const std::uint32_t word : m_state)
            for (int shift = 28; shift >= 0; shift -= 4)
                out += "0123456789abcdef"[(word >> shift) & 15];
        return out;
    }

private:
    void compress()
    {
        std::array<std::uint32_t, 64> w {};
        for (std::size_t i = 0; i < 16; ++i)
            w[i] = std::uint32_t { m_block[4 * i] } << 24 | std::uint32_t { m_block[4 * i + 1] } << 16
                | std::uint32_t { m_block[4 * i + 2] } << 8 | m_block[4 * i + 3];
        for (std::size_t i = 16; i < 64; ++i) {
            const std::uint32_t a = w[i - 15], b = w[i - 2];
            w[i] = w[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3)) + w[i - 7]
                + (std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10));
        }
        auto [a, b, c, d, e, f, g, h] = m_state;
        for (std::size_t i = 0; i < 64; ++i) {
            const std::uint32_t t1
                = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & f) ^ (~e & g)) + kRound[i] + w[i];
            const std::uint32_t t2
                = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
            h = g, g = f, f = e, e = d + t1, d = c, c = b, b = a, a = t1 + t2;
        }
        const std::array<std::uint32_t, 8> add = { a, b, c, d, e, f, g, h };
        for (std::size_t i = 0; i < 8; ++i)
            m_state[i] += add[i];
    }

    std::array<std::uint32_t, 8> m_state
        = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
    std::array<unsigned char, 64> m_block {};
    std::size_t m_filled = 0;
    std::uint64_t m_length = 0;
};

} // namespace

std::string sha256(std::string_view bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.hex();
}

std::string sha256File(const std::filesystem::path& path)
{
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
    if (!file)
        throw Error(std::string("cannot read the file (") + std::strerror(errno) + ")", path.string(),
            "check the name and its permissions");
    Sha256 hash;
    std::vector<char> buffer(std::size_t { 1 } << 20);
    while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), file.get()))
        hash.add({ buffer.data(), n });
    if (std::ferror(file.get()))
        throw Error("cannot read the file to its end", path.string(), "check that it is a readable file");
    return hash.hex();
}

} // namespace hayloft
