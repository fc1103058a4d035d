// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/TorchLarimar.h"

#include "core/compute/ParallelJobs.h"
#include "core/torch/Devices.h"
#include "core/torch/GreedyDecoder.h"
#include "core/torch/TorchTensors.h"

#include <algorithm>

namespace hayloft {

namespace {

// On the CPU one activation (tokens x d x 4 bytes) stays about the size of a core's second-level cache.
constexpr std::size_t kCpuTokens = 2048, kCudaTokens = 65536;
constexpr Index kCpuRows = 256, kCudaRows = 2048;

} // namespace

TorchLarimar::TorchLarimar(const std::filesystem::path& directory, const std::string& device)
    : Larimar(directory, deviceFromName(device).str())
    , m_device(deviceFromName(device))
{
    useTorchThreads(computeThreads());
    torch::NoGradGuard guard;
    m_network = Network(config().network);
    auto weights = loadWeights(directory, config().network);
    keepPrior(weights);
    fillNetwork(*m_network, weights);
    m_network->eval();
    m_network->to(m_device);
}

std::size_t TorchLarimar::batchTokens() const { return m_device.is_cuda() ? kCudaTokens : kCpuTokens; }

void TorchLarimar::encodeBatches(const std::vector<TokenIds>& sequences, const std::vector<Batch>& batches, Matrix& latents, const Task& task) const
{
    torch::InferenceMode guard;
    double total = 0, done = 0;
    for (const auto& s : sequences)
        total += static_cast<double>(s.size());
    for (const Batch& batch : batches) {
        std::vector<std::int64_t> ids;
        for (const std::size_t i : batch)
            ids.insert(ids.end(), sequences[i].begin(), sequences[i].end());
        const auto count = static_cast<std::int64_t>(batch.size()), length = static_cast<std::int64_t>(ids.size()) / count;
        const auto input = torch::from_blob(ids.data(), { count, length }, torch::kLong).to(m_device);
        const auto z = m_network->encode(input).to(torch::kCPU).contiguous();
        for (std::size_t i = 0; i < batch.size(); ++i)
            std::copy_n(z.data_ptr<float>() + static_cast<std::int64_t>(i) * latents.cols(), latents.cols(), latents.row(static_cast<Index>(batch[i])).data());
        done += static_cast<double>(ids.size());
        task.report({ "encode", done, total, "tokens", "" });
    }
}

std::vector<Decoded> TorchLarimar::decodeRows(const Matrix& latents, const std::vector<TokenIds>& prompts, const Task& task) const
{
    torch::InferenceMode guard;
    const Index most = m_device.is_cuda() ? kCudaRows : kCpuRows;
    std::vector<Decoded> result;
    result.reserve(static_cast<std::size_t>(latents.rows()));
    for (Index at = 0; at < latents.rows(); at += most) {
        const auto count = std::min(most, latents.rows() - at);
        const auto rows = torch::from_blob(const_cast<float*>(latents.row(at).data()), { count, latents.cols() }, torch::kFloat32);
        std::vector<TokenIds> given;
        if (!prompts.empty())
            given.assign(prompts.begin() + at, prompts.begin() + at + count);
        GreedyDecoder decoder(m_network, rows.to(m_device), std::move(given), answerTokenizer().bosId(), answerTokenizer().eosId());
        for (auto& decoded : decoder.run(task))
            result.push_back(std::move(decoded));
        task.report({ "decode", static_cast<double>(at + count), static_cast<double>(latents.rows()), "answers", "" });
    }
    return result;
}

} // namespace hayloft
