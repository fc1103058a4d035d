// SPDX-License-Identifier: GPL-3.0-or-later
// Trains larimar-mini from plain text.
#pragma once

#include "core/base/Progress.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace hayloft {

struct TrainingOptions {
    std::vector<std::filesystem::path> corpus; ///< UTF-8 text files or folders, one paragraph a line (.xz when xz is on the PATH)
    std::filesystem::path out;                 ///< model folder, also holds the checkpoint
    double minutes = 0;                        ///< stop after this many minutes of training, or
    std::int64_t steps = 0;                    ///< after this many steps; one of the two is > 0
    std::uint64_t seed = 1;
    bool resume = false;                       ///< go on from the checkpoint in `out`
    std::filesystem::path from;                ///< a model folder whose decoder is trained on; its encoder and keys stay as they are
    double averaged = 0;                       ///< share of latents, 0..1, that are averaged with others before they are decoded
    std::string device = "auto";
    int threads = 0;
    std::int64_t checkpointEverySeconds = 300;
};

/// What a training run ended with.
struct TrainingSummary {
    std::int64_t steps = 0;
    std::int64_t tokens = 0;
    double seconds = 0;
    double loss = 0; ///< running mean, nats per token
};

/// Trains (or goes on training) and writes the model folder: float16 safetensors, tokenizer, config.json, MODEL_CARD.md.
/// @throws Error, Cancelled (after a checkpoint was written).
TrainingSummary trainModel(const TrainingOptions& options, const Task& task = {});

} // namespace hayloft
