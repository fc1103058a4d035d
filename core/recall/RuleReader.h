// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a written memory by the reading rules: several queries, several rows, rows that go on in the next one.
#pragma once

#include "core/memory/Memory.h"
#include "core/recall/AnswerDecoder.h"
#include "core/recall/KeyEncoder.h"
#include "core/recall/ReadingRules.h"

#include <string>
#include <vector>

namespace hayloft {

/// A text that asks, and how many rows it may read.
struct RowQuery {
    std::string text;
    int mostRows = 1;
};

/// One row that was read.
struct RowRead {
    Index row = -1;
    Index rowSegments = 0;
    float distance = 0;    ///< of the query that chose it; of a row that was followed to, 0
    bool followed = false; ///< goes on where the row before it ended
    RowVector latent;      ///< z_read, 1 x C: all that its text is decoded from
};

/// Knows the model and the memory, and no document. Holds references only.
class RuleReader {
public:
    /// @param prefixTokens P; used with prefix keys only. @throws Error when the model has no keys of this kind
    RuleReader(const LatentModel& model, const Memory& memory, KeyKind keys, int prefixTokens, const ReadingRules& rules,
               DecoderPrompt prompted = DecoderPrompt::None)
        : m_memory(memory), m_encoder(model, keys, prefixTokens), m_decoder(model, prompted, prefixTokens), m_rules(rules) {}

    /// The rows on which answers begin: query by query, nearest first, each row once.
    /// @param asked gets what the keys were encoded from, one query a line
    /// @throws Error for a query that is empty or too long, Cancelled
    std::vector<ChosenRow> choose(const std::vector<RowQuery>& queries, std::string& asked, const Task& task = {}) const;
    /// The answer that begins on a row: decoded from it, after the prompt if there is one, and from those after it until its sentence ends.
    /// @param query the text that chose the row
    /// @param reads gets the rows, `decoded` (if any) what each row's latent says. @throws Error for a query that makes no prompt; Cancelled
    RowAnswer readOn(const ChosenRow& start, const std::string& query, std::vector<RowRead>& reads, const Task& task = {},
                     std::vector<Decoded>* decoded = nullptr) const;

private:
    const Memory& m_memory;
    KeyEncoder m_encoder;
    AnswerDecoder m_decoder;
    const ReadingRules& m_rules;
};

} // namespace hayloft
