// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/WordCache.h"

#include <algorithm>
#include <cstring>

namespace hayloft {
namespace {

constexpr unsigned kSlotBits = 16;
constexpr std::size_t kMaxBytes = sizeof(WordCache::Key) - 1;

} // namespace

WordCache::WordCache()
    : m_slots(std::size_t { 1 } << kSlotBits)
{
    static_assert(sizeof(Slot) == 64 && sizeof(int) == sizeof(std::int32_t));
}

std::optional<WordCache::Key> WordCache::keyOf(std::string_view word)
{
    if (word.empty() || word.size() > kMaxBytes)
        return std::nullopt;
    std::array<char, sizeof(Key)> bytes {};
    std::memcpy(bytes.data(), word.data(), word.size());
    bytes.back() = static_cast<char>(word.size());
    Key key;
    std::memcpy(key.data(), bytes.data(), bytes.size());
    return key;
}

std::size_t WordCache::slotOf(const Key& key)
{
    // Odd multipliers from the digits of the golden ratio and of pi; the upper bits are the mixed ones.
    std::uint64_t hash = key[0] * 0x9E3779B97F4A7C15ull;
    hash = (hash ^ hash >> 32 ^ key[1]) * 0x243F6A8885A308D3ull;
    hash = (hash ^ hash >> 32 ^ key[2]) * 0x9E3779B97F4A7C15ull;
    return static_cast<std::size_t>(hash >> (64 - kSlotBits));
}

void WordCache::put(const Key& key, std::span<const int> ids)
{
    Slot& slot = m_slots[slotOf(key)];
    if (ids.empty() || ids.size() > slot.ids.size())
        return;
    slot.key = key;
    slot.count = static_cast<std::uint32_t>(ids.size());
    std::copy(ids.begin(), ids.end(), slot.ids.begin());
}

} // namespace hayloft
