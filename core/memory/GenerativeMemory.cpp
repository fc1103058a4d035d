// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory/GenerativeMemory.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/compute/WideProducts.h"
#include "core/memory/GramSums.h"
#include "core/memory/RowSearch.h"

#include <Eigen/QR>
#include <cmath>
#include <string>

namespace hayloft {

namespace {

constexpr Index kFewLatents = 64; ///< up to here one thread is as fast as several, and never waits
constexpr double kFullRank = 1e-3; ///< least condition, of a float32 Gram matrix, that says so without doubt
constexpr double kGoodGram = 1e-8; ///< the same for solving with one in double
constexpr double kPriorVariance = 1.000001; ///< U0: exp(0) + 1e-6 of the reference
constexpr double kDetermined = 1e-9; ///< share of |w|^2 below which a direction has no variance left

/// Adds normal noise of that deviation.
void addNoise(Matrix& to, float deviation, std::uint64_t seed)
{
    if (deviation == 0)
        return;
    Random random(seed);
    for (Index i = 0; i < to.size(); ++i)
        to.data()[i] += deviation * static_cast<float>(random.normal());
}

/// A A^T of a few rows, in one thread.
Eigen::MatrixXf gramOf(const Matrix& a)
{
    Eigen::MatrixXf gram(a.rows(), a.rows());
    for (Index i = 0; i < a.rows(); ++i)
        bestKernels().dots(a.data(), a.outerStride(), a.rows(), a.cols(), a.row(i).data(), gram.col(i).data());
    return gram;
}

/// The same in double, lower half.
Eigen::MatrixXd wideGramOf(const Matrix& a)
{
    const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> wide = a.cast<double>();
    Eigen::MatrixXd gram(a.rows(), a.rows());
    for (Index i = 0; i < a.rows(); ++i)
        for (Index j = 0; j <= i; ++j)
            gram(i, j) = wide.row(i).dot(wide.row(j));
    return gram;
}

/// a = q r with orthonormal columns of q (m x n) and upper triangular r, m >= n.
void thinQr(const Matrix& a, Matrix& q, Matrix& r)
{
    using ColumnMajor = Eigen::MatrixXf;
    const Eigen::HouseholderQR<ColumnMajor> qr { ColumnMajor(a) };
    q = qr.householderQ() * ColumnMajor::Identity(a.rows(), a.cols());
    r = qr.matrixQR().topRows(a.cols()).template triangularView<Eigen::Upper>();
}

} // namespace

void GenerativeMemorySettings::check() const
{
    newton.check();
    if (!(observationNoise >= 0) || !std::isfinite(observationNoise) || !std::isfinite(weightLogVariance))
        throw Error("the noise must be 0 or more, and finite", "memory settings", "");
}

MemoryPrior::MemoryPrior(Matrix rows, const GenerativeMemorySettings& settings) : m_rows(std::move(rows))
{
    settings.check();
    if (m_rows.size() == 0)
        throw Error("the prior has no rows", "memory", "give a K x C matrix");
    m_inverse = settings.mode == InverseMode::Newton ? newtonInverse(m_rows, settings.newton) : exactInverse(m_rows);
    m_packed = PackedMatrix::fromRows(bestKernels(), m_inverse.data(), m_inverse.rows(), m_inverse.cols());
}

Matrix MemoryPrior::weightsOf(const Eigen::Ref<const Matrix>& latents) const
{
    if (latents.cols() != m_rows.cols())
        throw Error("a latent has " + std::to_string(latents.cols()) + " numbers and the memory's rows " + std::to_string(m_rows.cols()),
                    "memory", "use latents of the same model");
    Matrix weights(latents.rows(), m_rows.rows());
    if (latents.rows() <= kFewLatents)
        bestKernels().multiply(m_packed.times(latents.data(), latents.outerStride(), latents.cols(), weights.data(), weights.cols()), latents.rows());
    else
        multiply(latents, m_inverse, weights);
    return weights;
}

GenerativeMemory::GenerativeMemory(std::shared_ptr<const MemoryPrior> prior, const GenerativeMemorySettings& settings)
    : m_prior(std::move(prior)), m_settings(settings)
{
    settings.check();
    clear();
}

void GenerativeMemory::clear()
{
    setMatrix(m_prior->rows());
    m_covariance.resize(0, 0);
    m_segments = 0;
}

void GenerativeMemory::setMatrix(Matrix matrix)
{
    m_projection.reset();
    m_factors.reset();
    m_inverse.resize(0, 0);
    m_matrix = std::move(matrix);
}

Matrix GenerativeMemory::invert(const Matrix& a) const
{
    return m_settings.mode == InverseMode::Newton ? newtonInverse(a, m_settings.newton) : exactInverse(a);
}

void GenerativeMemory::checkLatents(const Eigen::Ref<const Matrix>& latents) const
{
    if (latents.rows() == 0)
        throw Error("there is nothing to write", "memory", "give at least one latent");
    if (!latents.allFinite())
        throw Error("a latent holds numbers that are not finite", "memory", "");
}

void GenerativeMemory::write(const Eigen::Ref<const Matrix>& latents)
{
    checkLatents(latents);
    if (m_settings.mode == InverseMode::Exact && m_settings.observationNoise == 0 && latents.rows() >= std::min(rows(), latentSize())) {
        writeGram(gramOfLatents(latents), latents.rows());
        return;
    }
    Matrix observed = latents;
    const std::uint64_t seed = mixSeed(m_settings.seed, m_version);
    addNoise(observed, m_settings.observationNoise, mixSeed(seed, 1));
    Matrix addressed = observed;
    addNoise(addressed, m_settings.observationNoise, mixSeed(seed, 2));
    Matrix weights = m_prior->weightsOf(addressed);
    if (observed.rows() >= std::min(rows(), latentSize())) {
        Matrix matrix;
        multiply(invert(weights), observed, matrix);
        setMatrix(std::move(matrix));
    } else if (auto projection = m_settings.mode == InverseMode::Exact ? projectionOf(observed, weights) : std::nullopt) {
        setMatrix({});
        m_projection = std::move(projection);
    } else {
        Factors factors = factorsOf(observed, weights);
        setMatrix({});
        m_factors = std::move(factors);
    }
    m_covariance.resize(0, 0); // a direct write leaves it as it was in the prior
    m_segments = latents.rows();
    ++m_version;
}

/// W = Z A with A = M0^+, so that W^T W = A^T Z^T Z A and W^T Z = A^T Z^T Z.
void GenerativeMemory::writeGram(const Eigen::MatrixXd& gram, Index segments)
{
    if (m_settings.mode != InverseMode::Exact || m_settings.observationNoise != 0)
        throw Error("only exact inverses without noise can do with the sum of the latents' products", "memory", "write the latents");
    if (gram.rows() != latentSize() || gram.cols() != latentSize() || !gram.allFinite())
        throw Error("the sum of the latents' products has another size, or numbers that are not finite", "memory", "");
    const Eigen::MatrixXd inverse = m_prior->inverse().cast<double>();
    const Eigen::MatrixXd right = wideProduct(inverse, Side::Transposed, gram, Side::AsIs);
    setMatrix(solveGram(wideProduct(right, Side::AsIs, inverse, Side::AsIs), right).cast<float>());
    m_covariance.resize(0, 0);
    m_segments = segments;
    ++m_version;
}

std::optional<GenerativeMemory::Projection> GenerativeMemory::projectionOf(const Matrix& latents, const Matrix& weights)
{
    const Eigen::LLT<Eigen::MatrixXf> rank(gramOf(weights));
    if (rank.info() != Eigen::Success || !(static_cast<double>(rank.rcond()) > kFullRank))
        return std::nullopt;
    Projection projection {latents, weights, Eigen::LLT<Eigen::MatrixXd>(wideGramOf(latents))};
    if (projection.gram.info() != Eigen::Success || !(projection.gram.rcond() > kGoodGram))
        return std::nullopt;
    return projection;
}

GenerativeMemory::Factors GenerativeMemory::factorsOf(const Matrix& latents, const Matrix& weights) const
{
    Factors factors;
    Matrix right, ofLatents, ofWeights;
    thinQr(weights.transpose(), factors.left, ofWeights);
    thinQr(latents.transpose(), right, ofLatents);
    factors.right = right.transpose();
    multiply(invert(ofWeights.transpose()), ofLatents.transpose(), factors.core);
    factors.inverse = invert(factors.core);
    multiply(factors.inverse, factors.core, factors.gain);
    return factors;
}

const Matrix& GenerativeMemory::matrix() const
{
    if (m_matrix.size() > 0)
        return m_matrix;
    if (m_projection) {
        multiply(exactInverse(m_projection->weights), m_projection->latents, m_matrix);
    } else {
        Matrix left;
        multiply(m_factors->left, m_factors->core, left);
        multiply(left, m_factors->right, m_matrix);
    }
    return m_matrix;
}

const Eigen::MatrixXd& GenerativeMemory::covariance() const
{
    if (m_covariance.size() == 0)
        m_covariance = kPriorVariance * Eigen::MatrixXd::Identity(rows(), rows());
    return m_covariance;
}

void GenerativeMemory::writeSequential(const Eigen::Ref<const Matrix>& latents)
{
    checkLatents(latents);
    m_prior->weightsOf(latents.topRows(1)); // checks the size
    GenerativeMemory next = *this;
    next.matrix();
    for (Index i = 0; i < latents.rows(); ++i)
        next.step(latents.row(i));
    next.m_segments += latents.rows();
    ++next.m_version;
    *this = std::move(next);
}

/// w = z M^T (M M^T + s^2 I)^-1; q = w U; v = q w^T + s^2; c = q / v; M <- M + c^T (z - w M); U <- U - c^T q.
void GenerativeMemory::step(const RowVector& latent)
{
    const double variance = static_cast<double>(m_settings.observationNoise) * static_cast<double>(m_settings.observationNoise);
    Matrix gram;
    multiplyTransposed(m_matrix, m_matrix, gram);
    Eigen::MatrixXd observed = gram.cast<double>();
    observed.diagonal().array() += variance;
    const Eigen::LLT<Eigen::MatrixXd> solver(observed);
    if (solver.info() != Eigen::Success || !(solver.rcond() > 1e-14))
        throw Error("M M^T cannot be inverted", "sequential write", "give an observation noise above 0, or write directly");
    const Eigen::VectorXd image = (m_matrix * latent.transpose()).cast<double>();
    const Eigen::VectorXd w = solver.solve(image);
    covariance();
    const Eigen::VectorXd q = m_covariance * w; // U is symmetric
    const double v = q.dot(w) + variance;
    if (!(v > kDetermined * w.squaredNorm()))
        return;
    const Eigen::VectorXd c = q / v;
    const RowVector error = latent - w.cast<float>().transpose() * m_matrix;
    Matrix matrix = m_matrix;
    matrix.noalias() += c.cast<float>() * error;
    m_covariance.noalias() -= c * q.transpose();
    setMatrix(std::move(matrix));
}

Readout GenerativeMemory::read(const Eigen::Ref<const Matrix>& queries, int times, std::uint64_t draw) const
{
    if (times < 1)
        throw Error("a memory is read at least once", std::to_string(times) + " reads", "");
    if (queries.rows() > 0 && queries.cols() != latentSize())
        throw Error("a query has " + std::to_string(queries.cols()) + " numbers and the memory's rows " + std::to_string(latentSize()), "memory",
                    "use queries of the same model");
    if (!queries.allFinite())
        throw Error("a query holds numbers that are not finite", "memory", "");
    Readout readout;
    for (int i = 0; i < times; ++i)
        readout = readOnce(i == 0 ? Matrix(queries) : readout.latents, mixSeed(m_settings.seed, ~m_version, draw, static_cast<std::uint64_t>(i)));
    return readout;
}

Readout GenerativeMemory::readOnce(Matrix queries, std::uint64_t seed) const
{
    addNoise(queries, m_settings.observationNoise, mixSeed(seed, 1));
    Readout readout;
    if (m_projection) {
        Matrix products;
        multiplyTransposed(m_projection->latents, queries, products); // Z z^T
        const Matrix coefficients = m_projection->gram.solve(products.cast<double>()).transpose().cast<float>();
        multiply(coefficients, m_projection->weights, readout.weights);
        multiply(coefficients, m_projection->latents, readout.latents);
    } else if (m_factors) {
        Matrix inner, addressed, gained;
        multiplyTransposed(queries, m_factors->right, inner);
        multiply(inner, m_factors->inverse, addressed);
        multiplyTransposed(addressed, m_factors->left, readout.weights);
        multiply(inner, m_factors->gain, gained);
        multiply(gained, m_factors->right, readout.latents);
    } else {
        if (m_inverse.size() == 0)
            m_inverse = invert(m_matrix);
        multiply(queries, m_inverse, readout.weights);
        multiply(readout.weights, m_matrix, readout.latents);
    }
    if (!m_settings.deterministic) {
        addNoise(readout.weights, std::exp(0.5f * m_settings.weightLogVariance), mixSeed(seed, 2));
        multiply(readout.weights, matrix(), readout.latents);
    }
    addNoise(readout.latents, m_settings.observationNoise, mixSeed(seed, 3));
    return readout;
}

} // namespace hayloft
