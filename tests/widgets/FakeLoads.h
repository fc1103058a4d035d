// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up records of sweeps over loads.
#pragma once

#include "core/store/LoadRecord.h"
#include "tests/widgets/FakeRun.h"

namespace hayloft::test {

/// One load: 20 trials at one cell, the first `hits` of them right. The nearest row: N = 800 and K = N / load; else K = 512.
inline LoadRun fakeLoad(double load, int hits, Addressing addressing = Addressing::NearestRow)
{
    const bool nearest = addressing == Addressing::NearestRow;
    LoadRun point;
    point.load = load;
    point.segments = nearest ? 800 : Index(512 * load);
    point.run = fakeRun({ nearest ? std::int64_t(20000) : std::int64_t(14000 * load) }, { 50 }, 20, 1);
    point.run.plan.memory.addressing = addressing;
    point.run.plan.memory.keyMemory = KeyMemoryKind::Fixed;
    point.run.plan.memory.rows = point.run.result.rows = nearest ? Index(800 / load) : 512;
    Cell& cell = point.run.result.cells.front();
    cell.hits = hits;
    cell.recall = hits / 20.0;
    cell.ci95 = wilson(hits, 20);
    for (int i = 0; i < 20; ++i)
        cell.samples[std::size_t(i)].correct = i < hits;
    return point;
}

/// The nearest row forgets slowly, the pseudo-inverse all at once.
inline LoadRecord fakeLoads(Addressing addressing = Addressing::NearestRow)
{
    const bool nearest = addressing == Addressing::NearestRow;
    LoadRecord record;
    for (const auto& [load, hits] : { std::pair { 0.5, nearest ? 18 : 20 }, std::pair { 1.0, nearest ? 12 : 20 }, std::pair { 2.0, nearest ? 7 : 0 } })
        record.runs.push_back(fakeLoad(load, hits, addressing));
    return record;
}

} // namespace hayloft::test
