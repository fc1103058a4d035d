// SPDX-License-Identifier: GPL-3.0-or-later
// LatentModel on the CPU, with kernels of our own. Internal.
#pragma once

#include "core/model/Larimar.h"
#include "core/model/PackedNetwork.h"

namespace hayloft {

/// Batches are jobs for computeThreads() threads; each works through the whole network alone, in its own cache. A decoder
/// far larger than the caches takes one batch at a time on all threads.
class CpuLarimar final : public Larimar {
public:
    explicit CpuLarimar(const std::filesystem::path& directory, const Kernels& kernels = bestKernels(), Precision precision = Precision::Float32);

protected:
    void encodeBatches(const std::vector<TokenIds>& sequences, const std::vector<Batch>& batches, Matrix& latents, const Task& task) const override;
    std::vector<Decoded> decodeRows(const Matrix& latents, const std::vector<TokenIds>& prompts, const Task& task) const override;
    std::size_t batchTokens() const override;

private:
    std::map<std::string, std::vector<float>> takeWeights(const std::filesystem::path& directory);

    PackedNetwork m_network;
};

} // namespace hayloft
