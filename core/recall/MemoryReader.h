// SPDX-License-Identifier: GPL-3.0-or-later
// Asks a written memory. Knows the model and the memory, and no document.
#pragma once

#include "core/memory/Memory.h"
#include "core/model/LatentModel.h"
#include "core/recall/RuleReader.h"

namespace hayloft {

/// What one row answered, with those that its answer went on in.
struct ReadAnswer {
    std::string query;             ///< the question, or the part of it, that read the row
    Index row = -1;
    float distance = 0;            ///< of the read key to the row's key, Euclidean
    Index rowSegments = 0;         ///< how many segments share the row
    std::vector<Index> followed;   ///< rows that the answer went on in, in order
    std::string prompt;            ///< what the decoder was given for `row` beside its latent; "" for nothing
    std::vector<Decoded> decoded;  ///< of `row` and of each followed row, from its latent alone (and the prompt)
    std::string text;              ///< these joined
    std::vector<WordMatch> matches; ///< content keys: which words of the query met which of the answer
    bool absent = false;           ///< content keys: holds too little of the query to be an answer to it
};

/// An answer with its evidence.
struct Answer {
    std::vector<ReadAnswer> answers; ///< at least one; query by query, nearest row first
    Reading reading;               ///< the first query's nearest row, with ties and runners-up
    std::string keyText;           ///< what was encoded as the (first) read key
    int keyTokens = 0;
    bool keyShorterThanP = false;  ///< prefix keys: the query has fewer than P tokens and was encoded as it is
    double milliseconds = 0;       ///< encode, read and decode

    const ReadAnswer& first() const { return answers.front(); }
    /// "Not in this document": none of the answers holds enough of its question.
    bool absent() const;
    /// Those that are not absent (all where the whole answer is) merged in the order of their rows.
    std::string text() const;
};

/// The answer's whole path: query -> read key -> row -> z_read -> text. Holds references only.
class MemoryReader {
public:
    /// @param prefixTokens P; not used with other keys
    /// @param rules how many rows a question reads, and whether its answer may run over several
    MemoryReader(const LatentModel& model, const Memory& memory, KeyKind keys, int prefixTokens, const ReadingRules& rules = {},
                 DecoderPrompt prompted = DecoderPrompt::None)
        : m_model(model), m_memory(memory), m_keys(keys), m_prefixTokens(prefixTokens), m_rules(rules), m_prompted(prompted) {}

    /// @throws Error for an empty query, one that is too long, or an empty memory; Cancelled
    Answer ask(const std::string& query, Index runnersUp = 5, const Task& task = {}) const;
    /// The text of a latent (1 x C) alone, e.g. of a changed row. @throws Error, Cancelled
    Decoded decode(const RowVector& latent, const Task& task = {}) const;

private:
    ReadAnswer answerFrom(const RuleReader& reader, const ChosenRow& start, const std::string& query, const Task& task) const;

    const LatentModel& m_model;
    const Memory& m_memory;
    KeyKind m_keys;
    int m_prefixTokens;
    ReadingRules m_rules;
    DecoderPrompt m_prompted;
};

} // namespace hayloft
