// SPDX-License-Identifier: GPL-3.0-or-later
// Pseudo-inverse addressing of a written memory by queries.
#pragma once

#include "core/memory/GenerativeMemory.h"
#include "core/recall/KeyEncoder.h"
#include "core/recall/MemoryReader.h"
#include "core/recall/SweepPlan.h"

#include <memory>
#include <string>
#include <vector>

namespace hayloft {

/// @param seed of the trial or the document: its noise comes from nothing else
GenerativeMemorySettings generativeSettings(const MemorySettings& settings, std::uint64_t seed);
/// The prior of pseudo-inverse addressing from its K x C rows; none with other addressing. @throws Error
std::shared_ptr<const MemoryPrior> priorFor(const MemorySettings& settings, const Matrix& rows);
/// Pseudo-inverse addressing needs rows that are given, keys that are latents, and settings in range. @throws Error
void checkGenerative(const MemorySettings& settings);

/// What the memory gives for queries' latents (N x C). A readout comes from all rows: `row` is -1, `rowSegments` counts all that is
/// written, `distance` is that of the query to its readout, Euclidean: the part of it that the memory does not hold.
std::vector<RowRead> readoutsOf(const GenerativeMemory& memory, const Matrix& queries, int times);

/// Larimar as published writes the segments' latents themselves (W = Z M0^+) and reads with the latent of the query, w = z M^+:
/// write keys are not encoded. `Prefix` and `Whole` say what the query's latent is encoded from, its first P tokens or all of it.
/// Holds references only.
class GenerativeReader {
public:
    /// @param prefixTokens P; used with prefix keys only
    /// @param times reads in all, each after the first with the readout before it
    GenerativeReader(const LatentModel& model, const GenerativeMemory& memory, KeyKind keys, int prefixTokens, int times,
                     DecoderPrompt prompted = DecoderPrompt::None)
        : m_model(model), m_memory(memory), m_encoder(model, keys, prefixTokens), m_decoder(model, prompted, prefixTokens), m_times(times) {}

    /// One readout for each query. @param asked gets what was encoded, one query a line
    /// @throws Error for a query that is empty or too long, and where the iteration diverges; Cancelled
    std::vector<RowRead> read(const std::vector<std::string>& queries, std::string& asked, const Task& task = {}) const;
    /// The same for one query, with its text. @throws Error too for an empty memory
    Answer ask(const std::string& query, const Task& task = {}) const;

private:
    const LatentModel& m_model;
    const GenerativeMemory& m_memory;
    KeyEncoder m_encoder;
    AnswerDecoder m_decoder;
    int m_times;
};

} // namespace hayloft
