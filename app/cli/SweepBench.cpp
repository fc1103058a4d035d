// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli bench sweep-137k, sweep-1m: whole sweeps against encoding their longest context once and the naive path.
#include "app/cli/BenchReport.h"

#include "app/cli/ProgressBar.h"
#include "core/recall/Haystack.h"
#include "core/recall/KeyEncoder.h"
#include "core/recall/SweepRunner.h"
#include "core/recall/TrialSolver.h"

#include <set>

namespace hayloft {

namespace {

struct SweepBenchSettings {
    ModelBenchOptions bench;
    std::string name, lengths, depths = "0:100:11", keys = "prefix";
    int trials = 10;
    std::uint64_t seed = 1;
    int naive = 3;
};

SweepPlan planOf(const SweepBenchSettings& settings, const LatentModel& model)
{
    SweepPlan plan;
    plan.segmenter = { SegmenterKind::Sentence, model.info().maxTokens };
    plan.memory.keys = keyKindFromName(settings.keys);
    plan.lengths = parseLengths(settings.lengths);
    plan.depths = parseDepths(settings.depths);
    plan.trials = settings.trials;
    plan.seed = settings.seed;
    return plan;
}

/// Encodes the distinct segments of the haystack, and their distinct prefixes, and does nothing else.
Times timeEncodingOnce(const SweepPlan& plan, const Document& document, const LatentModel& model, int repeats, const Task& task)
{
    const Haystack haystack(document, model.tokenizer(), plan.segmenter, task);
    const KeyEncoder keys(model, plan.memory.keys, effectivePrefixTokens(plan.memory, model));
    std::set<TokenIds> segments, prefixes;
    for (Index i = 0; i < haystack.size(); ++i) {
        segments.insert(haystack.piece(i).tokens);
        prefixes.insert(keys.writeTokens(haystack.piece(i).tokens));
    }
    const std::vector<TokenIds> all(segments.begin(), segments.end()), keyed(prefixes.begin(), prefixes.end());
    return timesOf(repeats, [&] {
        model.encode(all, task);
        if (plan.memory.keys != KeyKind::Whole)
            keys.writeKeys(keyed, task);
    });
}

struct NaiveSample {
    double seconds = 0, tokens = 0;
    int trials = 0, same = 0; ///< the fast path's row and answer
};

/// First trials of cells spread over the grid, on the naive path.
NaiveSample runNaively(const SweepPlan& plan, int cells, const SweepResult& fast, const Document& document, const LatentModel& model, const Task& task)
{
    NaiveSample sample;
    for (int i = 0; i < cells; ++i) {
        const std::size_t length = cells > 1 ? static_cast<std::size_t>(i) * (plan.lengths.size() - 1) / static_cast<std::size_t>(cells - 1) : 0;
        const std::size_t depth = (static_cast<std::size_t>(i) * 3 + 1) % plan.depths.size();
        SweepPlan one = plan;
        one.path = SweepPath::Naive;
        one.lengths = { plan.lengths[length] };
        one.depths = { plan.depths[depth] };
        one.trials = 1;
        const SweepResult result = runSweep(one, document, model, task);
        const SweepTiming& timing = result.timing; // without cutting the whole haystack, which a single trial has not asked for
        sample.seconds += timing.encodeSeconds + timing.writeSeconds + timing.readSeconds + timing.decodeSeconds;
        sample.tokens += static_cast<double>(plan.lengths[length]);
        ++sample.trials;
        const Sample& naive = result.cells.front().samples.front();
        const Sample& quick = fast.cells[length * plan.depths.size() + depth].samples.front();
        sample.same += naive.seed == quick.seed && naive.readRow == quick.readRow && naive.answer == quick.answer ? 1 : 0;
    }
    return sample;
}

void runSweepBench(const SweepBenchSettings& settings, const CliContext& context)
{
    settings.bench.check();
    const auto model = settings.bench.model.open(context);
    const SweepPlan plan = planOf(settings, *model);
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const Task task = bar.task(context.services.stop);
    const Document document = beginningOf(loadBenchDocument(settings.bench.documents, task), plan.lengths.back(), model->tokenizer());
    SweepResult result;
    Times times;
    for (int i = 0; i < settings.bench.repeats; ++i)
        times.seconds.push_back(secondsOf([&] { result = runSweep(plan, document, *model, task); }));
    const double memory = peakMemory();
    SweepPlan whole = plan;
    whole.encodeUnread = true;
    Times unread;
    unread.seconds.push_back(secondsOf([&] { runSweep(whole, document, *model, task); }));
    const Times once = timeEncodingOnce(plan, document, *model, settings.bench.repeats, task);
    BenchReport report(settings.name, settings.bench, model->info());
    report.input("haystack") = document.name;
    report.input("lengths") = plan.lengths;
    report.input("depths") = plan.depths;
    report.input("trials") = plan.trials;
    report.input("keys") = settings.keys;
    report["seconds"] = times.json();
    report["stages_s"] = { { "encode", result.timing.encodeSeconds }, { "write", result.timing.writeSeconds }, { "read", result.timing.readSeconds },
                           { "decode", result.timing.decodeSeconds }, { "total", result.timing.totalSeconds } };
    report["encoding_once_s"] = once.json();
    report["ratio_to_encoding_once"] = times.median() / once.median();
    report["tokens_encoded"] = result.timing.tokensEncoded;
    report["encoding_unread_rows_too"] = { { "seconds", unread.json() }, { "ratio_to_encoding_once", unread.median() / once.median() } };
    report["peak_memory_gb"] = memory;
    int hits = 0, trials = 0;
    double contexts = 0;
    for (const Cell& cell : result.cells) {
        hits += cell.hits;
        trials += cell.trials;
        contexts += static_cast<double>(cell.lengthTokens) * cell.trials;
    }
    report["hits"] = hits;
    report["trials"] = trials;
    if (settings.naive > 0) {
        const NaiveSample naive = runNaively(plan, settings.naive, result, document, *model, task);
        const double estimated = naive.seconds / naive.tokens * contexts;
        report["naive"] = { { "trials", naive.trials }, { "same_row_and_answer", naive.same }, { "seconds", naive.seconds },
                            { "estimated_whole_sweep_s", estimated }, { "ratio_to_fast", estimated / times.median() } };
    }
    bar.clear();
    report.write(settings.bench, context.out);
}

void addSweepBench(CLI::App& bench, CliContext& context, const std::string& name, const std::string& lengths, int trials)
{
    CLI::App* command = bench.add_subcommand(name, "A whole sweep, lengths " + lengths + ": seconds, against encoding once and the naive path");
    const auto settings = std::make_shared<SweepBenchSettings>();
    settings->name = name;
    settings->lengths = lengths;
    settings->trials = trials;
    settings->bench.addTo(*command);
    command->add_option("--lengths", settings->lengths, "Context lengths, tokens")->capture_default_str()->type_name("a:b:n");
    command->add_option("--depths", settings->depths, "Needle depths, percent")->capture_default_str()->type_name("a:b:n");
    command->add_option("--trials", settings->trials, "Trials per cell")->capture_default_str()->type_name("N");
    command->add_option("--keys", settings->keys, "prefix, whole or content")->capture_default_str()->type_name("KIND");
    command->add_option("--seed", settings->seed, "Draws the trials")->capture_default_str()->type_name("S");
    command->add_option("--naive", settings->naive, "Trials that are run on the naive path too (0: none)")->capture_default_str()->type_name("N");
    command->callback([settings, &context] { runSweepBench(*settings, context); });
}

} // namespace

void addSweepBenches(CLI::App& bench, CliContext& context)
{
    addSweepBench(bench, context, "sweep-137k", "1k:137k:10", 10);
    addSweepBench(bench, context, "sweep-1m", "10k:1m:10", 5);
}

} // namespace hayloft
