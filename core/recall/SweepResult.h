// SPDX-License-Identifier: GPL-3.0-or-later
// What a sweep returns; the run record is this plus where it ran.
#pragma once

#include "core/recall/Scoring.h"
#include "core/recall/SweepPlan.h"

#include <optional>
#include <string>
#include <vector>

namespace hayloft {

/// Why a trial missed: no row read is one that the answer was written to; one is, but shared with other segments;
/// it is and unshared, so the decoder failed. Where several values are missing, the first of these that holds for one.
enum class Failure { None, RowWrong, RowShared, DecodeWrong };
std::string_view nameOf(Failure failure); ///< "none", "row wrong", "row shared", "decode wrong"
Failure failureFromName(std::string_view name); ///< @throws Error

/// One trial.
struct Sample {
    std::uint64_t seed = 0;
    std::int64_t haystackOffset = 0; ///< start segment of the rotation
    std::string prefix;              ///< the query as it was encoded (cut to P tokens with prefix keys)
    std::string expected;
    std::string answer;
    bool correct = false;
    bool absent = false;  ///< where absence is judged: "not in this document" (AbsenceCheck)
    bool upheld = false;  ///< and: correct without the answers that are judged to be absent
    double digitAccuracy = 0;
    double rougeL = 0;
    double rulerScore = 0; ///< RULER's tasks: share of the values found
    Index writeRow = -1; ///< row of the first needle segment
    Index readRow = -1;  ///< first of readRows
    Index rowSegments = 0;
    float keyDistance = 0;
    std::vector<Index> readRows;  ///< reading by the question: all rows that were read, each followed by those it went on in
    std::vector<Index> writeRows; ///< several planted texts: row of each one's first segment
    std::vector<double> depths;   ///< several planted texts: percent of each but the first
    double depthAchieved = 0;      ///< percent
    std::int64_t lengthAchieved = 0; ///< tokens
    Failure failure = Failure::None;
};

/// Trials in which each kind of search found the answer first: see Baselines.
struct FoundCounts {
    int content = 0, floor = 0, bm25 = 0;
};

/// One (length, depth) point.
struct Cell {
    std::int64_t lengthTokens = 0;   ///< wanted
    double depthPercent = 0;         ///< wanted
    double lengthAchieved = 0;       ///< mean over trials, tokens
    double depthAchieved = 0;        ///< mean over trials, percent
    int trials = 0;                  ///< distinct ones
    int hits = 0;
    double recall = 0;
    Interval ci95;
    double rougeL = 0;               ///< mean
    double rulerScore = 0;           ///< mean; times 100 it is RULER's own metric
    std::optional<int> upheld;       ///< hits that are left where absence is judged
    std::optional<FoundCounts> foundFirst; ///< where the plan asked for baselines
    std::vector<Sample> samples;
};

/// Trials with nothing planted that is asked for, spread over the grid.
struct Controls {
    int trials = 0;
    int falseAnswers = 0; ///< answers that held a drawn, never planted value, or (passkey) began with the query's prefix
                          ///< and went on with a run of exactly `digits` digits, or (RULER) gave some value for an asked key
    std::optional<int> answered; ///< where absence is judged: trials that were not told "not in this document"
};

struct SweepTiming {
    double encodeSeconds = 0, writeSeconds = 0, readSeconds = 0, decodeSeconds = 0, totalSeconds = 0;
    std::int64_t tokensEncoded = 0;
    double tokensPerSecond = 0; ///< tokensEncoded / encodeSeconds
    double baselineSeconds = 0; ///< part of totalSeconds
    int shards = 1; ///< merged from that many: sums over them, but for totalSeconds, which is that of the slowest
};

struct HaystackInfo {
    std::string source; ///< file names or "filler"
    std::string sha256; ///< of the text
    std::int64_t tokens = 0;
    double repeats = 1; ///< greatest length / tokens when above 1
};

struct SweepResult {
    std::vector<Cell> cells; ///< measured ones, lengths outer, depths inner
    Controls controls;
    SweepTiming timing;
    HaystackInfo haystack;
    int prefixTokens = 0; ///< P used
    Index rows = 0;       ///< K (of the largest memory for `grow`)
};

} // namespace hayloft
