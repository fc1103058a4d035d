// SPDX-License-Identifier: GPL-3.0-or-later
// One context after the other in a memory of its own.
#pragma once

#include "core/memory/Memory.h"
#include "core/recall/KeyEncoder.h"
#include "core/recall/LatentStore.h"
#include "core/recall/SweepPlan.h"

#include <optional>

namespace hayloft {

/// Every write() begins a new memory. Latents and keys of segments that several contexts have are made once: up to a
/// bound (some 200 MB) they are kept from context to context, so a run's size does not grow with its length. The model
/// must outlive it. One thread.
class ContextMemory {
public:
    /// @param seed draws the rows of a fixed key memory. @throws Error for settings that the model cannot have
    ContextMemory(const LatentModel& model, const SegmenterOptions& segmenter, const MemorySettings& settings, std::uint64_t seed);
    ContextMemory(const ContextMemory&) = delete;
    ContextMemory& operator=(const ContextMemory&) = delete;

    /// Cuts a text and writes its segments in their order. The text that is written already is not written again.
    /// @throws Error for a text without a segment, and one whose segments do not fit into this machine's memory; Cancelled
    void write(const std::string& text, const Task& task = {});
    const Memory& memory() const { return *m_memory; } ///< after a write()
    std::int64_t tokens() const { return m_tokens; }   ///< of the text
    int writes() const { return m_writes; }            ///< contexts written so far
    int prefixTokens() const { return m_prefixTokens; } ///< P

private:
    struct Cut {
        std::vector<TokenIds> segments;
        std::vector<char> glued; ///< of each: no white space between it and the next one
    };
    Cut cut(const std::string& text, const Task& task) const;
    LatentStore& keyStore() { return m_encoder.usesLatents() ? *m_latents : *m_keys; }
    void renewStores();
    void writeSegments(const Cut& cut, const Task& task);

    const LatentModel& m_model;
    SegmenterOptions m_segmenter;
    KeyMemoryKind m_kind;
    LatentFormat m_format;
    int m_prefixTokens;
    KeyEncoder m_encoder;
    Matrix m_keyRows; ///< K x C of a fixed key memory
    std::optional<LatentStore> m_latents;
    std::optional<LatentStore> m_keys; ///< not used with whole keys
    std::optional<Memory> m_memory;
    std::string m_text;
    std::int64_t m_tokens = 0;
    int m_writes = 0;
};

} // namespace hayloft
