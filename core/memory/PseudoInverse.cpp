// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory/PseudoInverse.h"

#include "core/base/Error.h"
#include "core/base/Format.h"
#include "core/compute/WideProducts.h"
#include "core/memory/RowSearch.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <cmath>
#include <string>

namespace hayloft {

namespace {

constexpr int kMaxSteps = 1000;
constexpr int kPowerSteps = 60;
/// A Gram matrix with a better condition than this is inverted as it is: no singular value is near the cutoff, and
/// squaring loses nothing that float32 would show.
constexpr double kGoodGram = 1e-8;

void checkFinite(const Eigen::Ref<const Matrix>& a)
{
    if (!a.allFinite())
        throw Error("a matrix holds numbers that are not finite", "pseudo-inverse", "check the latents and the prior");
}

[[noreturn]] void failDiverged(double sigma, const NewtonSettings& newton)
{
    throw Error(formatted("the published iteration diverges: a singular value is %.4g, and with the scale %.3g it converges below %.4g", sigma,
                          newton.scale, divergenceLimit(newton)),
                "pseudo-inverse",
                formatted("use exact inverses, a scale below %.2g, or fewer or shorter latents", 2.0 / (sigma * sigma)));
}

void checkConverges(const Eigen::Ref<const Matrix>& a, const NewtonSettings& newton)
{
    newton.check();
    checkFinite(a);
    // The Frobenius norm is no smaller than any singular value: mostly it settles the matter.
    if (a.cast<double>().squaredNorm() * newton.scale < 2)
        return;
    if (const double sigma = greatestSingularValue(a); sigma >= divergenceLimit(newton))
        failDiverged(sigma, newton);
}

/// g(sigma) / sigma^2 from lambda = sigma^2.
double gainOverSquare(double lambda, const NewtonSettings& newton)
{
    const double x = newton.scale * std::max(lambda, 0.0), squarings = std::exp2(newton.steps);
    if (x < 1e-18)
        return newton.scale * squarings;
    return -std::expm1(squarings * std::log1p(x < 1 ? -x : x - 2)) / lambda; // 2^k is even
}

} // namespace

void NewtonSettings::check() const
{
    if (steps < 1 || steps > kMaxSteps || !(scale > 0) || !std::isfinite(scale))
        throw Error(formatted("%d Newton steps with the scale %g", steps, scale), "pseudo-inverse",
                    formatted("use 1 to %d steps and a scale above 0", kMaxSteps));
}

double divergenceLimit(const NewtonSettings& newton) { return std::sqrt(2 / newton.scale); }

double newtonGain(double sigma, const NewtonSettings& newton)
{
    return sigma == 0 ? 0 : gainOverSquare(sigma * sigma, newton) * sigma * sigma;
}

double greatestSingularValue(const Eigen::Ref<const Matrix>& a)
{
    if (a.size() == 0)
        return 0;
    // Begins with the longest row, which is not orthogonal to what it has most of.
    Index longest = 0;
    a.rowwise().squaredNorm().maxCoeff(&longest);
    Eigen::VectorXf x = a.row(longest).transpose();
    double sigma = 0;
    for (int i = 0; i < kPowerSteps && x.norm() > 0; ++i) {
        x.normalize();
        const Eigen::VectorXf image = a * x;
        const double next = static_cast<double>(image.norm());
        const bool settled = next - sigma < 1e-5 * next;
        sigma = std::max(sigma, next);
        if (settled && i > 4)
            break;
        x = a.transpose() * image;
    }
    return sigma;
}

Matrix newtonInverse(const Eigen::Ref<const Matrix>& a, const NewtonSettings& newton)
{
    checkConverges(a, newton);
    Matrix x = static_cast<float>(newton.scale) * a.transpose(), inner, product;
    for (int step = 0; step < newton.steps; ++step) {
        if (a.rows() <= a.cols()) {
            multiply(a, x, inner);
            multiply(x, inner, product);
        } else {
            multiply(x, a, inner);
            multiply(inner, x, product);
        }
        x = 2 * x - product;
    }
    // A singular value just above the limit may pass the check, which never overestimates.
    if (!x.allFinite())
        failDiverged(std::max(greatestSingularValue(a), divergenceLimit(newton)), newton);
    return x;
}

Matrix newtonClosedForm(const Eigen::Ref<const Matrix>& a, const NewtonSettings& newton)
{
    checkConverges(a, newton);
    const Eigen::MatrixXd wide = a.cast<double>();
    const bool rows = a.rows() <= a.cols();
    const Eigen::MatrixXd gram = rows ? Eigen::MatrixXd(wide * wide.transpose()) : Eigen::MatrixXd(wide.transpose() * wide);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(gram);
    const Eigen::VectorXd gains = eigen.eigenvalues().unaryExpr([&](double lambda) { return gainOverSquare(lambda, newton); });
    const Eigen::MatrixXd function = eigen.eigenvectors() * gains.asDiagonal() * eigen.eigenvectors().transpose();
    return (rows ? Eigen::MatrixXd(wide.transpose() * function) : Eigen::MatrixXd(function * wide.transpose())).cast<float>();
}

Matrix exactInverse(const Eigen::Ref<const Matrix>& a, double cutoff)
{
    checkFinite(a);
    if (a.size() == 0)
        return Matrix::Zero(a.cols(), a.rows());
    const Eigen::MatrixXd wide = a.cast<double>();
    const bool rows = a.rows() <= a.cols();
    const Eigen::MatrixXd gram = rows ? wideProduct(wide, Side::AsIs, wide, Side::Transposed) : wideProduct(wide, Side::Transposed, wide, Side::AsIs);
    // A^+ = A^T (A A^T)^+ = (A^T A)^+ A^T
    const Eigen::MatrixXd inverse = solveGram(gram, rows ? wide : Eigen::MatrixXd(wide.transpose()), cutoff);
    return rows ? Matrix(inverse.transpose().cast<float>()) : Matrix(inverse.cast<float>());
}

Eigen::MatrixXd solveGram(const Eigen::MatrixXd& gram, const Eigen::MatrixXd& right, double cutoff)
{
    const Eigen::LLT<Eigen::MatrixXd> factor(gram);
    if (factor.info() == Eigen::Success && factor.rcond() > std::max(kGoodGram, 100 * cutoff * cutoff))
        return factor.solve(right);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(gram);
    const double greatest = eigen.eigenvalues()(gram.rows() - 1);
    const Eigen::VectorXd inverted = eigen.eigenvalues().unaryExpr([&](double x) { return greatest > 0 && x > cutoff * cutoff * greatest ? 1 / x : 0.0; });
    const Eigen::MatrixXd scaled = eigen.eigenvectors() * inverted.asDiagonal();
    return wideProduct(scaled, Side::AsIs, wideProduct(eigen.eigenvectors(), Side::Transposed, right, Side::AsIs), Side::AsIs);
}

InverseMode inverseModeFromName(std::string_view name)
{
    if (name == "newton")
        return InverseMode::Newton;
    if (name == "exact")
        return InverseMode::Exact;
    throw Error("unknown kind of pseudo-inverse", std::string(name), "use newton or exact");
}

std::string_view nameOf(InverseMode mode) { return mode == InverseMode::Newton ? "newton" : "exact"; }

} // namespace hayloft
