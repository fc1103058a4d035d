// SPDX-License-Identifier: GPL-3.0-or-later
// Nearest-row search with cached norms: what KeyMemory, Memory and the fast sweep share.
#pragma once

#include "core/memory/KeyMemory.h"

namespace hayloft {

/// Squared Euclidean norm of each row.
std::vector<float> squaredNorms(const Eigen::Ref<const Matrix>& rows);

/// Approximate squared distances (Q x K) from `queries` to `keys`: |k|^2 - 2 q.k + |q|^2, one matrix product (a
/// matrix-vector product for one query). Error at most `distanceSlack`.
void approximateDistances(const Eigen::Ref<const Matrix>& keys, const std::vector<float>& keyNorms,
                          const Eigen::Ref<const Matrix>& queries, const std::vector<float>& queryNorms, Matrix& out);

/// Every row whose exact distance can be within kTieDistance of the one with approximate squared distance `squared` has
/// an approximate squared distance of at most `squared` + this. `norms` is the greatest squared norm involved.
float candidateSlack(float squared, float norms);

/// Nearest first; a run within kTieDistance of its nearest is ordered by row.
void sortWithTies(std::vector<Neighbour>& rows);

/// All rows found for one query.
struct FoundRows {
    std::vector<Neighbour> rows; ///< nearest first, ties by row; at least min(count, K), and the whole first tie
    std::size_t tied = 0;        ///< how many of them are tied with the nearest
};

/// What nearestRows does, with cached norms, and never cutting the first tie short.
std::vector<FoundRows> findNearest(const Eigen::Ref<const Matrix>& keys, const std::vector<float>& keyNorms,
                                   const Eigen::Ref<const Matrix>& queries, Index count, std::span<const char> use = {});

/// out (m x n) = a (m x k) b^T (n x k), all row-major, through BLAS.
void multiplyTransposed(const Eigen::Ref<const Matrix>& a, const Eigen::Ref<const Matrix>& b, Matrix& out);
/// out (m x n) = a (m x k) b (k x n), all row-major, through BLAS. `out` is neither of the two.
void multiply(const Eigen::Ref<const Matrix>& a, const Eigen::Ref<const Matrix>& b, Matrix& out);

} // namespace hayloft
