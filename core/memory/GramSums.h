// SPDX-License-Identifier: GPL-3.0-or-later
// Sums of z^T z over stretches of latents.
#pragma once

#include "core/base/Matrix.h"
#include "core/base/Progress.h"

#include <vector>

namespace hayloft {

/// Z^T Z (C x C, double) of N x C latents.
Eigen::MatrixXd gramOfLatents(const Eigen::Ref<const Matrix>& latents);

/// Z^T Z of any stretch of a row of latents that goes on at its beginning when it ends. Keeps the sums up to every
/// block's end (at most 48 of 4.5 MB with C = 768), so that a stretch costs two ends of a block. In double: differences
/// of sums are as good as sums.
class GramSums {
public:
    explicit GramSums(Matrix latents, const Task& task = {});
    Index size() const { return m_latents.rows(); } ///< N
    /// Of `count` latents from `first` on; more than N repeat them.
    Eigen::MatrixXd sum(Index first, Index count) const;

private:
    void addUpTo(Index end, double sign, Eigen::MatrixXd& to) const;

    Matrix m_latents;
    Index m_block;
    std::vector<Eigen::MatrixXd> m_sums; ///< of all latents before each block's end
};

} // namespace hayloft
