// SPDX-License-Identifier: GPL-3.0-or-later
// The optimisation loop with its schedule and checkpoints. Internal: includes LibTorch.
#pragma once

#include "core/model/Training.h"
#include "core/model/TrainingText.h"
#include "core/torch/Network.h"

#include <chrono>
#include <memory>

namespace hayloft {

/// Trains one network. The same options with --steps give the same weights on one machine.
class Trainer {
public:
    Trainer(const TrainingOptions& options, const Corpus& corpus, const Tokenizer& tokenizer, const NetworkConfig& config);
    /// Runs to the end. @throws Error, Cancelled (a checkpoint is written first).
    TrainingSummary run(const Task& task);
    Network& network() { return m_network; }

private:
    double step(const TrainingBatch& batch);
    torch::Tensor latentsOf(const torch::Tensor& ids);
    torch::Tensor averaged(const torch::Tensor& z);
    torch::Tensor lossOf(const torch::Tensor& hidden, const torch::Tensor& targets);
    double learningRate() const;
    double fraction() const; ///< 0..1 of the run
    void saveCheckpoint() const;
    void loadCheckpoint();
    void report(const Task& task) const;

    TrainingOptions m_options;
    torch::Device m_device;
    Network m_network { nullptr };
    std::unique_ptr<torch::optim::AdamW> m_optimizer;
    std::unique_ptr<TrainingText> m_text;
    torch::Tensor m_recent; ///< kRecentLatents x C of late batches, which are of all lengths
    std::int64_t m_kept = 0; ///< latents put into it so far
    TrainingSummary m_done;
    std::chrono::steady_clock::time_point m_last; ///< end of the last step
};

} // namespace hayloft
