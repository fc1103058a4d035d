// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up run records for tests of the panels.
#pragma once

#include "core/store/RunRecord.h"
#include "tests/widgets/Controls.h"

namespace hayloft::test {

/// Cell (x, y) of the grid has (x + 2 y) % (trials + 1) hits; its misses come last but one trial before the end.
inline RunRecord fakeRun(const std::vector<std::int64_t>& lengths, const std::vector<double>& depths, int trials, std::uint64_t seed = 1)
{
    RunRecord record;
    record.created = "2026-01-02T03:04:05Z";
    record.hayloftVersion = "0.1.0";
    record.model.name = "larimar-mini";
    record.model.sha256 = std::string(64, 'a');
    record.plan.lengths = lengths;
    record.plan.depths = depths;
    record.plan.trials = trials;
    record.plan.seed = seed;
    record.plan.memory.prefixTokens = 4;
    record.result.haystack.source = "harbour.txt";
    record.result.haystack.sha256 = std::string(64, 'b');
    record.result.haystack.tokens = 25000;
    record.result.prefixTokens = 4;
    for (std::size_t x = 0; x < lengths.size(); ++x)
        for (std::size_t y = 0; y < depths.size(); ++y) {
            Cell cell;
            cell.lengthTokens = lengths[x];
            cell.depthPercent = depths[y];
            cell.lengthAchieved = double(lengths[x]) - 3;
            cell.depthAchieved = depths[y];
            cell.trials = trials;
            cell.hits = int((x + 2 * y + seed - 1) % std::size_t(trials + 1));
            cell.recall = double(cell.hits) / trials;
            cell.ci95 = wilson(cell.hits, trials);
            for (int t = 0; t < trials; ++t) {
                Sample sample;
                sample.seed = trialSeed(seed, cell.lengthTokens, cell.depthPercent, t);
                sample.expected = "4471";
                sample.correct = t < cell.hits;
                sample.answer = sample.correct ? "The pass key is 4471." : "The pass key is 17.";
                cell.samples.push_back(sample);
            }
            record.result.cells.push_back(cell);
        }
    return record;
}

} // namespace hayloft::test
