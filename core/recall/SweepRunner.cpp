// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/SweepRunner.h"

#include "core/base/Sha256.h"
#include "core/recall/AbsenceCheck.h"
#include "core/recall/Baselines.h"
#include "core/recall/FastSweep.h"
#include "core/recall/GenerativeSweep.h"
#include "core/recall/NaiveSweep.h"
#include "core/recall/ShardPartition.h"
#include "core/recall/TrialScoring.h"

#include <algorithm>

namespace hayloft {

namespace {

void finishCell(Cell& cell)
{
    cell.trials = static_cast<int>(cell.samples.size());
    for (const auto& sample : cell.samples) {
        cell.hits += sample.correct ? 1 : 0;
        cell.lengthAchieved += static_cast<double>(sample.lengthAchieved);
        cell.depthAchieved += sample.depthAchieved;
        cell.rougeL += sample.rougeL;
        cell.rulerScore += sample.rulerScore;
    }
    // Divided once: a sum of n shares of 1/n can come out above 1, which no reader of records takes for a rate.
    for (double* mean : {&cell.lengthAchieved, &cell.depthAchieved, &cell.rougeL, &cell.rulerScore})
        *mean /= std::max(1, cell.trials);
    cell.recall = cell.trials > 0 ? static_cast<double>(cell.hits) / cell.trials : 0;
    cell.ci95 = wilson(cell.hits, cell.trials);
}

/// Collects outcomes into cells and hands out a cell when its last trial is in.
class Collector {
public:
    Collector(const SweepSetup& setup, std::span<const Trial> trials, SweepClock& clock, const CellFn& onCell)
        : m_plan(setup.plan), m_absence(setup.plan, setup.model), m_clock(clock), m_onCell(onCell),
          m_left(setup.plan.lengths.size() * setup.plan.depths.size(), 0)
    {
        const SweepPlan& plan = m_plan;
        if (m_absence.judges())
            result.controls.answered = 0;
        result.cells.resize(m_left.size());
        for (std::size_t i = 0; i < m_left.size(); ++i) {
            result.cells[i].lengthTokens = plan.lengths[i / plan.depths.size()];
            result.cells[i].depthPercent = plan.depths[i % plan.depths.size()];
        }
        for (const auto& trial : trials)
            m_left[trial.cell] += trial.control ? 0 : 1;
    }

    /// @param found nothing where no baselines are measured
    void add(const Trial& trial, const TrialOutcome& outcome, const FoundFirst* found)
    {
        result.rows = std::max(result.rows, outcome.rows);
        if (trial.control) {
            ++result.controls.trials;
            result.controls.falseAnswers += isFalseAnswer(m_plan, trial, outcome) ? 1 : 0;
            if (m_absence.judges())
                *result.controls.answered += m_absence.upheld(trial.needle, outcome.answers) ? 1 : 0;
            return;
        }
        Cell& cell = result.cells[trial.cell];
        cell.samples.push_back(sampleOf(m_plan, trial, outcome));
        if (m_absence.judges())
            judge(trial, outcome, cell);
        if (found)
            count(*found, cell);
        if (--m_left[trial.cell] > 0)
            return;
        finishCell(cell);
        if (m_onCell)
            m_clock.stopped([&] { m_onCell(cell); });
    }

    SweepResult result;

private:
    static void count(const FoundFirst& found, Cell& cell)
    {
        FoundCounts& counts = cell.foundFirst ? *cell.foundFirst : cell.foundFirst.emplace();
        counts.content += found.content ? 1 : 0;
        counts.floor += found.floor ? 1 : 0;
        counts.bm25 += found.bm25 ? 1 : 0;
    }

    void judge(const Trial& trial, const TrialOutcome& outcome, Cell& cell) const
    {
        Sample& sample = cell.samples.back();
        const auto answer = m_absence.upheld(trial.needle, outcome.answers);
        sample.absent = !answer;
        sample.upheld = answer && scoreAnswer(m_plan.task, trial.needle, *answer).correct;
        cell.upheld = cell.upheld.value_or(0) + (sample.upheld ? 1 : 0);
    }

