// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/ShardPartition.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

namespace hayloft {

namespace {

/// Decoding one value takes as long as encoding about that many tokens (measured on larimar-mini, one thread).
constexpr std::int64_t kTokensPerValue = 32;

std::size_t at(Index i)
{
    return static_cast<std::size_t>(i);
}

/// What a growing run of cells costs.
class RunCost {
public:
    RunCost(const SweepPlan& plan, const Haystack& haystack, std::span<const Trial> trials)
        : m_naive(plan.path == SweepPath::Naive), m_cells(plan.lengths.size() * plan.depths.size()),
          m_next(at(haystack.size()) + 1)
    {
        for (const auto& trial : trials)
            m_cells[trial.cell].push_back(&trial);
        std::map<TokenIds, std::size_t> distinct; // repeated text is encoded once
        for (Index i = 0; i < haystack.size(); ++i) {
            const auto& tokens = haystack.piece(i).tokens;
            m_sequence.push_back(distinct.try_emplace(tokens, distinct.size()).first->second);
            m_tokens.push_back(static_cast<std::int64_t>(tokens.size()));
        }
        m_seen.assign(distinct.size(), 0);
    }

    std::size_t cells() const { return m_cells.size(); }

    /// Nothing is encoded yet.
    void begin()
    {
        std::iota(m_next.begin(), m_next.end(), std::size_t {0});
        ++m_run;
    }
    /// What the cell adds to the run.
    std::int64_t add(std::size_t cell)
    {
        std::int64_t cost = 0;
        for (const Trial* trial : m_cells[cell]) {
            cost += kTokensPerValue * static_cast<std::int64_t>(valuesOf(trial->needle));
            cost += m_naive ? trial->layout.lengthAchieved : ownTokens(*trial) + newTokens(trial->layout);
        }
        return cost;
    }

private:
    /// Tokens of what the trial changes.
    static std::int64_t ownTokens(const Trial& trial)
    {
        std::int64_t tokens = 0;
        for (const auto& strip : trial.layout.strips) {
            if (strip.kind == Strip::Kind::Needle || strip.kind == Strip::Kind::Split)
                tokens += strip.part.tokens;
        }
        return tokens;
    }

    std::int64_t newTokens(const ContextLayout& layout)
    {
        const std::size_t size = m_next.size() - 1, begin = at(layout.offset);
        const std::size_t count = std::min(at(layout.pieces), size);
        return newTokens(begin, std::min(begin + count, size)) + newTokens(0, begin + count > size ? begin + count - size : 0);
    }

    /// Tokens of the pieces from `begin` up to `end` that the run has not had.
    std::int64_t newTokens(std::size_t begin, std::size_t end)
    {
        std::int64_t tokens = 0;
        for (std::size_t piece = nextNew(begin); piece < end; piece = nextNew(piece)) {
            if (std::exchange(m_seen[m_sequence[piece]], m_run) != m_run)
                tokens += m_tokens[piece];
            m_next[piece] = piece + 1;
        }
        return tokens;
    }

    /// The first piece from `piece` on that the run has not had, or the number of pieces.
    std::size_t nextNew(std::size_t piece)
    {
        std::size_t found = piece;
        while (m_next[found] != found)
            found = m_next[found];
        while (m_next[piece] != found) // shorter ways for the next search
            piece = std::exchange(m_next[piece], found);
        return found;
    }

    const bool m_naive;
    std::vector<std::vector<const Trial*>> m_cells;
    std::vector<std::size_t> m_sequence;  ///< N, number of the piece's token sequence
    std::vector<std::int64_t> m_tokens;   ///< N
    std::vector<std::size_t> m_next;      ///< N + 1: itself, or a later piece where the run has had this one
    std::vector<int> m_seen;              ///< by sequence: the last run that had it
    int m_run = 0;
};

struct Split {
    std::vector<std::size_t> bounds { 0 };
    std::vector<std::int64_t> costs;
};

/// Runs that cost no more than `most` each (but for runs of one cell), as long as they may be; the last takes what is left.
Split splitBy(RunCost& runs, std::int64_t most, int shards)
{
    Split split;
    for (int left = shards - 1; left >= 0; --left) {
        runs.begin();
        std::size_t cell = split.bounds.back();
        std::int64_t cost = runs.add(cell++);
        for (; cell + static_cast<std::size_t>(left) < runs.cells(); ++cell) {
            const std::int64_t more = runs.add(cell);
            if (left > 0 && cost + more > most)
                break;
            cost += more;
        }
        split.bounds.push_back(cell);
        split.costs.push_back(cost);
    }
    return split;
}

} // namespace

ShardPartition::ShardPartition(const SweepPlan& plan, const Haystack& haystack, std::span<const Trial> trials, int shards)
{
    RunCost runs(plan, haystack, trials);
    if (shards < 1 || static_cast<std::size_t>(shards) > runs.cells())
        throw Error("a sweep of " + std::to_string(runs.cells()) + (runs.cells() == 1 ? " cell" : " cells") + " has no "
                        + std::to_string(shards) + " shards", "sweep plan", "take at most as many shards or processes as cells");
    Split best = splitBy(runs, std::numeric_limits<std::int64_t>::max() / 2, shards);
    const auto dearest = [](const Split& split) { return *std::max_element(split.costs.begin(), split.costs.end()); };
    // A longer run never costs less, so runs as long as a limit allows need the fewest shards: the least limit is sought.
    for (std::int64_t low = 0, high = dearest(best); low < high;) {
        const std::int64_t limit = low + (high - low) / 2;
        Split split = splitBy(runs, limit, shards);
        const std::int64_t cost = dearest(split);
        if (cost < dearest(best))
            best = split;
        if (cost <= limit)
            high = limit;
        else
            low = limit + 1;
    }
    m_bounds = std::move(best.bounds);
    m_costs = std::move(best.costs);
}

std::vector<Trial> ShardPartition::trialsOf(int shard, std::span<const Trial> trials) const
{
    std::vector<Trial> own;
    std::copy_if(trials.begin(), trials.end(), std::back_inserter(own),
                 [&](const Trial& trial) { return trial.cell >= first(shard) && trial.cell < end(shard); });
    return own;
}

} // namespace hayloft
