// SPDX-License-Identifier: GPL-3.0-or-later
// What the workloads of `hayloft-cli bench` share: options, clocks and the JSON that they write.
#pragma once

#include "app/cli/CliContext.h"
#include "app/cli/Options.h"
#include "core/text/Document.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace hayloft {

/// Options of every workload.
struct BenchOptions {
    int repeats = 3;
    std::filesystem::path out; ///< none: standard output

    void addTo(CLI::App& command);
    /// @throws Error
    void check() const;
};

/// Options of the workloads that run a model on a text.
struct ModelBenchOptions : BenchOptions {
    ModelOptions model;
    std::vector<std::filesystem::path> documents; ///< none: the sample haystacks

    void addTo(CLI::App& command);
};

/// The documents as one, or the sample haystacks. @throws Error, Cancelled
Document loadBenchDocument(const std::vector<std::filesystem::path>& documents, const Task& task);

double secondsOf(const std::function<void()>& work);

/// Seconds of repeated runs.
struct Times {
    std::vector<double> seconds;
    double median() const;
    double least() const;
    nlohmann::ordered_json json() const;
};
/// Runs once to warm up, then `repeats` times.
Times timesOf(int repeats, const std::function<void()>& work);

/// GB/s of reading 1 GiB with as many threads as compute: the best of 5.
double measureReadBandwidth();
/// The process's greatest resident set so far, GB.
double peakMemory();

/// A workload's result.
class BenchReport {
public:
    BenchReport(const std::string& workload, const BenchOptions& options, const std::string& device);
    BenchReport(const std::string& workload, const BenchOptions& options, const ModelInfo& model);
    /// A field of the results.
    nlohmann::ordered_json& operator[](const char* name) { return m_json["results"][name]; }
    /// A field of the inputs.
    nlohmann::ordered_json& input(const char* name) { return m_json["inputs"][name]; }
    /// To the file of the options or to `out`. @throws Error
    void write(const BenchOptions& options, std::ostream& out) const;

private:
    nlohmann::ordered_json m_json;
};

/// The first segments of the documents, up to `tokens` of them. @throws Error, Cancelled
std::vector<TokenIds> benchSegments(const ModelBenchOptions& options, const LatentModel& model, std::int64_t tokens, const Task& task);
/// The beginning of a document that holds about `tokens` tokens, at least that many where the text is much alike.
Document beginningOf(const Document& document, std::int64_t tokens, const Tokenizer& tokenizer);
/// Numbers between -1 and 1.
Matrix randomMatrix(Index rows, Index columns, std::uint64_t seed);
std::int64_t tokensOf(const std::vector<TokenIds>& segments);

void addEncodeBench(CLI::App& bench, CliContext& context);
void addWriteBench(CLI::App& bench, CliContext& context);
void addReadBench(CLI::App& bench, CliContext& context);
void addGenerativeBench(CLI::App& bench, CliContext& context);
void addDecodeBench(CLI::App& bench, CliContext& context);
void addSweepBenches(CLI::App& bench, CliContext& context);
void addScaleBench(CLI::App& bench, CliContext& context);

} // namespace hayloft
