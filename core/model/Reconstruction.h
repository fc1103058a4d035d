// SPDX-License-Identifier: GPL-3.0-or-later
// How exactly a model gives segments back: the table of the model card.
#pragma once

#include "core/base/Progress.h"
#include "core/model/LatentModel.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// One row of the table.
struct ReconstructionBucket {
    std::string name;        ///< "2-16" tokens ..., or the generated kind
    int segments = 0;
    int exact = 0;           ///< the decoded text equals the segment's text, byte for byte
    std::int64_t tokens = 0;
    std::string example;     ///< the first miss: "wanted" -> "got"
};

struct ReconstructionReport {
    std::vector<ReconstructionBucket> lengths;   ///< segments of the text by token count
    std::vector<ReconstructionBucket> generated; ///< sentences of the text with generated strings in them
    double encodeSeconds = 0, decodeSeconds = 0;
    std::int64_t tokens = 0;
};

/// Draws `perBucket` segments of each length bucket (2-16, 17-32, 33-48, 49-64 tokens) from the paragraphs of `text`, half
/// cut as sentences and half as paragraphs, then as many of each generated kind; encodes and greedily decodes them.
/// @throws Error when the text is too short to fill a bucket, Cancelled.
ReconstructionReport measureReconstruction(const LatentModel& model, std::string_view text, int perBucket, std::uint64_t seed,
                                           const Task& task = {});

} // namespace hayloft
