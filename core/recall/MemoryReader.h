// SPDX-License-Identifier: GPL-3.0-or-later
// Asks a written memory. Knows the model and the memory, and no document.
#pragma once

#include "core/memory/Memory.h"
#include "core/model/LatentModel.h"

namespace hayloft {

/// An answer with its evidence.
struct Answer {
    Decoded decoded;               ///< from reading.latent alone
    Reading reading;
    std::string keyText;           ///< what was encoded as the read key
    int keyTokens = 0;
    bool keyShorterThanP = false;  ///< prefix keys: the query has fewer than P tokens and was encoded as it is
    std::vector<WordMatch> matches; ///< content keys: which words of the query met which of the answer
    double milliseconds = 0;       ///< encode, read and decode
};

/// The answer's whole path: query -> read key -> row -> z_read -> text. Holds references only.
class MemoryReader {
public:
    /// @param prefixTokens P; not used with whole keys
    MemoryReader(const LatentModel& model, const Memory& memory, KeyKind keys, int prefixTokens)
        : m_model(model), m_memory(memory), m_keys(keys), m_prefixTokens(prefixTokens) {}

    /// @throws Error for an empty query, one that is too long, or an empty memory; Cancelled
    Answer ask(const std::string& query, Index runnersUp = 5, const Task& task = {}) const;
    /// The text of a latent (1 x C), e.g. of a changed row. @throws Error, Cancelled
    Decoded decode(const RowVector& latent, const Task& task = {}) const;

private:
    const LatentModel& m_model;
    const Memory& m_memory;
    KeyKind m_keys;
    int m_prefixTokens;
};

} // namespace hayloft
