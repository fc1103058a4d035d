// SPDX-License-Identifier: GPL-3.0-or-later
// Seeded random numbers that are the same on every platform and standard library.
#pragma once

#include <cstdint>

namespace hayloft {

/// Mixes a seed with any number of parts (cell, trial, purpose) into an independent seed.
constexpr std::uint64_t mixSeed(std::uint64_t seed) { return seed; }
template <typename... Rest>
constexpr std::uint64_t mixSeed(std::uint64_t seed, std::uint64_t part, Rest... rest)
{
    std::uint64_t x = seed + 0x9E3779B97F4A7C15ull * (part + 1);
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
    return mixSeed(x ^ (x >> 31), rest...);
}

/// SplitMix64: small, fast, and identical everywhere (std:: distributions are not).
class Random {
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}
    std::uint64_t next()
    {
        std::uint64_t x = (m_state += 0x9E3779B97F4A7C15ull);
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ull;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBull;
        return x ^ (x >> 31);
    }
    /// Uniform in [0, n); n > 0.
    std::uint64_t below(std::uint64_t n) { return next() % n; }
    /// Uniform in [0, 1).
    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
    /// Standard normal (Box-Muller).
    double normal();

private:
    std::uint64_t m_state;
};

} // namespace hayloft
