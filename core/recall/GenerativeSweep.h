// SPDX-License-Identifier: GPL-3.0-or-later
// The fast path of a sweep with pseudo-inverse addressing.
#pragma once

#include "core/memory/GramSums.h"
#include "core/recall/LatentStore.h"
#include "core/recall/TrialSolver.h"

#include <optional>

namespace hayloft {

/// Gives what NaiveSweep gives: answers exactly, readouts within 1e-5. Every text is encoded once. With exact inverses a trial of at
/// least K segments never gathers them: Z^T Z of its window comes from GramSums, its needle's and split pieces' is added, and the
/// memory is solved from that. The published iteration, observation noise and fewer segments write the latents themselves. All noise
/// of a trial comes from its seed.
class GenerativeSweep : public TrialSolver {
public:
    GenerativeSweep(const SweepSetup& setup, SweepClock& clock);
    void prepare(std::span<const Trial> all, const Task& task) override;
    std::size_t batchSize() const override { return 64; }
    std::vector<TrialOutcome> run(std::span<const Trial> trials, const Task& task) override;

protected:
    /// Z^T Z of the whole pieces of a strip. Virtual for the test that proves that a wrong fast path is noticed.
    virtual Eigen::MatrixXd gramOf(const ContextLayout& layout, const Strip& strip) const;

private:
    void encodeNew(const Task& task);
    GenerativeMemory written(const Trial& trial);
    Matrix latentsOf(const std::vector<TokenIds>& sequences);
    Matrix gather(const ContextLayout& layout);
    void notePlanted(const Trial& trial, TrialOutcome& outcome) const;
    void decode(std::vector<TrialOutcome>& outcomes, const std::vector<std::string>& prompts, const Task& task);

    const SweepSetup& m_setup;
    SweepClock& m_clock;
    KeyEncoder m_encoder;
    AnswerDecoder m_decoder;
    LatentStore m_latents;
    std::vector<Index> m_pieceLatent; ///< N rows in m_latents, -1 where no trial needs the piece
    std::optional<GramSums> m_sums;   ///< over the pieces; zero where no trial needs one
    Index m_rows;                     ///< K
};

} // namespace hayloft
