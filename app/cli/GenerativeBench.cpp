// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli bench gpm: Larimar's memory as published.
#include "app/cli/BenchReport.h"

#include "core/compute/ParallelJobs.h"
#include "core/memory/GenerativeMemory.h"
#include "core/memory/RowSearch.h"

namespace hayloft {

namespace {

struct GenerativeSettingsOfBench {
    BenchOptions bench;
    int threads = 0;
    Index latents = 16, queries = 5, rows = 512, columns = 768;
    NewtonSettings newton;
};

/// The iteration in the order of operations of the published code.
Matrix publishedInverse(const Matrix& a, const NewtonSettings& newton)
{
    Matrix x = static_cast<float>(newton.scale) * a.transpose(), inner, product;
    for (int step = 0; step < newton.steps; ++step) {
        multiply(x, a, inner);
        multiply(inner, x, product);
        x = 2 * x - product;
    }
    return x;
}

/// What the published code does at a write and at a read, with the same products: every inverse anew.
class PublishedSteps {
public:
    PublishedSteps(const Matrix& prior, const NewtonSettings& newton) : m_prior(prior), m_newton(newton) {}
    void write(const Matrix& latents)
    {
        multiply(latents, publishedInverse(m_prior, m_newton), m_weights);
        multiply(publishedInverse(m_weights, m_newton), latents, m_matrix);
    }
    const Matrix& read(const Matrix& queries)
    {
        multiply(queries, publishedInverse(m_matrix, m_newton), m_weights);
        multiply(m_weights, m_matrix, m_readout);
        return m_readout;
    }

private:
    const Matrix& m_prior;
    NewtonSettings m_newton;
    Matrix m_weights, m_matrix, m_readout;
};

double worst(const Matrix& a, const Matrix& b)
{
    return static_cast<double>((a - b).cwiseAbs().maxCoeff() / b.cwiseAbs().maxCoeff());
}

void runGenerative(const GenerativeSettingsOfBench& settings, const CliContext& context)
{
    settings.bench.check();
    settings.newton.check();
    if (settings.latents < 1 || settings.queries < 1 || settings.rows < 1 || settings.columns < 1)
        throw Error("nothing to measure", "bench", "give sizes of 1 or more");
    useThreads(settings.threads);
    Matrix prior = 0.05f * randomMatrix(settings.rows, settings.columns, 1);
    prior.diagonal().array() += 1;
    const Matrix latents = randomMatrix(settings.latents, settings.columns, 2), queries = randomMatrix(settings.queries, settings.columns, 3);
    BenchReport report("gpm", settings.bench, "cpu");
    report.input("rows") = settings.rows;
    report.input("columns") = settings.columns;
    report.input("latents") = settings.latents;
    report.input("queries") = settings.queries;
    report.input("newton_steps") = settings.newton.steps;
    report.input("newton_scale") = settings.newton.scale;

    PublishedSteps published(prior, settings.newton);
    const Times publishedWrite = timesOf(settings.bench.repeats, [&] { published.write(latents); });
    const Times publishedRead = timesOf(settings.bench.repeats, [&] { published.read(queries); });
    report["as_published"] = { { "write", publishedWrite.json() }, { "read", publishedRead.json() } };
    for (const InverseMode mode : { InverseMode::Newton, InverseMode::Exact }) {
        GenerativeMemorySettings memorySettings;
        memorySettings.mode = mode;
        memorySettings.newton = settings.newton;
        std::shared_ptr<const MemoryPrior> made;
        const double priorSeconds = secondsOf([&] { made = std::make_shared<const MemoryPrior>(prior, memorySettings); });
        GenerativeMemory memory(made, memorySettings);
        const int repeats = 20 * settings.bench.repeats; // fractions of a millisecond each
        const Times write = timesOf(repeats, [&] { memory.write(latents); });
        Matrix readout;
        const Times read = timesOf(repeats, [&] { readout = memory.read(queries).latents; });
        auto& json = report[std::string(nameOf(mode)).c_str()];
        json = { { "prior_once_s", priorSeconds }, { "write", { { "median_s", write.median() }, { "least_s", write.least() } } },
                 { "read", { { "median_s", read.median() }, { "least_s", read.least() } } },
                 { "write_speedup", publishedWrite.median() / write.median() }, { "read_speedup", publishedRead.median() / read.median() },
                 { "speedup", (publishedWrite.median() + publishedRead.median()) / (write.median() + read.median()) },
                 { "readout_difference", worst(readout, published.read(queries)) } };
    }
    report.write(settings.bench, context.out);
}

} // namespace

void addGenerativeBench(CLI::App& bench, CliContext& context)
{
    CLI::App* command = bench.add_subcommand("gpm", "Larimar's memory as published: writes and reads, each beside the published steps on the same BLAS");
    const auto settings = std::make_shared<GenerativeSettingsOfBench>();
    settings->bench.addTo(*command);
    command->add_option("--threads", settings->threads, "CPU threads (0: one per core)")->capture_default_str()->type_name("N");
    command->add_option("--rows", settings->rows, "K, rows of the prior")->capture_default_str()->type_name("K");
    command->add_option("--columns", settings->columns, "C, numbers of a latent")->capture_default_str()->type_name("C");
    command->add_option("--latents", settings->latents, "Latents written together")->capture_default_str()->type_name("N");
    command->add_option("--queries", settings->queries, "Queries read together")->capture_default_str()->type_name("N");
    command->add_option("--newton-steps", settings->newton.steps, "Steps of the published iteration")->capture_default_str()->type_name("N");
    command->callback([settings, &context] { runGenerative(*settings, context); });
}

} // namespace hayloft
