// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli bench: how fast this machine encodes, decodes and searches keys, all in one run.
#include "app/cli/BenchReport.h"
#include "app/cli/Commands.h"
#include "app/cli/GuiBench.h"
#include "app/cli/ProgressBar.h"
#include "app/cli/ReconstructionTable.h"
#include "core/base/Format.h"
#include "core/base/Paths.h"
#include "core/compute/PrecisionName.h"
#include "core/memory/Memory.h"
#include "core/model/Machine.h"
#include "core/model/TrainingText.h"
#include "core/recall/QuestionRanking.h"
#include "core/text/Document.h"

#include <algorithm>
#include <ostream>

namespace hayloft {

namespace {

struct BenchSettings {
    std::vector<std::filesystem::path> documents;
    int segments = 512, queries = 256, repeats = 3;
    Index rows = 16384;
    std::vector<std::filesystem::path> reconstruct;
    std::filesystem::path questions;
    int perBucket = 1000;
    std::uint64_t seed = 1;
    bool examples = false;
    ModelOptions model;
};

struct Speeds {
    double gflops = 0;         ///< of a plain matrix product
    double encode = 0;         ///< tokens/s
    double decode = 0;         ///< tokens/s
    double searchGflops = 0;
    double queries = 0;        ///< keys searched a second
    double writes = 0;         ///< segments/s into a fixed memory
};

double bestOf(int repeats, const std::function<void()>& work)
{
    double best = secondsOf(work);
    for (int i = 1; i < repeats; ++i)
        best = std::min(best, secondsOf(work));
    return std::max(best, 1e-9);
}

std::vector<TokenIds> someSegments(const BenchSettings& settings, const LatentModel& model, const Task& task)
{
    const Document document = loadBenchDocument(settings.documents, task);
    std::vector<TokenIds> sequences;
    for (Segment& segment :
        segmentText(document.text, model.tokenizer(), { SegmenterKind::Sentence, model.info().maxTokens }, task))
        if (!segment.tokens.empty() && sequences.size() < static_cast<std::size_t>(settings.segments))
            sequences.push_back(std::move(segment.tokens));
    return sequences;
}

void measureModel(const BenchSettings& settings, const LatentModel& model, const Task& task, Speeds& speeds)
{
    const auto sequences = someSegments(settings, model, task);
    std::size_t tokens = 0, decoded = 0;
    for (const TokenIds& ids : sequences)
        tokens += ids.size();
    Matrix latents;
    speeds.encode = static_cast<double>(tokens) / bestOf(settings.repeats, [&] { latents = model.encode(sequences, task); });
    const double seconds = bestOf(settings.repeats, [&] {
        decoded = 0;
        for (const Decoded& answer : model.decode(latents, task))
            decoded += answer.ids.size();
    });
    speeds.decode = static_cast<double>(decoded) / seconds;
}

void measureMemory(const BenchSettings& settings, int latentSize, Speeds& speeds)
{
    const Matrix queries = randomMatrix(settings.queries, latentSize, 1);
    Memory memory = Memory::fixed(randomMatrix(settings.rows, latentSize, 2));
    const double seconds = bestOf(settings.repeats, [&] { nearestRows(memory.keys(), queries, 5); });
    speeds.queries = static_cast<double>(queries.rows()) / seconds;
    speeds.searchGflops = 2e-9 * static_cast<double>(settings.rows) * latentSize * speeds.queries;
    speeds.writes = static_cast<double>(queries.rows()) / bestOf(settings.repeats, [&] { memory.writeAll(queries, queries); });
}

void print(const BenchSettings& settings, const ModelInfo& model, const Speeds& speeds, std::ostream& out)
{
    const MachineInfo machine = describeMachine(model.device);
    out << "machine     " << machine.cpu << ", " << machine.threads << " threads, " << machine.blas << " " << machine.blasCore
        << ", model on " << model.device << " in " << nameOf(model.precision) << "\n"
        << formatted("sgemm       %.1f GFLOP/s\n", speeds.gflops)
        << formatted("encode      %.0f tokens/s\n", speeds.encode)
        << formatted("decode      %.0f tokens/s (%.2f of encode)\n", speeds.decode, speeds.decode / std::max(speeds.encode, 1e-9))
        << formatted("key search  %.0f keys/s over %s rows, %.1f GFLOP/s (%.2f of sgemm)\n", speeds.queries,
               grouped(settings.rows).c_str(), speeds.searchGflops, speeds.searchGflops / std::max(speeds.gflops, 1e-9))
        << formatted("write       %.0f segments/s over %s rows (%.2f of key search)\n", speeds.writes,
               grouped(settings.rows).c_str(), speeds.writes / std::max(speeds.queries, 1e-9));
}

void runReconstruction(const BenchSettings& settings, const CliContext& context)
{
    if (settings.perBucket < 1)
        throw Error("nothing to measure", "--per-bucket " + std::to_string(settings.perBucket), "give 1 or more");
    const auto model = settings.model.open(context);
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const Corpus corpus(settings.reconstruct);
    const ReconstructionReport report = measureReconstruction(
        *model, corpus.text(), settings.perBucket, settings.seed, bar.task(context.services.stop));
    bar.clear();
    printReconstruction(report, settings.examples, context.out);
}

void runRanking(const BenchSettings& settings, const CliContext& context)
{
    const auto needles = loadNeedles(settings.questions);
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const Task task = bar.task(context.services.stop);
    const Document document = loadBenchDocument(settings.documents, task);
    const auto model = settings.model.open(context);
    const auto rows = rankQuestions(*model, document.text, needles, { SegmenterKind::Sentence, model->info().maxTokens }, task);
    bar.clear();
    context.out << formatted("%-9s %9s  %-25s %9s %7s %7s\n", "search", "questions", "row found first", "among 10", "median", "MRR");
    for (const RankingRow& row : rows)
        context.out << formatted("%-9s %9d  %.4f [%.4f, %.4f]   %9.4f %7.0f %7.3f\n", row.search.c_str(), row.questions,
            row.questions > 0 ? static_cast<double>(row.first) / row.questions : 0.0, row.ci95.low, row.ci95.high,
            row.questions > 0 ? static_cast<double>(row.amongTen) / row.questions : 0.0, row.medianRank, row.meanReciprocal);
}

void runBench(const BenchSettings& settings, const CliContext& context)
{
    if (!settings.reconstruct.empty())
        return runReconstruction(settings, context);
    if (!settings.questions.empty())
        return runRanking(settings, context);
    if (settings.segments < 1 || settings.queries < 1 || settings.repeats < 1 || settings.rows < 1)
        throw Error("nothing to measure", "bench", "give numbers of 1 or more");
    const auto model = settings.model.open(context);
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    Speeds speeds;
    speeds.gflops = measureGflops(2048, settings.repeats);
    measureModel(settings, *model, bar.task(context.services.stop), speeds);
    measureMemory(settings, model->info().latentSize, speeds);
    bar.clear();
    print(settings, model->info(), speeds, context.out);
}

} // namespace

void addBenchCommand(CLI::App& app, CliContext& context)
{
    CLI::App* command = app.add_subcommand("bench", "Speed of encoding, decoding and key search, with their ratios");
    const auto settings = std::make_shared<BenchSettings>();
    command->add_option("--document", settings->documents, "Text to encode (default: the sample haystacks)")->expected(1, -1)->type_name("PATH...");
    command->add_option("--segments", settings->segments, "Segments to encode and decode")->capture_default_str()->type_name("N");
    command->add_option("--rows", settings->rows, "K, rows of the key memory")->capture_default_str()->type_name("K");
    command->add_option("--queries", settings->queries, "Keys searched in one batch")->capture_default_str()->type_name("N");
    command->add_option("--repeats", settings->repeats, "Best of so many")->capture_default_str()->type_name("N");
    auto* text = command->add_option("--reconstruct", settings->reconstruct,
        "Measure instead how exactly segments of this text (never trained on; .xz too) come back")->expected(1, -1)->type_name("PATH...");
    command->add_option("--per-bucket", settings->perBucket, "Segments of each length and kind")->capture_default_str()->type_name("N")->needs(text);
    command->add_option("--seed", settings->seed, "Draws the segments")->capture_default_str()->type_name("S")->needs(text);
    command->add_flag("--examples", settings->examples, "Show the first miss of each")->needs(text);
    command->add_option("--questions", settings->questions,
        "Measure instead whether questions find their needles' rows first in --document: content keys, the untrained floor, BM25")
        ->type_name("FILE")->excludes(text);
    settings->model.addTo(*command);
    command->footer("Compare the ratios, or figures of one run: absolute times vary from run to run.\n\nExamples:\n"
                    "  hayloft-cli bench\n"
                    "  hayloft-cli bench encode --document book.txt --tokens 1m --out encode.json\n"
                    "  hayloft-cli bench sweep-137k --document book.txt\n"
                    "  hayloft-cli bench gpm --latents 16 --queries 5\n"
                    "  hayloft-cli bench --rows 100000 --queries 1 --segments 64\n"
                    "  hayloft-cli bench --reconstruct held-out.txt --per-bucket 1000 --examples\n"
                    "  hayloft-cli bench --questions paraphrases.jsonl --document book.txt");
    addEncodeBench(*command, context);
    addDecodeBench(*command, context);
    addWriteBench(*command, context);
    addReadBench(*command, context);
    addGenerativeBench(*command, context);
    addSweepBenches(*command, context);
    addScaleBench(*command, context);
    addGuiBench(*command, context);
    command->require_subcommand(0, 1);
    command->callback([command, settings, &context] {
        if (command->get_subcommands().empty()) // a workload's own callback has run
            runBench(*settings, context);
    });
}

} // namespace hayloft
