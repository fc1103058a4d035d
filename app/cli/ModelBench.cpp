// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli bench encode, decode: the network.
#include "app/cli/BenchReport.h"

#include "app/cli/ProgressBar.h"
#include "core/base/Files.h"
#include "core/model/EncoderCost.h"
#include "core/model/Machine.h"
#include "core/recall/SweepPlan.h"

#include <algorithm>

namespace hayloft {

namespace {

struct EncodeSettings {
    ModelBenchOptions bench;
    std::string tokens = "1m";
    int alone = 2000;
    std::filesystem::path segments;
};

void writeSegments(const std::vector<TokenIds>& segments, const std::filesystem::path& file)
{
    std::string lines;
    for (const auto& segment : segments)
        lines += nlohmann::json(segment).dump() + "\n";
    writeFileAtomically(file, lines);
}

void runEncode(const EncodeSettings& settings, const CliContext& context)
{
    settings.bench.check();
    if (settings.alone < 1)
        throw Error("nothing to encode one at a time", "--alone " + std::to_string(settings.alone), "give 1 or more");
    const std::int64_t wanted = parseLengths(settings.tokens).front();
    const auto model = settings.bench.model.open(context);
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const Task task = bar.task(context.services.stop);
    const auto segments = benchSegments(settings.bench, *model, wanted, task);
    if (!settings.segments.empty())
        writeSegments(segments, settings.segments);
    const double gflops = measureGflops(4096, 5);
    Matrix latents;
    const Times times = timesOf(settings.bench.repeats, [&] { latents = model->encode(segments, task); });
    const std::vector<TokenIds> few(segments.begin(), segments.begin() + std::min<std::ptrdiff_t>(settings.alone, static_cast<std::ptrdiff_t>(segments.size())));
    const Times alone = timesOf(settings.bench.repeats, [&] {
        for (const auto& segment : few)
            model->encode({ segment });
        task.check();
    });
    bar.clear();

    const double flops = encoderFlops(model->info().directory, segments), tokens = static_cast<double>(tokensOf(segments));
    BenchReport report("encode", settings.bench, model->info());
    report.input("segments") = segments.size();
    report.input("tokens") = tokensOf(segments);
    report["seconds"] = times.json();
    report["tokens_per_s"] = tokens / times.median();
    report["sgemm_gflops"] = gflops;
    report["model_gflop"] = flops * 1e-9;
    report["model_gflops"] = flops / times.median() * 1e-9;
    report["share_of_sgemm"] = flops / times.median() * 1e-9 / gflops;
    report["one_at_a_time_tokens_per_s"] = static_cast<double>(tokensOf(few)) / alone.median();
    report["peak_memory_gb"] = peakMemory();
    report.write(settings.bench, context.out);
}

struct DecodeSettings {
    ModelBenchOptions bench;
    std::vector<int> batches { 1, 512 };
};

void runDecode(const DecodeSettings& settings, const CliContext& context)
{
    settings.bench.check();
    const int most = *std::max_element(settings.batches.begin(), settings.batches.end());
    if (*std::min_element(settings.batches.begin(), settings.batches.end()) < 1)
        throw Error("an empty batch", "--batches", "give numbers of 1 or more");
    const auto model = settings.bench.model.open(context);
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const Task task = bar.task(context.services.stop);
    auto segments = benchSegments(settings.bench, *model, std::int64_t { most } * model->info().maxTokens, task);
    segments.resize(std::min(segments.size(), static_cast<std::size_t>(most)));
    const Matrix latents = model->encode(segments, task);
    BenchReport report("decode", settings.bench, model->info());
    for (const int batch : settings.batches) {
        // As many answers in small batches as make a measurable time.
        const Index rows = std::min<Index>(latents.rows(), batch), answers = std::min<Index>(latents.rows(), std::max(batch, 64));
        std::size_t tokens = 0;
        const Times times = timesOf(settings.bench.repeats, [&] {
            tokens = 0;
            for (Index first = 0; first + rows <= answers; first += rows)
                for (const auto& decoded : model->decode(latents.middleRows(first, rows), task))
                    tokens += decoded.ids.size();
        });
        const double decoded = static_cast<double>(answers / rows * rows);
        report[("batch_" + std::to_string(batch)).c_str()] = { { "answers", decoded }, { "seconds", times.json() },
            { "answers_per_s", decoded / times.median() }, { "tokens_per_s", static_cast<double>(tokens) / times.median() } };
    }
    bar.clear();
    report["peak_memory_gb"] = peakMemory();
    report.write(settings.bench, context.out);
}

} // namespace

void addEncodeBench(CLI::App& bench, CliContext& context)
{
    CLI::App* command = bench.add_subcommand("encode", "Segments to latents: tokens/s, and the share of the machine's sgemm speed");
    const auto settings = std::make_shared<EncodeSettings>();
    settings->bench.addTo(*command);
    command->add_option("--tokens", settings->tokens, "How much of the text")->capture_default_str()->type_name("N");
    command->add_option("--alone", settings->alone, "Segments that are encoded one at a time, to compare")->capture_default_str()->type_name("N");
    command->add_option("--write-segments", settings->segments, "Write the segments' token ids, for tests/bench/pytorch_encode.py")->type_name("FILE");
    command->callback([settings, &context] { runEncode(*settings, context); });
}

void addDecodeBench(CLI::App& bench, CliContext& context)
{
    CLI::App* command = bench.add_subcommand("decode", "Latents to answers: answers/s by batch size");
    const auto settings = std::make_shared<DecodeSettings>();
    settings->bench.addTo(*command);
    command->add_option("--batches", settings->batches, "Batch sizes")->expected(1, -1)->capture_default_str()->type_name("N...");
    command->callback([settings, &context] { runDecode(*settings, context); });
}

} // namespace hayloft
