// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/CpuLarimar.h"

#include "core/compute/ParallelJobs.h"
#include "core/model/SegmentDecoder.h"
#include "core/model/SegmentEncoder.h"

#include <algorithm>
#include <atomic>

namespace hayloft {

namespace {

constexpr double kEncodeFlops = 10e9;  ///< of a job: 20 to 60 ms with every kernel
constexpr std::size_t kFewestTokens = 192, kMostTokens = 2048; ///< of a job
constexpr Index kDecodeRows = 132;     ///< whole tiles of the kernels; a small network's caches are 43 MB
constexpr double kCacheBytes = 1e9;    ///< of a job at most, but for a single row
constexpr double kLargeDecoder = 64e6; ///< bytes of weights: no cache holds them

} // namespace

CpuLarimar::CpuLarimar(const std::filesystem::path& directory, const Kernels& kernels, Precision precision)
    : Larimar(directory, "cpu", precision)
    , m_network(config().network, takeWeights(directory), kernels, precision)
{
}

std::map<std::string, std::vector<float>> CpuLarimar::takeWeights(const std::filesystem::path& directory)
{
    auto weights = loadWeights(directory, config().network);
    keepPrior(weights);
    return weights;
}

std::size_t CpuLarimar::batchTokens() const
{
    const StackConfig& c = config().network.encoder;
    const auto perToken = static_cast<double>(2 * c.layers * c.width * (4 * c.width + 2 * c.feedForward));
    return std::clamp(static_cast<std::size_t>(kEncodeFlops / perToken), kFewestTokens, kMostTokens);
}

void CpuLarimar::encodeBatches(const std::vector<TokenIds>& sequences, const std::vector<Batch>& batches, Matrix& latents, const Task& task) const
{
    double total = 0;
    for (const auto& s : sequences)
        total += static_cast<double>(s.size());
    const int threads = computeThreads();
    std::vector<SegmentEncoder> encoders;
    for (int i = 0; i < threads; ++i)
        encoders.emplace_back(m_network);
    std::atomic<std::size_t> done = 0;
    const auto encodeBatch = [&](std::size_t job, int thread) {
        std::vector<const TokenIds*> batch;
        std::vector<float*> rows;
        for (const std::size_t i : batches[job]) {
            batch.push_back(&sequences[i]);
            rows.push_back(latents.row(static_cast<Index>(i)).data());
        }
        encoders[static_cast<std::size_t>(thread)].encode(batch, rows);
        done += batch.size() * batch.front()->size();
    };
    runJobs(batches.size(), threads, encodeBatch, [&](std::size_t) { task.report({ "encode", static_cast<double>(done), total, "tokens", "" }); });
    if (!batches.empty())
        task.report({ "encode", total, total, "tokens", "" });
}

std::vector<Decoded> CpuLarimar::decodeRows(const Matrix& latents, const std::vector<TokenIds>& prompts, const Task& task) const
{
    const bool large = m_network.decoderBytes() > kLargeDecoder;
    const auto threads = large ? 1 : static_cast<Index>(computeThreads());
    ThreadTeam team(large ? computeThreads() : 1);
    std::size_t longest = 0;
    for (const auto& prompt : prompts)
        longest = std::max(longest, prompt.size());
    const auto fitting = std::max<Index>(1, static_cast<Index>(kCacheBytes / SegmentDecoder::cacheBytes(config().network, longest)));
    // Few rows are shared out too; more rows come in jobs of a size.
    const Index rows = std::clamp<Index>((latents.rows() + threads - 1) / threads, 1, std::min(kDecodeRows, fitting));
    const auto jobs = static_cast<std::size_t>((latents.rows() + rows - 1) / rows);
    std::vector<Decoded> result(static_cast<std::size_t>(latents.rows()));
    const auto decodeSome = [&](std::size_t job, int) {
        const Index first = static_cast<Index>(job) * rows, count = std::min(rows, latents.rows() - first);
        const auto given = prompts.empty() ? std::span<const TokenIds>() : std::span(prompts).subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
        SegmentDecoder decoder(m_network, latents.middleRows(first, count), given, answerTokenizer().bosId(), answerTokenizer().eosId(), &team);
        auto decoded = decoder.run({ task.stop, {} });
        std::move(decoded.begin(), decoded.end(), result.begin() + first);
    };
    runJobs(jobs, static_cast<int>(threads), decodeSome, [&](std::size_t finished) {
        task.report({ "decode", static_cast<double>(std::min(static_cast<Index>(finished) * rows, latents.rows())), static_cast<double>(latents.rows()), "answers", "" });
    });
    return result;
}

} // namespace hayloft
