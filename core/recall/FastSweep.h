// SPDX-License-Identifier: GPL-3.0-or-later
// The fast path of a sweep: keys are encoded once, latents where a row is read, a trial costs what its needle changes.
#pragma once

#include "core/recall/SegmentLatents.h"
#include "core/recall/TrialSolver.h"

#include <map>

namespace hayloft {

/// Gives what NaiveSweep gives: rows and answers exactly, latents within 1e-5. Distances of each distinct query to all
/// haystack keys come from one matrix product; the memory of a trial is never built: `grow` needs the nearest keys
/// among the trial's pieces and parts, `fixed` the mean over those of them that lie on a row that is read. Segments on
/// rows that nobody reads are never encoded, but for their keys.
class FastSweep : public TrialSolver {
public:
    FastSweep(const SweepSetup& setup, SweepClock& clock);
    void prepare(std::span<const Trial> all, const Task& task) override;
    std::size_t batchSize() const override { return 264; } ///< two full decoding jobs
    std::vector<TrialOutcome> run(std::span<const Trial> trials, const Task& task) override;

protected:
    /// Number in the context (`grow`: row of the memory) of the piece at `ordinal` of the rotation; -1 for one that is
    /// split. Virtual for the test that proves that a wrong fast path is noticed.
    virtual Index rowOfPiece(const ContextLayout& layout, Index ordinal) const;
    /// How often a piece lies in the trial's window unsplit. Virtual for the same reason.
    virtual Index occurrences(const ContextLayout& layout, Index piece) const;
    /// Number of the segment after one in the context. Virtual for the same reason.
    virtual Index segmentAfter(Index number) const { return number + 1; }

private:
    /// A segment of a trial's context: its number among the segments, its row in the key store.
    struct Stored {
        Index segment = -1, key = -1;
    };
    struct Work {
        const Trial& trial;
        const ContextLayout& layout;
        std::vector<std::vector<Stored>> strips; ///< segments of each strip; none for pieces of the haystack
        std::vector<Index> queries;              ///< rows in the query store
        std::vector<int> mostRows;               ///< of each query
        std::vector<std::string> prompts;        ///< of each query
    };
    /// One distinct query against all haystack keys.
    struct QueryDistances {
        RowVector squared;                        ///< approximate, 1 x H
        std::unordered_map<Index, float> exact;   ///< of the keys that were looked at
    };
    /// What a memory row holds in one trial.
    struct RowContent {
        Index segments = 0;
        Index only = -1;   ///< number of its segment in the context, if it has one
        Index stored = -1; ///< number of its segment, if `grow` gave it a row of its own
        std::vector<std::pair<Index, Index>> parts; ///< numbers of its segments, and how often each lies here
        RowVector latent;  ///< the readout, after encodeContents()
    };
    /// An answer that is being read.
    struct Chain {
        std::size_t trial; ///< in the batch
        RowAnswer answer;
        std::vector<RowRead> reads;
        RowContent at;     ///< of the last read
        std::string prompt; ///< of the row that is decoded next; "" for all but the first
        bool glued = false; ///< to the text so far
    };

    LatentStore& keyStore() { return m_encoder.usesLatents() ? m_latents : m_keys; }
    LatentStore& queryStore() { return m_encoder.hasSides() ? m_questionKeys : keyStore(); }
    Stored addSegment(const TokenIds& tokens);
    void encodeNew(const Task& task);
    Work prepareWork(const Trial& trial, TrialOutcome& outcome);
    void addressNewKeys(const Task& task);
    void address(const LatentStore& store, std::vector<Index>& rowOf, const Task& task);
    void measureQueries(const std::vector<Work>& works, const Task& task);
    std::vector<ChosenRow> chooseTrialRows(const Work& work);
    std::vector<Neighbour> nearestGrowing(const Work& work, Index query, int most);
    std::vector<Neighbour> nearestFixed(Index query, int most);
    template <typename Visit>
    void forEachPiece(const Work& work, bool repeats, const Visit& visit) const;
    Stored storedAt(const Work& work, Index number) const;
    bool isGluedAt(const Work& work, Index number) const;
    RowContent contentOf(const Work& work, Index row) const;
    void encodeContents(std::vector<Chain*>& chains, const Task& task);
    RowContent fixedContent(const Work& work, Index row) const;
    NextRow nextOf(const Work& work, const RowContent& content) const;
    void setWriteRows(const Work& work, TrialOutcome& outcome) const;
    void readAnswers(const std::vector<Work>& works, std::vector<TrialOutcome>& outcomes, const Task& task);
    void decode(std::vector<Chain*>& chains, const Task& task);

    const SweepSetup& m_setup;
    SweepClock& m_clock;
    KeyEncoder m_encoder;
    AnswerDecoder m_decoder;
    LatentStore m_latents;
    SegmentLatents m_segments { m_latents };
    LatentStore m_keys;                 ///< not used with whole keys
    LatentStore m_questionKeys;         ///< only where queries have keys of their own
    std::vector<Index> m_pieceSegment;  ///< N numbers in m_segments, -1 where no trial needs the piece
    std::vector<Index> m_pieceKey;      ///< N rows in the key store
    Index m_haystackKeys = 0;           ///< H: the key store's first rows hold the haystack's keys
    std::vector<float> m_keyNorms;      ///< H squared norms
    float m_greatestNorm = 0;
    std::unordered_map<Index, QueryDistances> m_queries; ///< `grow`, by row in the query store
    std::vector<Index> m_keyRow;        ///< `fixed`: memory row of each row of the key store
    std::vector<Index> m_questionRow;   ///< the same of the question keys
    std::vector<float> m_rowNorms;      ///< `fixed`: K squared norms
    std::unordered_map<Index, std::vector<Index>> m_rowPieces; ///< `fixed`: pieces on each memory row
    std::map<std::pair<Index, std::string>, std::string> m_answers; ///< decoded, by number in m_segments and prompt
};

} // namespace hayloft
