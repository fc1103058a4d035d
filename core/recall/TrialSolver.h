// SPDX-License-Identifier: GPL-3.0-or-later
// What both paths of a sweep get and give, trial by trial; tests compare the two on it.
#pragma once

#include "core/memory/Memory.h"
#include "core/recall/HaystackAssembly.h"
#include "core/recall/KeyEncoder.h"
#include "core/recall/SweepClock.h"

#include <memory>
#include <span>

namespace hayloft {

/// One drawn trial.
struct Trial {
    std::size_t cell = 0;
    int number = 0;           ///< within the cell
    std::uint64_t seed = 0;
    std::int64_t lengthTokens = 0;
    double depthPercent = 0;
    bool control = false;     ///< nothing is planted
    TrialNeedle needle;
    Index offset = 0;         ///< start of the rotation
    ContextLayout layout;     ///< what is planted where
};

/// Settings of a sweep after its checks, shared by all trials.
struct SweepSetup {
    const SweepPlan& plan;
    const Haystack& haystack;
    const LatentModel& model;
    int prefixTokens = 0; ///< P, the model's default filled in
    Matrix keyRows;       ///< K x C of a fixed key memory, else empty
};

/// What a path found for one trial.
struct TrialOutcome {
    Index writeRow = -1;            ///< of the first planted segment; -1 for a control
    std::vector<Index> answerRows;  ///< rows of the planted segments that hold the answer
    Index readRow = -1;
    Index rowSegments = 0;
    float keyDistance = 0;
    RowVector latent;               ///< z_read, 1 x C: all that the answer is decoded from
    std::string answer;
    std::string query;              ///< as it was encoded
    double depthAchieved = 0;       ///< percent
    std::int64_t lengthAchieved = 0; ///< tokens
    Index rows = 0;                 ///< K of this trial's memory
};

/// One path through the trials of a sweep. Called on one thread; stages are timed with the clock.
class TrialSolver {
public:
    virtual ~TrialSolver() = default;
    /// Called once with all trials, before the first run().
    virtual void prepare(std::span<const Trial> all, const Task& task) = 0;
    /// How many trials to give run() at once.
    virtual std::size_t batchSize() const = 0;
    virtual std::vector<TrialOutcome> run(std::span<const Trial> trials, const Task& task) = 0;
    const SweepTiming& timing() const { return m_timing; }

protected:
    SweepTiming m_timing; ///< totalSeconds and tokensPerSecond are left to the caller
};

/// The text that asks for a needle: its prefix or its question. @throws Error when it is empty.
const std::string& queryOf(const TrialNeedle& needle, KeyKind keys);
/// P with the model's default filled in. @throws Error for one out of range.
int effectivePrefixTokens(const MemorySettings& settings, const LatentModel& model);
/// The rows of a fixed key memory, or none for a growing one. With content keys they are those of the training
/// segments' beginnings that ship with the model. @throws Error
Matrix keyRowsFor(const MemorySettings& settings, const LatentModel& model, std::uint64_t seed, const Task& task = {});

/// All trials of the plan, cells in order (lengths outer), controls last. Identical trials of a cell appear once.
/// Checks them all before the first is run. @throws Error for a query that is empty, a length that leaves no room for the
/// haystack, and a needle that is cut so that no memory row can hold it (with prefix keys: the first planted segment,
/// which is the one the query addresses); Cancelled
std::vector<Trial> drawTrials(const SweepPlan& plan, const Haystack& haystack, const Task& task = {});
/// Checks the plan against the model. @throws Error
void checkPlan(const SweepPlan& plan, const LatentModel& model);
/// Whether a planted segment alone holds the answer.
bool holdsAnswer(const RecallTask& task, const TrialNeedle& needle, std::string_view segment);

} // namespace hayloft
