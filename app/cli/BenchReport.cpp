// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/BenchReport.h"

#include "core/base/Files.h"
#include "core/base/Paths.h"
#include "core/base/Random.h"
#include "core/compute/Kernels.h"
#include "core/compute/ParallelJobs.h"
#include "core/compute/PrecisionName.h"
#include "core/model/Machine.h"
#include "core/store/RunRecord.h"
#include "core/text/Document.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <ostream>

namespace hayloft {

using nlohmann::ordered_json;

void BenchOptions::addTo(CLI::App& command)
{
    command.add_option("--repeats", repeats, "Timed runs; the medians are told")->capture_default_str()->type_name("N");
    command.add_option("--out", out, "Write the JSON to a file instead of the terminal")->type_name("FILE");
}

void ModelBenchOptions::addTo(CLI::App& command)
{
    command.add_option("--document", documents, "Text to work on (default: the sample haystacks)")->expected(1, -1)->type_name("PATH...");
    BenchOptions::addTo(command);
    model.addTo(command);
}

Document loadBenchDocument(const std::vector<std::filesystem::path>& documents, const Task& task)
{
    return loadDocuments(documents.empty() ? std::vector { sampleHaystacksDirectory() } : documents, task);
}

void BenchOptions::check() const
{
    if (repeats < 1)
        throw Error("nothing to measure", "--repeats " + std::to_string(repeats), "give 1 or more");
    if (!out.empty())
        checkWritable(out);
}

double secondsOf(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double Times::median() const
{
    auto sorted = seconds;
    std::sort(sorted.begin(), sorted.end());
    const std::size_t half = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

double Times::least() const { return *std::min_element(seconds.begin(), seconds.end()); }

ordered_json Times::json() const { return { { "median_s", median() }, { "least_s", least() }, { "runs_s", seconds } }; }

Times timesOf(int repeats, const std::function<void()>& work)
{
    work();
    Times times;
    for (int i = 0; i < repeats; ++i)
        times.seconds.push_back(std::max(secondsOf(work), 1e-9));
    return times;
}

double measureReadBandwidth()
{
    const Eigen::ArrayXf numbers = Eigen::ArrayXf::Ones(Index { 1 } << 28);
    const int threads = computeThreads();
    std::vector<double> sums(static_cast<std::size_t>(threads)); // written, so that no sum is left out
    double best = 0;
    for (int run = 0; run < 5; ++run) {
        const double seconds = secondsOf([&] {
            runJobs(static_cast<std::size_t>(threads), threads, [&](std::size_t part, int) {
                const Index each = numbers.size() / threads;
                sums[part] = static_cast<double>(numbers.segment(static_cast<Index>(part) * each, each).sum());
            });
        });
        best = std::max(best, static_cast<double>(numbers.size()) * sizeof(float) / seconds * 1e-9);
    }
    return best;
}

double peakMemory()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.rfind("VmHWM:", 0) == 0)
            return std::stod(line.substr(6)) * 1024e-9;
    return 0;
}

BenchReport::BenchReport(const std::string& workload, const BenchOptions& options, const std::string& device)
{
    const MachineInfo machine = describeMachine(device);
    m_json = { { "schema", "hayloft.bench/1" }, { "workload", workload }, { "hayloft_version", HAYLOFT_VERSION },
               { "machine", { { "cpu", machine.cpu }, { "isa", machine.isa }, { "kernels", bestKernels().name }, { "blas", machine.blas },
                              { "blas_core", machine.blasCore }, { "threads", machine.threads }, { "device", machine.device } } },
               { "inputs", { { "repeats", options.repeats } } }, { "results", ordered_json::object() } };
}

BenchReport::BenchReport(const std::string& workload, const BenchOptions& options, const ModelInfo& model)
    : BenchReport(workload, options, model.device)
{
    m_json["machine"]["precision"] = nameOf(model.precision);
}

void BenchReport::write(const BenchOptions& options, std::ostream& out) const
{
    const std::string text = m_json.dump(2) + "\n";
    if (options.out.empty())
        out << text;
    else
        writeFileAtomically(options.out, text);
}

std::vector<TokenIds> benchSegments(const ModelBenchOptions& options, const LatentModel& model, std::int64_t tokens, const Task& task)
{
    const Document document = loadBenchDocument(options.documents, task);
    std::vector<TokenIds> segments;
    std::int64_t taken = 0;
    for (Segment& segment : segmentText(document.text, model.tokenizer(), { SegmenterKind::Sentence, model.info().maxTokens }, task)) {
        if (segment.tokens.empty() || taken >= tokens)
            continue;
        taken += static_cast<std::int64_t>(segment.tokens.size());
        segments.push_back(std::move(segment.tokens));
    }
    if (segments.empty())
        throw Error("there is no text to measure with", document.name, "give --document PATH...");
    return segments;
}

Document beginningOf(const Document& document, std::int64_t tokens, const Tokenizer& tokenizer)
{
    const auto sampleEnd = document.text.find('\n', std::min<std::size_t>(document.text.size(), 200000));
    const std::string sample = document.text.substr(0, sampleEnd);
    const double bytesPerToken = static_cast<double>(sample.size()) / static_cast<double>(std::max<std::size_t>(1, tokenizer.encode(sample).size()));
    const auto bytes = static_cast<std::size_t>(static_cast<double>(tokens) * bytesPerToken * 1.02);
    Document part = document;
    if (const auto end = bytes >= document.text.size() ? std::string::npos : document.text.find('\n', bytes); end != std::string::npos)
        part.text.resize(end);
    return part;
}

Matrix randomMatrix(Index rows, Index columns, std::uint64_t seed)
{
    Random random(seed);
    Matrix matrix(rows, columns);
    for (Index i = 0; i < matrix.size(); ++i)
        matrix.data()[i] = static_cast<float>(random.uniform() * 2 - 1);
    return matrix;
}

std::int64_t tokensOf(const std::vector<TokenIds>& segments)
{
    std::int64_t tokens = 0;
    for (const auto& segment : segments)
        tokens += static_cast<std::int64_t>(segment.size());
    return tokens;
}

} // namespace hayloft
