// SPDX-License-Identifier: GPL-3.0-or-later
// The tokens of words that were met before.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace hayloft {

/// A table of fixed size (4 MiB) in which a word takes the place of another with the same slot. Holds words of up to
/// 23 bytes and 9 tokens, which is nearly all of prose; others are told to be worked out again.
class WordCache {
public:
    /// A word ready to be looked up: zero-padded, its length in the last byte.
    using Key = std::array<std::uint64_t, 3>;

    WordCache();
    /// Nothing for a word that is empty or too long to be held.
    static std::optional<Key> keyOf(std::string_view word);
    /// The word's tokens; empty when it is not held. Valid until the next put().
    std::span<const int> find(const Key& key) const
    {
        const Slot& slot = m_slots[slotOf(key)];
        return slot.key == key ? std::span<const int>(slot.ids.data(), slot.count) : std::span<const int>();
    }
    /// Holds the tokens if they are few enough.
    void put(const Key& key, std::span<const int> ids);

private:
    struct alignas(64) Slot { // one line of the processor's cache
        Key key {};
        std::uint32_t count = 0;
        std::array<std::int32_t, 9> ids {};
    };
    static std::size_t slotOf(const Key& key);
    std::vector<Slot> m_slots;
};

} // namespace hayloft
