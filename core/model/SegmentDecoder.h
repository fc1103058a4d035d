// SPDX-License-Identifier: GPL-3.0-or-later
// The decoder on the CPU: latents to greedy text, with a key/value cache. Internal.
#pragma once

#include "core/base/Progress.h"
#include "core/model/LatentModel.h"
#include "core/model/PackedNetwork.h"

#include <span>

namespace hayloft {

/// Decodes a batch of latents side by side; a row that has ended leaves the batch.
class SegmentDecoder {
public:
    /// @param latents rows x C; kept by reference.
    SegmentDecoder(const PackedNetwork& network, Eigen::Ref<const Matrix> latents, int bos, int eos);
    /// ids and probabilities; no text. `task` is only asked whether to stop. @throws Cancelled
    std::vector<Decoded> run(const Task& task);

private:
    void startCaches();
    void connect(std::ptrdiff_t position);
    void runLayers(std::ptrdiff_t position);
    void attend(std::size_t layer, std::ptrdiff_t position);
    void chooseTokens();
    void accept(std::ptrdiff_t position);
    float* keysOf(std::size_t layer, std::ptrdiff_t row, std::ptrdiff_t head);
    float* valuesOf(std::size_t layer, std::ptrdiff_t row, std::ptrdiff_t head);

    const PackedNetwork& m_network;
    Eigen::Ref<const Matrix> m_latents;
    int m_eos;
    std::ptrdiff_t m_capacity;         ///< tokens of a cache: the slot, BOS and maxTokens, rounded up to 16
    std::vector<Decoded> m_result;
    std::vector<std::ptrdiff_t> m_rows; ///< of the latents that have not ended
    std::vector<int> m_previous;       ///< their last ids
    std::vector<GreedyChoice> m_choices;
    AlignedFloats m_keys, m_values;    ///< layers x rows x heads x (width x capacity), (capacity x width)
    AlignedFloats m_z, m_read, m_x, m_normed, m_qkv, m_attended, m_hidden, m_logits, m_scores;
};

} // namespace hayloft
