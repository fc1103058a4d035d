// SPDX-License-Identifier: GPL-3.0-or-later
// Trains the content keys of a model folder from plain text and, where it is installed, WordNet.
#pragma once

#include "core/base/Progress.h"
#include "core/memory/AbsenceRule.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace hayloft {

struct ContentTrainingOptions {
    std::vector<std::filesystem::path> corpus; ///< UTF-8 text files or folders, one paragraph a line (.xz when xz is on the PATH)
    std::filesystem::path model;               ///< model folder whose tokenizer cuts the corpus; gets the content keys
    std::filesystem::path wordNet;             ///< folder of WordNet's database files; empty = none
    std::filesystem::path teacher;             ///< safetensors file of a sentence encoder's vectors of texts; empty = none
    double minutes = 0;                        ///< stop after this many minutes, or
    std::int64_t steps = 0;                    ///< after this many steps; 0 of both = rarities only, no meanings
    bool calibrateOnly = false;                ///< keep the folder's trained keys; find the rule of absence anew
    std::uint64_t seed = 1;
    int threads = 0;
};

struct ContentTrainingSummary {
    std::int64_t steps = 0;
    std::int64_t pairs = 0;     ///< questions seen
    double seconds = 0;
    double loss = 0;            ///< running mean, nats: to tell the segment from the batch's others
    std::int64_t words = 0;     ///< with a rarity
    std::int64_t meanings = 0;  ///< with a trained vector
    AbsenceRule absence;        ///< when an answer counts as one
    double falseAnswers = 0;    ///< share of generated questions about other text that are answered all the same
    double lost = 0;            ///< share of right answers given up for that
    double alikeAnswers = 0;    ///< share of generated questions that ask for another name than the text's, answered all the same
    int alike = 0;              ///< how many these were
};

/// Contrastive training (InfoNCE over a batch) of one vector and two weights per word; adds content-keys.safetensors to
/// the folder and names it in config.json. The same seed and steps give the same keys on one machine.
/// @throws Error, Cancelled (nothing is written then)
ContentTrainingSummary trainContentKeys(const ContentTrainingOptions& options, const Task& task = {});

} // namespace hayloft
