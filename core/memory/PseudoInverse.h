// SPDX-License-Identifier: GPL-3.0-or-later
// Pseudo-inverses: the fixed-step Newton iteration that Larimar was published with, and exact ones.
#pragma once

#include "core/base/Matrix.h"

#include <string_view>

namespace hayloft {

/// X_0 = scale A^T, then `steps` times X <- 2 X - X A X (Ben-Israel and Cohen 1966; Larimar, arXiv 2403.11901, sec. 3).
/// The defaults are those of IBM's published configuration.
struct NewtonSettings {
    int steps = 15;       ///< k
    double scale = 5e-4;  ///< alpha

    /// @throws Error for no steps, more than 1000, or a scale that is not positive
    void check() const;
};

/// Singular values at or above this make the iteration diverge: sqrt(2 / alpha), 63.2 by default.
double divergenceLimit(const NewtonSettings& newton);
/// What the iteration makes of a singular value: A^+ has g(sigma) / sigma in the place of 1 / sigma, with
/// g = 1 - (1 - alpha sigma^2)^(2^k). 1 where it has converged, near 0 for small ones. Below the divergence limit only.
double newtonGain(double sigma, const NewtonSettings& newton);

/// The greatest singular value of A (m x n), to about 1e-3; never too great.
double greatestSingularValue(const Eigen::Ref<const Matrix>& a);

/// n x m: the iteration, step by step, in float32. Of X A X the cheaper order is taken.
/// @throws Error where it diverges (it says the singular value and what to do), and for numbers that are not finite
Matrix newtonInverse(const Eigen::Ref<const Matrix>& a, const NewtonSettings& newton);
/// n x m: the same matrix without iterating, from the eigenvalues of A A^T or A^T A, in double. @throws as newtonInverse
Matrix newtonClosedForm(const Eigen::Ref<const Matrix>& a, const NewtonSettings& newton);

/// Singular values below this share of the greatest count as 0 in exact inverses: float32 latents that differ by less are the same.
inline constexpr double kInverseCutoff = 1e-5;
/// n x m: the Moore-Penrose inverse, in double. @throws Error for numbers that are not finite
Matrix exactInverse(const Eigen::Ref<const Matrix>& a, double cutoff = kInverseCutoff);
/// G^+ B of a Gram matrix G = A^T A (n x n, n >= 1), where A's singular values below the cutoff's share count as 0.
Eigen::MatrixXd solveGram(const Eigen::MatrixXd& gram, const Eigen::MatrixXd& right, double cutoff = kInverseCutoff);

/// Which pseudo-inverses a memory takes.
enum class InverseMode { Newton, Exact };
InverseMode inverseModeFromName(std::string_view name); ///< "newton", "exact". @throws Error
std::string_view nameOf(InverseMode mode);

} // namespace hayloft
