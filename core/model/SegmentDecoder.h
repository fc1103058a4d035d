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
    /// @param latents rows x C; kept by reference. @param prompts ids that each row's answer begins with, or none at all
    /// @param team null: one thread
    SegmentDecoder(const PackedNetwork& network, Eigen::Ref<const Matrix> latents, std::span<const TokenIds> prompts, int bos, int eos,
                   ThreadTeam* team = nullptr);
    /// Bytes that the caches of one row take. @param prompt its tokens
    static double cacheBytes(const NetworkConfig& config, std::size_t prompt);
    /// ids and probabilities; no text. `task` is only asked whether to stop. @throws Cancelled
    std::vector<Decoded> run(const Task& task);
    /// Logits of the token after each row's prompt: rows x vocabulary. In place of run(). @throws Cancelled
    Matrix logitsAfterPrompts(const Task& task);

private:
    void startCaches();
    void embedLatents();
    void connect(std::ptrdiff_t position);
    bool isPrompted(std::size_t i, std::ptrdiff_t position) const; ///< the i-th row that has not ended
    bool allArePrompted(std::ptrdiff_t position) const;
    const TokenIds& promptOf(std::ptrdiff_t row) const;
    void runLayers(std::ptrdiff_t position);
    void attend(std::size_t layer, std::ptrdiff_t position);
    void chooseTokens();
    void accept(std::ptrdiff_t position);
    float* keysOf(std::size_t layer, std::ptrdiff_t row, std::ptrdiff_t head);
    float* valuesOf(std::size_t layer, std::ptrdiff_t row, std::ptrdiff_t head);

    const PackedNetwork& m_network;
    const StackConfig& m_config;       ///< the decoder's
    Multiplier m_multiply;
    Eigen::Ref<const Matrix> m_latents;
    std::span<const TokenIds> m_prompts;
    TokenIds m_noPrompt;
    int m_eos;
    std::ptrdiff_t m_positions;        ///< at most: BOS, the longest prompt and the answer
    std::ptrdiff_t m_capacity;         ///< of a cache, in tokens: these and the slot, rounded up to 16
    std::vector<Decoded> m_result;
    std::vector<std::ptrdiff_t> m_rows; ///< of the latents that have not ended
    std::vector<int> m_previous;       ///< their last ids
    std::vector<GreedyChoice> m_choices;
    Matrix* m_kept = nullptr;          ///< gets the logits of the rows in the batch, where they are wanted
    AlignedFloats m_keys, m_values;    ///< layers x rows x heads x (width x capacity), (capacity x width)
    AlignedFloats m_embedded;          ///< rows x d: z E
    AlignedFloats m_z, m_read, m_x, m_normed, m_qkv, m_attended, m_hidden, m_logits, m_scores;
};

} // namespace hayloft
