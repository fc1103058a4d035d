// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli bench write, read: the memory matrix.
#include "app/cli/BenchReport.h"

#include "core/memory/Memory.h"
#include "core/memory/RowSearch.h"
#include "core/model/Machine.h"

namespace hayloft {

namespace {

struct MemorySettingsOfBench {
    BenchOptions bench;
    int threads = 0;
    Index segments = 60000, rows = 16384, columns = 768, queries = 1000;
};

void checkSizes(const MemorySettingsOfBench& settings)
{
    settings.bench.check();
    if (settings.segments < 1 || settings.rows < 1 || settings.columns < 1 || settings.queries < 1)
        throw Error("nothing to measure", "bench", "give sizes of 1 or more");
}

nlohmann::ordered_json rates(const Times& times, double rows, double bytes, double bandwidth)
{
    return { { "seconds", times.json() }, { "rows_per_s", rows / times.median() }, { "gb_per_s", bytes / times.median() * 1e-9 },
             { "share_of_bandwidth", bytes / times.median() * 1e-9 / bandwidth } };
}

void runWrite(const MemorySettingsOfBench& settings, const CliContext& context)
{
    checkSizes(settings);
    useThreads(settings.threads);
    const Matrix latents = randomMatrix(settings.segments, settings.columns, 1), keys = randomMatrix(settings.segments, settings.columns, 2);
    const double bandwidth = measureReadBandwidth(), gflops = measureGflops(4096, 5);
    const double n = static_cast<double>(settings.segments), matrixBytes = static_cast<double>(latents.size()) * sizeof(float);
    BenchReport report("write", settings.bench, "cpu");
    report.input("segments") = settings.segments;
    report.input("rows") = settings.rows;
    report.input("columns") = settings.columns;
    report["read_bandwidth_gb_per_s"] = bandwidth;
    const Times growing = timesOf(settings.bench.repeats, [&] {
        Memory memory = Memory::growing(static_cast<int>(settings.columns));
        memory.writeAll(keys, latents);
    });
    report["grow"] = rates(growing, n, 4 * matrixBytes, bandwidth); // keys and latents are read once and written once
    const Memory empty = Memory::fixed(randomMatrix(settings.rows, settings.columns, 3));
    const Times fixed = timesOf(settings.bench.repeats, [&] {
        Memory memory = empty;
        memory.writeAll(keys, latents);
    });
    const double search = 2 * n * static_cast<double>(settings.rows * settings.columns);
    report["fixed"] = rates(fixed, n, 3 * matrixBytes, bandwidth);
    report["fixed"]["gflops"] = search / fixed.median() * 1e-9;
    report["fixed"]["share_of_sgemm"] = search / fixed.median() * 1e-9 / gflops;
    report["sgemm_gflops"] = gflops;
    report.write(settings.bench, context.out);
}

void runRead(const MemorySettingsOfBench& settings, const CliContext& context)
{
    checkSizes(settings);
    useThreads(settings.threads);
    const Matrix keys = randomMatrix(settings.segments, settings.columns, 1), queries = randomMatrix(settings.queries, settings.columns, 2);
    const auto norms = squaredNorms(keys);
    const double bandwidth = measureReadBandwidth(), gflops = measureGflops(4096, 5);
    const double bytes = static_cast<double>(keys.size()) * sizeof(float);
    BenchReport report("read", settings.bench, "cpu");
    report.input("rows") = settings.segments;
    report.input("columns") = settings.columns;
    report.input("queries") = settings.queries;
    report["read_bandwidth_gb_per_s"] = bandwidth;
    report["sgemm_gflops"] = gflops;
    const Times one = timesOf(5 * settings.bench.repeats, [&] { findNearest(keys, norms, queries.row(0), 1); });
    report["one_query"] = { { "seconds", one.json() }, { "gb_per_s", bytes / one.median() * 1e-9 }, { "share_of_bandwidth", bytes / one.median() * 1e-9 / bandwidth } };
    const Times all = timesOf(settings.bench.repeats, [&] { findNearest(keys, norms, queries, 1); });
    const double rate = 2 * static_cast<double>(keys.size()) * static_cast<double>(settings.queries) / all.median() * 1e-9;
    report["batch"] = { { "seconds", all.json() }, { "queries_per_s", static_cast<double>(settings.queries) / all.median() }, { "gflops", rate }, { "share_of_sgemm", rate / gflops } };
    report.write(settings.bench, context.out);
}

void addSizes(CLI::App& command, MemorySettingsOfBench& settings)
{
    settings.bench.addTo(command);
    command.add_option("--threads", settings.threads, "CPU threads (0: one per core)")->capture_default_str()->type_name("N");
    command.add_option("--columns", settings.columns, "C, numbers of a key or latent")->capture_default_str()->type_name("C");
}

} // namespace

void addWriteBench(CLI::App& bench, CliContext& context)
{
    CLI::App* command = bench.add_subcommand("write", "Latents into the memory, growing and fixed: rows/s");
    const auto settings = std::make_shared<MemorySettingsOfBench>();
    addSizes(*command, *settings);
    command->add_option("--segments", settings->segments, "N, latents to write")->capture_default_str()->type_name("N");
    command->add_option("--rows", settings->rows, "K, rows of the fixed key memory")->capture_default_str()->type_name("K");
    command->callback([settings, &context] { runWrite(*settings, context); });
}

void addReadBench(CLI::App& bench, CliContext& context)
{
    CLI::App* command = bench.add_subcommand("read", "Nearest rows of one key and of many: GB/s and GFLOP/s");
    const auto settings = std::make_shared<MemorySettingsOfBench>();
    addSizes(*command, *settings);
    command->add_option("--rows", settings->segments, "K, rows of the key memory")->capture_default_str()->type_name("K");
    command->add_option("--queries", settings->queries, "Keys searched at once")->capture_default_str()->type_name("N");
    command->callback([settings, &context] { runRead(*settings, context); });
}

} // namespace hayloft
