// SPDX-License-Identifier: GPL-3.0-or-later
// The fixed vectors that link write keys to read keys.
#pragma once

#include "core/base/Matrix.h"
#include "core/model/LatentModel.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace hayloft {

/// All but `Grow` have K rows that are given before anything is written: drawn once (`Fixed`), or the model's learned ones (`Prior`).
enum class KeyMemoryKind { Grow, Fixed, Prior };
/// `Floor` is what content keys are compared with: the same idea, untrained.
enum class KeyKind { Prefix, Whole, Content, Floor };
/// How a key becomes weights over rows: one-hot at the nearest row (Memory), or Larimar as published (GenerativeMemory).
enum class Addressing { NearestRow, PseudoInverse };

struct Neighbour {
    Index row = 0;
    float distance = 0; ///< Euclidean
};

/// Rows whose distance is within this of the least one are tied; the lowest of them is read.
inline constexpr float kTieDistance = 1e-4f;

/// Nearest rows of `keys` (K x C) to each of `queries` (Q x C), nearest first, at most `count` each.
/// Ties within kTieDistance are ordered by row. Blocks of one matrix product each; distances of the rows returned
/// are recomputed exactly. `use` (K flags, or empty for all) leaves rows out. @throws Error for sizes that differ.
std::vector<std::vector<Neighbour>> nearestRows(const Eigen::Ref<const Matrix>& keys, const Eigen::Ref<const Matrix>& queries, Index count,
                                                std::span<const char> use = {});

/// Euclidean distance, summed in double in a fixed order: the same value wherever the vectors lie in memory.
float exactDistance(const Eigen::Ref<const RowVector>& a, const Eigen::Ref<const RowVector>& b);

/// K rows drawn once from the model's key distribution (seeded; nothing comes from a document): distinct training keys
/// in random order while they last, then Gaussian draws with their mean and covariance, normalised as latents are.
/// @throws Error for K < 1, or when K rows cannot be drawn from the statistics; Cancelled.
Matrix drawKeyRows(const KeyStatistics& statistics, Index rows, std::uint64_t seed, const Task& task = {});

Addressing addressingFromName(std::string_view name); ///< "nearest", "pseudo-inverse". @throws Error
std::string_view nameOf(Addressing addressing);
KeyMemoryKind keyMemoryKindFromName(std::string_view name); ///< "grow", "fixed", "prior". @throws Error
std::string_view nameOf(KeyMemoryKind kind);
KeyKind keyKindFromName(std::string_view name); ///< "prefix", "whole", "content", "floor". @throws Error
std::string_view nameOf(KeyKind kind);

} // namespace hayloft
