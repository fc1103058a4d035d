// SPDX-License-Identifier: GPL-3.0-or-later
// The reference path of a sweep: every trial assembles, segments, encodes, writes, reads and decodes on its own.
#pragma once

#include "core/recall/TrialSolver.h"

namespace hayloft {

/// Shares with the fast path only the rules of where needles go, the tokenizer and the network's forward pass.
class NaiveSweep : public TrialSolver {
public:
    NaiveSweep(const SweepSetup& setup, SweepClock& clock) : m_setup(setup), m_clock(clock) {}
    void prepare(std::span<const Trial>, const Task&) override {}
    std::size_t batchSize() const override { return 1; }
    std::vector<TrialOutcome> run(std::span<const Trial> trials, const Task& task) override;

private:
    TrialOutcome runOne(const Trial& trial, const Task& task);
    std::vector<Index> write(Memory& memory, const std::vector<TokenIds>& segments, const Task& task);
    void ask(const Trial& trial, const Memory& memory, TrialOutcome& outcome, const Task& task);
    void writeAndAsk(const Trial& trial, const std::vector<TokenIds>& segments, TrialOutcome& outcome, const Task& task);
    Matrix encode(const std::vector<TokenIds>& sequences, const Task& task);

    const SweepSetup& m_setup;
    SweepClock& m_clock;
};

} // namespace hayloft
