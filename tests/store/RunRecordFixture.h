// SPDX-License-Identifier: GPL-3.0-or-later
// A made-up run record with every field set.
#pragma once

#include "core/base/Random.h"
#include "core/store/RunRecord.h"

namespace hayloft::test {

inline Sample makeSample(Random& random, bool correct)
{
    Sample sample;
    sample.seed = random.next(); // above 2^53: must survive as an integer
    sample.haystackOffset = static_cast<std::int64_t>(random.below(5000));
    sample.prefix = "The pass key is";
    sample.expected = "4471";
    sample.answer = "The pass key is 4471. \"quoted\"\n\xEC\x97\xB4\xEC\x87\xA0";
    sample.correct = correct;
    sample.failure = correct ? Failure::None : Failure::RowShared;
    sample.digitAccuracy = random.uniform();
    sample.rougeL = random.uniform();
    sample.writeRow = static_cast<Index>(random.below(9000));
    sample.readRow = correct ? sample.writeRow : -1;
    sample.rowSegments = 2;
    sample.keyDistance = static_cast<float>(random.uniform()) / 3.0f;
    sample.depthAchieved = 100 * random.uniform();
    sample.lengthAchieved = static_cast<std::int64_t>(random.below(100000));
    return sample;
}

inline Cell makeCell(Random& random, std::int64_t length, double depth)
{
    Cell cell;
    cell.lengthTokens = length;
    cell.depthPercent = depth;
    cell.lengthAchieved = static_cast<double>(length) - random.uniform();
    cell.depthAchieved = depth;
    cell.trials = 3;
    cell.hits = 2;
    cell.recall = 2.0 / 3.0;
    cell.ci95 = wilson(2, 3);
    cell.rougeL = random.uniform();
    for (int trial = 0; trial < cell.trials; ++trial)
        cell.samples.push_back(makeSample(random, trial > 0));
    return cell;
}

inline RunRecord makeRecord()
{
    Random random(7);
    RunRecord record;
    record.created = "2026-01-02T03:04:05Z";
    record.hayloftVersion = "0.1.0";
    record.machine = { "Some CPU", "avx512", "OpenBLAS 0.3.21", "Zen", 2, "1.13.1", "cpu" };
    record.model = { "larimar-mini", std::string(64, 'a'), 12345678, 768, 64 };
    record.plan.task.kind = TaskKind::Passkey;
    record.plan.task.digits = 4;
    record.plan.task.placement = Placement::Inside;
    record.plan.segmenter = { SegmenterKind::Paragraph, 48 };
    record.plan.memory.keys = KeyKind::Whole;
    record.plan.memory.keyMemory = KeyMemoryKind::Fixed;
    record.plan.memory.rows = 4096;
    record.plan.lengths = { 1000, 2000 };
    record.plan.depths = { 0, 33.3, 100 };
    record.plan.trials = 3;
    record.plan.controls = 5;
    record.plan.seed = 0xFFFFFFFFFFFFFFFFull;
    record.plan.path = SweepPath::Naive;
    for (const std::int64_t length : record.plan.lengths)
        for (const double depth : record.plan.depths)
            record.result.cells.push_back(makeCell(random, length, depth));
    record.result.controls = { 5, 1, {} };
    record.result.timing = { 1.5, 0.25, 0.125, 3, 5, 200000, 133333.25 };
    record.result.haystack = { "a.txt, b \"c\".txt", std::string(64, 'b'), 1500, 1.3333 };
    record.result.prefixTokens = 4;
    record.result.rows = 4096;
    return record;
}

} // namespace hayloft::test
