// SPDX-License-Identifier: GPL-3.0-or-later
// One share of a sweep: its cells are independent, so several processes can measure them.
#pragma once

#include <cstdint>
#include <string_view>

namespace hayloft {

/// Share `number` (1..of) of a plan's cells and controls. Which cells these are follows from the plan, the haystack and the
/// model's tokenizer alone: see ShardPartition.
struct Shard {
    int number = 1;
    int of = 1;

    bool isWhole() const { return of == 1; }
    bool operator==(const Shard&) const = default;
};

inline constexpr int kMostShards = 1'000'000;

/// "2/3". @throws Error
Shard parseShard(std::string_view text);

} // namespace hayloft
