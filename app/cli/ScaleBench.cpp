// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli bench scale: cost, memory and recall of ever longer contexts.
#include "app/cli/BenchReport.h"

#include "app/cli/ProgressBar.h"
#include "core/base/Format.h"
#include "core/recall/SweepRunner.h"

#include <ostream>

namespace hayloft {

namespace {

struct ScaleSettings {
    ModelBenchOptions bench;
    std::vector<std::string> lengths { "10k", "100k", "1m" };
    std::string depths = "0:100:5", keys = "prefix", latents = "float32";
    int trials = 4;
};

void runScale(const ScaleSettings& settings, const CliContext& context)
{
    settings.bench.check();
    std::vector<std::int64_t> lengths;
    for (const auto& length : settings.lengths)
        lengths.push_back(parseLengths(length).front());
    const bool table = !settings.bench.out.empty(); // else the JSON goes where it would
    const auto model = settings.bench.model.open(context);
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const Task task = bar.task(context.services.stop);
    const Document document = loadBenchDocument(settings.bench.documents, task);
    BenchReport report("scale", settings.bench, model->info());
    report.input("haystack") = document.name;
    report.input("depths") = parseDepths(settings.depths);
    report.input("trials") = settings.trials;
    report.input("keys") = settings.keys;
    report.input("latents") = settings.latents;
    report["lengths"] = nlohmann::ordered_json::array();
    if (table)
        context.out << "     tokens       rows   encode s    total s     s per 1M   peak GB   hits\n";
    for (const std::int64_t length : lengths) {
        SweepPlan plan;
        plan.segmenter = { SegmenterKind::Sentence, model->info().maxTokens };
        plan.memory.keys = keyKindFromName(settings.keys);
        plan.memory.latents = latentFormatFromName(settings.latents);
        plan.lengths = { length };
        plan.depths = parseDepths(settings.depths);
        plan.trials = settings.trials;
        plan.encodeUnread = true; // what a memory of the whole context costs, not what a sweep gets by with
        const Document part = beginningOf(document, plan.lengths.front(), model->tokenizer());
        SweepResult result;
        const double seconds = secondsOf([&] { result = runSweep(plan, part, *model, task); });
        bar.clear();
        int hits = 0, trials = 0;
        for (const Cell& cell : result.cells) {
            hits += cell.hits;
            trials += cell.trials;
        }
        const Interval ci = wilson(hits, trials);
        const double tokens = static_cast<double>(plan.lengths.front());
        report["lengths"].push_back({ { "tokens", plan.lengths.front() }, { "haystack_repeats", result.haystack.repeats }, { "rows", result.rows },
            { "seconds", seconds }, { "encode_s", result.timing.encodeSeconds }, { "read_s", result.timing.readSeconds }, { "decode_s", result.timing.decodeSeconds },
            { "seconds_per_1m_tokens", seconds / tokens * 1e6 }, { "peak_memory_gb", peakMemory() }, { "hits", hits }, { "trials", trials }, { "ci95", { ci.low, ci.high } } });
        if (table)
            context.out << formatted("%11s %10s %10.1f %10.1f %12.1f %9.2f   %d/%d\n", grouped(plan.lengths.front()).c_str(), grouped(result.rows).c_str(),
            result.timing.encodeSeconds, seconds, seconds / tokens * 1e6, peakMemory(), hits, trials);
    }
    report.write(settings.bench, context.out);
}

} // namespace

void addScaleBench(CLI::App& bench, CliContext& context)
{
    CLI::App* command = bench.add_subcommand("scale", "Seconds, memory and recall by context length, the shortest first");
    const auto settings = std::make_shared<ScaleSettings>();
    settings->bench.addTo(*command);
    command->add_option("--lengths", settings->lengths, "Context lengths in tokens, ascending")->expected(1, -1)->capture_default_str()->type_name("N...");
    command->add_option("--depths", settings->depths, "Needle depths, percent")->capture_default_str()->type_name("a:b:n");
    command->add_option("--trials", settings->trials, "Trials per depth")->capture_default_str()->type_name("N");
    command->add_option("--keys", settings->keys, "prefix, whole or content")->capture_default_str()->type_name("KIND");
    command->add_option("--latents", settings->latents, "float32 or float16")->capture_default_str()->type_name("FORMAT");
    command->callback([settings, &context] { runScale(*settings, context); });
}

} // namespace hayloft
