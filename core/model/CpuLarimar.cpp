// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/CpuLarimar.h"

#include "core/compute/ParallelJobs.h"
#include "core/model/SegmentDecoder.h"
#include "core/model/SegmentEncoder.h"

#include <algorithm>
#include <atomic>

namespace hayloft {

namespace {

constexpr std::size_t kEncodeTokens = 2048; ///< of a job: 20 to 60 ms
constexpr Index kDecodeRows = 132;          ///< whole tiles of the kernels; their caches are 43 MB

} // namespace

CpuLarimar::CpuLarimar(const std::filesystem::path& directory, const Kernels& kernels)
    : Larimar(directory, "cpu")
    , m_network(config().network, loadWeights(directory, config().network), kernels)
{
}

std::size_t CpuLarimar::batchTokens() const { return kEncodeTokens; }

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

std::vector<Decoded> CpuLarimar::decodeRows(const Matrix& latents, const Task& task) const
{
    const auto threads = static_cast<Index>(computeThreads());
    // Few rows are shared out too; more rows come in jobs of a size.
    const Index rows = std::clamp<Index>((latents.rows() + threads - 1) / threads, 1, kDecodeRows);
    const auto jobs = static_cast<std::size_t>((latents.rows() + rows - 1) / rows);
    std::vector<Decoded> result(static_cast<std::size_t>(latents.rows()));
    const auto decodeSome = [&](std::size_t job, int) {
        const Index first = static_cast<Index>(job) * rows, count = std::min(rows, latents.rows() - first);
        SegmentDecoder decoder(m_network, latents.middleRows(first, count), tokenizer().bosId(), tokenizer().eosId());
        auto decoded = decoder.run({ task.stop, {} });
        std::move(decoded.begin(), decoded.end(), result.begin() + first);
    };
    runJobs(jobs, static_cast<int>(threads), decodeSome, [&](std::size_t finished) {
        task.report({ "decode", static_cast<double>(std::min(static_cast<Index>(finished) * rows, latents.rows())), static_cast<double>(latents.rows()), "answers", "" });
    });
    return result;
}

} // namespace hayloft
