// SPDX-License-Identifier: GPL-3.0-or-later
// What both paths of a sweep get and give, trial by trial; tests compare the two on it.
#pragma once

#include "core/recall/GenerativeReader.h"
#include "core/recall/HaystackAssembly.h"
#include "core/recall/RuleReader.h"
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
    bool control = false;     ///< nothing that is asked for is planted
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
    Matrix keyRows;       ///< K x C given before anything is written, else empty
    std::shared_ptr<const MemoryPrior> prior = nullptr; ///< of pseudo-inverse addressing: the key rows and their inverse
};

/// What a path found for one trial.
struct TrialOutcome {
    std::vector<Index> writeRows;   ///< of the first segment of each planted text, by number; -1 for one left out, and for
                                    ///< all with pseudo-inverse addressing, which writes every segment to all rows
    /// For each value (one where the task has a single answer) the rows of the planted segments from which it can be read.
    std::vector<std::vector<Index>> answerRows;
    std::vector<RowRead> reads;     ///< query by query, nearest first, each with the rows that it was followed to
    std::vector<RowAnswer> answers; ///< one per row that was not followed to, in the order of `reads`
    std::string answer;             ///< these merged
    std::string query;              ///< as it was encoded; several one a line
    std::vector<double> depths;     ///< percent, by number of the planted text; -1 for one left out
    std::int64_t lengthAchieved = 0; ///< tokens
    Index rows = 0;                 ///< K of this trial's memory

    Index writeRow() const { return writeRows.empty() ? -1 : writeRows.front(); }
    double depthAchieved() const { return depths.empty() || depths.front() < 0 ? 0.0 : depths.front(); }
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

/// The texts that ask for what a trial expects: its prefixes, or its question, which the rules may split.
/// @throws Error when one is empty.
std::vector<std::string> queriesOf(const TrialNeedle& needle, KeyKind keys, const ReadingRules& rules);
/// The same with the rows that each may read.
std::vector<RowQuery> rowQueriesOf(const TrialNeedle& needle, KeyKind keys, const ReadingRules& rules);
/// How many rows one of these queries may read. A prefix cannot say it: the question does.
int mostRowsOf(const TrialNeedle& needle, KeyKind keys, const ReadingRules& rules, const std::string& query);
/// P with the model's default filled in. @throws Error for one out of range.
int effectivePrefixTokens(const MemorySettings& settings, const LatentModel& model);
/// The rows of a fixed key memory or the model's learned ones, or none for a growing one. With content keys they are those of the training
/// segments' beginnings that ship with the model. @throws Error
Matrix keyRowsFor(const MemorySettings& settings, const LatentModel& model, std::uint64_t seed, const Task& task = {});

/// All trials of the plan, cells in order (lengths outer), controls last. Identical trials of a cell appear once.
/// Checks them all before the first is run. @throws Error for a query that is empty, a length that leaves no room for the
/// haystack, and a needle that is cut so that no memory row can hold it (with prefix keys: the first planted segment,
/// which is the one the query addresses); Cancelled
std::vector<Trial> drawTrials(const SweepPlan& plan, const Haystack& haystack, const Task& task = {});
/// Checks what the decoder is prompted with in each trial. @throws Error for a prompt that is empty or too long, and for one that is
/// a hit, or part of one, by itself: answers begin with it
void checkPrompts(const SweepPlan& plan, std::span<const Trial> trials, const LatentModel& model);
/// The pieces of the haystack that stand in some trial's context, whole or split, ascending. @param size N
std::vector<Index> piecesOf(std::span<const Trial> trials, Index size);
/// Checks the plan against the model. @throws Error
void checkPlan(const SweepPlan& plan, const LatentModel& model);
/// The segments of a planted text from which a value can be read: alone, or with those that reading would follow to.
/// @param value its number; 0 where the task has a single answer
std::vector<std::size_t> answerSegments(const SweepPlan& plan, const TrialNeedle& needle, std::size_t value, const Part& planted);
/// How many values a trial expects, and the number of the planted text that holds one.
std::size_t valuesOf(const TrialNeedle& needle);
std::size_t holderOf(const TrialNeedle& needle, std::size_t value);

} // namespace hayloft
