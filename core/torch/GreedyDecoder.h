// SPDX-License-Identifier: GPL-3.0-or-later
// Greedy decoding of a batch of latents with a key/value cache. Internal: includes LibTorch.
#pragma once

#include "core/base/Progress.h"
#include "core/model/LatentModel.h"
#include "core/torch/Network.h"

#include <vector>

namespace hayloft {

/// Decodes all rows of z at once; finished rows leave the batch.
class GreedyDecoder {
public:
    GreedyDecoder(Network& network, const torch::Tensor& z, int bos, int eos);
    /// @throws Cancelled
    std::vector<Decoded> run(const Task& task);

private:
    torch::Tensor step(std::int64_t position, const torch::Tensor& previous);
    /// Notes the chosen tokens; returns the rows that go on, and their tokens.
    std::vector<std::int64_t> accept(const torch::Tensor& ids, const torch::Tensor& probabilities);
    void keep(const std::vector<std::int64_t>& rows);

    Network& m_network;
    int m_eos;
    std::vector<Decoded> m_result;
    std::vector<std::size_t> m_rows; ///< result index of each row still in the batch
    torch::Tensor m_previous;        ///< last token of each row
    torch::Tensor m_connector;       ///< rows x positions x d
    std::vector<torch::Tensor> m_keys, m_values; ///< per layer: rows x (positions + 1) x d
};

} // namespace hayloft
