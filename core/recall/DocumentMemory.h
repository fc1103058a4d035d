// SPDX-License-Identifier: GPL-3.0-or-later
// One document written to one memory, and the needle planted in it.
#pragma once

#include "core/memory/Memory.h"
#include "core/recall/GenerativeReader.h"
#include "core/recall/HaystackAssembly.h"
#include "core/recall/KeyEncoder.h"
#include "core/recall/LatentStore.h"
#include "core/recall/MemoryReader.h"

#include <memory>
#include <optional>

namespace hayloft {

/// One segment of the document as it stands, needle included.
struct DocumentSegment {
    std::size_t begin = 0; ///< bytes in text()
    std::size_t end = 0;
    int tokens = 0;        ///< 0: white space only, never written
    Index row = -1;        ///< -1 = not written
    bool needle = false;
};

/// Where a needle was planted.
struct PlantedNeedle {
    std::string text;
    Placement placement = Placement::Boundary;
    double depthWanted = 0;         ///< percent
    double depthAchieved = 0;       ///< percent of the document's tokens
    std::int64_t tokenPosition = 0; ///< tokens before it
    std::size_t begin = 0;          ///< bytes in text()
    std::size_t end = 0;
    Index firstSegment = 0;         ///< in segments()
    Index segmentCount = 0;
};

/// One segment's way into the memory, for the slow-motion mode.
struct WriteReport {
    Index segment = -1;
    Index row = -1;
    float distance = 0;    ///< of the write key to the row's key, Euclidean; 0 in a growing memory
    Index countBefore = 0; ///< segments on the row before
    float normBefore = 0;  ///< of the row
    float normAfter = 0;
    std::string keyText;   ///< what was encoded as the write key
};

/// Called on the computing thread after each batch: all segments before `segment` are written.
using WrittenFn = std::function<void(Index segment)>;

/// Segments, writes and asks one document; plants, moves and takes out a needle by exact removal and insertion, so that
/// only the segments it touches are encoded. One thread; makes none. The model must outlive it.
class DocumentMemory {
public:
    /// @param seed draws the rows of a fixed key memory
    /// @param noiseSeed draws the noise of pseudo-inverse addressing: a trial's own where one is looked at again, else `seed`
    DocumentMemory(const LatentModel& model, std::string text, const SegmenterOptions& segmenter,
                   const MemorySettings& memory, std::uint64_t seed = 1, std::optional<std::uint64_t> noiseSeed = {});
    DocumentMemory(const DocumentMemory&) = delete;
    DocumentMemory& operator=(const DocumentMemory&) = delete;

    /// Cuts the text; `restarts` are byte offsets where cutting restarts (AssembledContext). Nothing is written yet.
    /// Call once, before all else. @throws Error, Cancelled
    void segment(const Task& task = {}, const std::vector<std::size_t>& restarts = {});
    /// Encodes and writes, in batches, all segments that are not written. Goes on where a cancelled call ended.
    /// @throws Error, Cancelled
    void write(const Task& task = {}, const WrittenFn& onBatch = {});
    /// Writes the next segment that is not written; nothing when all are. @throws Error
    std::optional<WriteReport> writeNext();
    /// Empties the memory and changes its settings; latents that were encoded are kept, but for another format of them. @throws Error
    void setMemory(const MemorySettings& memory);
    bool complete() const { return m_unwritten == 0; } ///< all segments with tokens are written

    /// Plants a needle at a depth in percent of the document's tokens, taking out the one before. In a complete memory
    /// the change is written at once. @throws Error for an empty needle or a depth out of range, Cancelled
    void plant(const std::string& needle, double depthPercent, Placement placement = Placement::Boundary, const Task& task = {});
    void moveNeedle(double depthPercent, const Task& task = {}); ///< @throws Error when none is planted
    void removeNeedle(const Task& task = {});
    const std::optional<PlantedNeedle>& needle() const { return m_needle; }
    /// Where a needle would go, without planting it: achieved depth (percent) and tokens before it.
    std::pair<double, std::int64_t> previewDepth(double depthPercent) const;
    /// Takes a stretch that is already in the text (an assembled trial's) as the planted needle, for marking and
    /// scoring. It cannot be moved or taken out.
    void markNeedle(std::size_t begin, std::size_t end, double depthWanted, double depthAchieved);

