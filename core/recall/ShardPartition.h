// SPDX-License-Identifier: GPL-3.0-or-later
// Which cells of a sweep each shard measures.
#pragma once

#include "core/recall/SweepShard.h"
#include "core/recall/TrialSolver.h"

#include <cstdint>
#include <span>
#include <vector>

namespace hayloft {

/// Splits the cells, in their order (lengths outer, depths inner), into runs of neighbours, so that the dearest run costs
/// as little as possible. A trial goes with its cell, a control too.
///
/// Why runs of neighbours: on the fast path a shard encodes every piece of the haystack that stands in one of its
/// contexts, once, and that is most of its work. Cells of one length need windows of one size, and a shorter length's
/// fit into what longer ones have covered; dealt out by depth instead, every shard would hold all lengths and encode what
/// the longest needs. The shard with the longest length still encodes the whole of it, so it gets fewer cells, and one
/// length is cut between depths where that is what balances. What lies in a run's windows is counted, not estimated.
class ShardPartition {
public:
    /// @param trials all of the plan's, cells ascending, controls last (drawTrials). @throws Error for fewer cells than shards
    ShardPartition(const SweepPlan& plan, const Haystack& haystack, std::span<const Trial> trials, int shards);

    /// Cells of shard 1..n: the first, and the one behind the last.
    std::size_t first(int shard) const { return m_bounds[static_cast<std::size_t>(shard) - 1]; }
    std::size_t end(int shard) const { return m_bounds[static_cast<std::size_t>(shard)]; }
    /// In tokens to encode; what else a trial costs is put in these.
    std::int64_t cost(int shard) const { return m_costs[static_cast<std::size_t>(shard) - 1]; }
    /// The trials whose cell is in the shard, in their order.
    std::vector<Trial> trialsOf(int shard, std::span<const Trial> trials) const;

private:
    std::vector<std::size_t> m_bounds; ///< shards + 1
    std::vector<std::int64_t> m_costs; ///< of each shard
};

} // namespace hayloft