    const SweepPlan& m_plan;
    const AbsenceCheck m_absence;
    SweepClock& m_clock;
    const CellFn& m_onCell;
    std::vector<int> m_left; ///< trials still to come, per cell
};

/// The caller's task with progress in `phase`, and the clock stopped while the caller is busy with it.
Task reporting(const Task& task, SweepClock& clock, std::function<Progress(const Progress&)> translate)
{
    Task inner {task.stop, {}};
    if (task.progress)
        inner.progress = [&task, &clock, translate = std::move(translate)](const Progress& p) {
            clock.stopped([&] { task.progress(translate(p)); });
        };
    return inner;
}

HaystackInfo describe(const Document& document, const Haystack& haystack, std::int64_t greatestLength)
{
    HaystackInfo info;
    info.source = document.name;
    info.sha256 = sha256(document.text);
    info.tokens = haystack.tokens();
    info.repeats = std::max(1.0, static_cast<double>(greatestLength) / static_cast<double>(haystack.tokens()));
    return info;
}

std::unique_ptr<TrialSolver> makeSolver(const SweepSetup& setup, SweepClock& clock)
{
    if (setup.plan.path == SweepPath::Naive)
        return std::make_unique<NaiveSweep>(setup, clock);
    if (setup.prior)
        return std::make_unique<GenerativeSweep>(setup, clock);
    return std::make_unique<FastSweep>(setup, clock);
}

/// The baselines of a sweep that asks for them, and how long they took.
class TimedBaselines {
public:
    TimedBaselines(const SweepSetup& setup, std::span<const Trial> trials, SweepClock& clock, const Task& task) : m_clock(clock)
    {
        if (!setup.plan.baselines)
            return;
        StageTimer timer(m_clock, seconds);
        m_baselines = std::make_unique<Baselines>(setup);
        m_baselines->prepare(trials, reporting(task, clock, [](Progress p) {
            p.phase = "keys and words to compare with";
            return p;
        }));
    }
    /// One for each trial, or none at all.
    std::vector<FoundFirst> measure(std::span<const Trial> trials, const Task& task)
    {
        StageTimer timer(m_clock, seconds);
        return m_baselines ? m_baselines->measure(trials, {task.stop, {}}) : std::vector<FoundFirst>();
    }

    double seconds = 0;

private:
    SweepClock& m_clock;
    std::unique_ptr<Baselines> m_baselines;
};

void runTrials(TrialSolver& solver, TimedBaselines& baselines, std::span<const Trial> trials, Collector& collector, SweepClock& clock,
               const Task& task)
{
    solver.prepare(trials, reporting(task, clock, [](Progress p) {
        p.phase = p.phase == "encode" ? "encode the haystack" : p.phase;
        return p;
    }));
    const auto total = static_cast<double>(trials.size());
    // The first batches are small so that the first cells show soon.
    for (std::size_t first = 0, size = std::min<std::size_t>(32, solver.batchSize()); first < trials.size();) {
        const auto batch = trials.subspan(first, std::min(size, trials.size() - first));
        const auto outcomes = solver.run(batch, reporting(task, clock, [&](const Progress&) {
            return Progress {"trials", static_cast<double>(first), total, "trials", ""};
        }));
        const auto found = baselines.measure(batch, task);
        for (std::size_t i = 0; i < batch.size(); ++i)
            collector.add(batch[i], outcomes[i], found.empty() ? nullptr : &found[i]);
        first += batch.size();
        size = std::min(2 * size, solver.batchSize());
        reporting(task, clock, [&](const Progress& p) { return p; }).report({"trials", static_cast<double>(first), total, "trials", ""});
    }
}

} // namespace

SweepResult runSweep(const SweepPlan& plan, const Document& haystack, const LatentModel& model, const Task& task, const CellFn& onCell)
{
    return runSweepShard(plan, {}, haystack, model, task, onCell);
}

SweepResult runSweepShard(const SweepPlan& plan, Shard shard, const Document& haystack, const LatentModel& model, const Task& task,
                          const CellFn& onCell)
{
    SweepClock clock;
    checkPlan(plan, model);
    const Task same = reporting(task, clock, [](const Progress& p) { return p; });
    const Haystack pieces(haystack, model.tokenizer(), plan.segmenter, same);
    auto trials = drawTrials(plan, pieces, same); // all of them, whatever the shard: a bad one is refused by every shard
    checkPrompts(plan, trials, model);
    if (!shard.isWhole())
        trials = ShardPartition(plan, pieces, trials, shard.of).trialsOf(shard.number, trials);
    SweepSetup setup {plan, pieces, model, effectivePrefixTokens(plan.memory, model), keyRowsFor(plan.memory, model, plan.seed, same)};
    setup.prior = priorFor(plan.memory, setup.keyRows);
    const auto solver = makeSolver(setup, clock);
    Collector collector(setup, trials, clock, onCell);
    TimedBaselines baselines(setup, trials, clock, task);
    runTrials(*solver, baselines, trials, collector, clock, task);
    SweepResult& result = collector.result;
    if (!shard.isWhole())
        std::erase_if(result.cells, [](const Cell& cell) { return cell.samples.empty(); });
    result.timing = solver->timing();
    result.timing.baselineSeconds = baselines.seconds;
    result.timing.totalSeconds = clock.now();
    if (result.timing.encodeSeconds > 0)
        result.timing.tokensPerSecond = static_cast<double>(result.timing.tokensEncoded) / result.timing.encodeSeconds;
    result.haystack = describe(haystack, pieces, *std::max_element(plan.lengths.begin(), plan.lengths.end()));
    result.prefixTokens = setup.prefixTokens;
    return std::move(result);
}

} // namespace hayloft