    /// The query's answer, from the memory alone: with pseudo-inverse addressing one readout of all rows (the segments are written to
    /// a GenerativeMemory at each call, memory() has a row of its own for each); with content keys by the words of the question (ReadingRules), so that
    /// it can come from several rows; else from one row. @throws Error, Cancelled
    Answer ask(const std::string& query, Index runnersUp = 5, const Task& task = {}) const;
    Decoded decodeLatent(const RowVector& latent, const Task& task = {}) const; ///< @throws Error, Cancelled

    std::shared_ptr<const std::string> text() const { return m_text; } ///< with the needle
    const std::vector<DocumentSegment>& segments() const { return m_view; }
    std::vector<Index> segmentsOnRow(Index row) const; ///< ascending
    /// The latent of a segment once it is encoded. @throws Error before
    RowVector latent(Index segment) const;
    std::string segmentText(Index segment) const; ///< without the white space around it
    std::int64_t tokens() const { return m_tokens; }
    const Memory& memory() const { return m_memory; }
    Memory& memory() { return m_memory; } ///< for experiments with setRow()
    const MemorySettings& settings() const { return m_settings; }
    const SegmenterOptions& segmenter() const { return m_segmenter; }
    int prefixTokens() const { return m_prefixTokens; } ///< P

private:
    /// A segment of the base text or of the inserted parts.
    struct Item {
        std::string_view text;   ///< of the whole range
        TokenIds tokens;
        Index latent = -1;       ///< row in m_latents
        Index row = -1;          ///< row of the memory
        bool needle = false;
    };

    std::vector<Item> cut(std::string_view text, bool needle) const;
    LatentStore& keyStore() { return m_encoder.usesLatents() ? m_latents : m_keys; }
    LatentStore keyStoreOf(const KeyEncoder& encoder) const;
    std::vector<Index> encode(const std::vector<Index>& items, const Task& task);
    void writeItems(const std::vector<Index>& items, const Task& task);
    void eraseItem(Index item);
    void insert(const std::string& needle, double depthPercent, Placement placement);
    std::size_t insertParts(const InsertionPoint& point, const std::string& needle);
    void takeOut();
    void settle(bool wasComplete, const Task& task);
    Answer askGenerative(const std::string& query, const Task& task) const;
    void refreshView();
    void refreshRows();
    void noteOrder();
    InsertionPoint pointOf(double depthPercent, Placement placement) const;

    const LatentModel& m_model;
    SegmenterOptions m_segmenter;
    MemorySettings m_settings;
    std::uint64_t m_seed, m_noiseSeed;
    int m_prefixTokens;
    std::string m_base;                          ///< text without the needle
    std::shared_ptr<const std::string> m_text;
    std::vector<Item> m_items;                   ///< of the base text, then those of the insertion
    Index m_baseItems = 0;
    std::vector<std::int64_t> m_baseTokensBefore; ///< base items + 1
    std::vector<Index> m_order;                  ///< items in the order of the text
    std::vector<std::string> m_inserted;         ///< texts the insertion's items point into
    std::vector<DocumentSegment> m_view;
    std::optional<PlantedNeedle> m_needle;
    bool m_marked = false;                       ///< the needle is part of the base text
    std::int64_t m_tokens = 0;
    Index m_unwritten = 0;
    LatentStore m_latents;
    KeyEncoder m_encoder;
    LatentStore m_keys; ///< not used with whole keys
    Memory m_memory;
    std::shared_ptr<const MemoryPrior> m_prior; ///< of pseudo-inverse addressing
};

} // namespace hayloft
