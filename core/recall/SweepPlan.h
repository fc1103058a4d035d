// SPDX-License-Identifier: GPL-3.0-or-later
// What a sweep measures: the grid, the trials and the memory's settings.
#pragma once

#include "core/memory/KeyMemory.h"
#include "core/memory/PseudoInverse.h"
#include "core/recall/AnswerDecoder.h"
#include "core/recall/LatentStore.h"
#include "core/recall/ReadingRules.h"
#include "core/recall/RecallTask.h"
#include "core/text/Segmenter.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

struct MemorySettings {
    Addressing addressing = Addressing::NearestRow;
    KeyKind keys = KeyKind::Prefix;
    int prefixTokens = 0; ///< P; 0 = the model's default
    KeyMemoryKind keyMemory = KeyMemoryKind::Grow;
    Index rows = 4096;    ///< K of a fixed key memory
    DecoderPrompt prompted = DecoderPrompt::None;
    LatentFormat latents = LatentFormat::Float32; ///< Float16 halves what encoded segments take beside their keys; see checkLatents
    InverseMode inverse = InverseMode::Exact; ///< this and the rest: pseudo-inverse addressing only
    NewtonSettings newton;
    int reads = 1;        ///< of the readout again, in all
    float observationNoise = 0; ///< s: standard deviation of what is added to latents, queries and readouts
    bool sampled = false;       ///< weights are drawn around their mean
    float weightLogVariance = 0; ///< sampled: log variance of each weight; 0, as of the weights' prior
};

/// K of pseudo-inverse addressing where nothing else is asked for: the published prior's.
inline constexpr Index kPublishedRows = 512;

enum class SweepPath { Fast, Naive };

struct SweepPlan {
    RecallTask task;
    SegmenterOptions segmenter;
    MemorySettings memory;
    ReadingRules reading;
    std::vector<std::int64_t> lengths; ///< tokens of the whole context, ascending
    std::vector<double> depths;        ///< percent of the haystack, 0 = top
    int trials = 10;                   ///< per cell
    int controls = 0;                  ///< negative-control trials in all
    bool baselines = false;            ///< measure beside it what content keys, their floor and BM25 find first (Baselines)
    std::uint64_t seed = 1;
    SweepPath path = SweepPath::Fast;
    bool encodeUnread = false; ///< fast path: also the segments on rows that nobody reads, which changes times alone
};

/// Whether a sweep reads by the words of its questions: keys of questions do, and values longer than a segment need it.
/// Pseudo-inverse addressing has no rows to choose from: each query has one readout.
bool readsByQuestion(const RecallTask& task, const MemorySettings& memory);
/// Content keys judge an answer by its question's words, which a prompt would put there. @throws Error
void checkPrompted(const MemorySettings& memory);
/// Latents of Float16 are read by the nearest row, and whole keys, which are the latents, stay Float32. @throws Error
void checkLatents(const MemorySettings& memory);
/// "1k:137k:10" (n evenly spaced points), "1k,2k,4k", or one number; k = 1,000, m = 1,000,000.
/// Rounded to whole tokens, sorted, duplicates dropped. @throws Error
std::vector<std::int64_t> parseLengths(std::string_view spec);
/// "0:100:11", "sigmoid:11" (Kamradt's sigmoid spacing), a list, or one number, in percent. @throws Error
std::vector<double> parseDepths(std::string_view spec);
/// The seed of one trial: independent over cells and trials.
std::uint64_t trialSeed(std::uint64_t seed, std::int64_t lengthTokens, double depthPercent, int trial);
SweepPath sweepPathFromName(std::string_view name); ///< "fast", "naive". @throws Error
std::string_view nameOf(SweepPath path);

} // namespace hayloft
