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
    /// @param prompts ids that each row's answer begins with, or none at all
    GreedyDecoder(Network& network, const torch::Tensor& z, std::vector<TokenIds> prompts, int bos, int eos);
    /// @throws Cancelled
    std::vector<Decoded> run(const Task& task);

private:
    torch::Tensor step(std::int64_t position, const torch::Tensor& previous);
    /// Notes the chosen tokens, or the prompts'; returns the rows of the batch that go on, and sets their last tokens.
    std::vector<std::int64_t> accept(std::int64_t position, const torch::Tensor& ids, const torch::Tensor& probabilities);
    void keep(const std::vector<std::int64_t>& rows);

    Network& m_network;
    std::vector<TokenIds> m_prompts;
    int m_eos;
    std::int64_t m_positions;        ///< at most: BOS, the longest prompt and the answer
    std::vector<Decoded> m_result;
    std::vector<std::size_t> m_rows; ///< result index of each row still in the batch
    torch::Tensor m_previous;        ///< last token of each row
    torch::Tensor m_connector;       ///< rows x positions x d, or rows x 1 x d
    std::vector<torch::Tensor> m_keys, m_values; ///< per layer: rows x (positions + 1) x d
};

} // namespace hayloft
