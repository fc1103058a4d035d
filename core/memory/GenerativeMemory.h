// SPDX-License-Identifier: GPL-3.0-or-later
// Larimar's memory as published: pseudo-inverse addressing of a learned prior.
#pragma once

#include "core/compute/PackedMatrix.h"
#include "core/memory/PseudoInverse.h"

#include <Eigen/Cholesky>
#include <cstdint>
#include <memory>
#include <optional>

namespace hayloft {

struct GenerativeMemorySettings {
    InverseMode mode = InverseMode::Exact;
    NewtonSettings newton;        ///< not used by exact inverses
    float observationNoise = 0;   ///< s: standard deviation of what is added to latents, queries and readouts; published: 1e-6
    bool deterministic = true;    ///< false: weights are drawn around their mean
    float weightLogVariance = 0;  ///< log variance of each weight that is drawn
    std::uint64_t seed = 1;       ///< of all noise

    /// @throws Error
    void check() const;
};

/// The prior M0 (K x C) with its pseudo-inverse, which is worked out once for all memories that begin with it.
class MemoryPrior {
public:
    /// @throws Error for an empty matrix, numbers that are not finite, and a prior on which the iteration diverges
    MemoryPrior(Matrix rows, const GenerativeMemorySettings& settings);
    const Matrix& rows() const { return m_rows; }
    Index latentSize() const { return m_rows.cols(); } ///< C
    /// W = Z M0^+ (N x K). @throws Error for latents of another size
    Matrix weightsOf(const Eigen::Ref<const Matrix>& latents) const;
    const Matrix& inverse() const { return m_inverse; } ///< M0^+, C x K

private:
    Matrix m_rows;
    Matrix m_inverse;       ///< M0^+, C x K
    PackedMatrix m_packed;  ///< the same, for few latents
};

/// What queries got.
struct Readout {
    Matrix weights; ///< w, N x K
    Matrix latents; ///< z_read, N x C
};

/// Larimar's memory, arXiv 2403.11901 sec. 3 (with IBM's reference code where the two differ): W = Z M0^+, M = W^+ Z; read by
/// w = z M^+, z_read = w M. What is written is the latents themselves; there is no key beside them. With exact inverses a
/// deterministic read is the projection of the query on what was written: z_read = P z, and for one latent a multiple of it.
/// A direct write begins with the prior: it forgets what was written before. A sequential write goes on.
/// A direct write of fewer latents than there are rows never forms M^+ as a whole (see Projection and Factors): write and read cost a few small
/// products. Otherwise M^+ is worked out at the first read after a write. About as many latents as rows make W nearly singular:
/// with many more steps than published M gets long then, and the iteration diverges on it, which a write or a read says. Thread rule: one thread at a time.
class GenerativeMemory {
public:
    /// @param prior made with the same settings. @throws Error
    GenerativeMemory(std::shared_ptr<const MemoryPrior> prior, const GenerativeMemorySettings& settings = {});

    const GenerativeMemorySettings& settings() const { return m_settings; }
    Index rows() const { return m_prior->rows().rows(); }     ///< K
    Index latentSize() const { return m_prior->latentSize(); } ///< C
    Index segments() const { return m_segments; }             ///< latents written since the prior

    /// Back to the prior.
    void clear();
    /// Direct write of N x C latents: M = W^+ Z, whatever was in the memory.
    /// @throws Error for a wrong size, numbers that are not finite, and where the iteration diverges; the memory is then unchanged
    void write(const Eigen::Ref<const Matrix>& latents);
    /// Direct write of latents of which only Z^T Z (C x C) is known, see GramSums: what a write of at least K latents does with exact
    /// inverses and no noise. @param segments N. @throws Error for a wrong size, and in a memory with other settings
    void writeGram(const Eigen::MatrixXd& gram, Index segments);
    /// One after the other, each by a Kalman update of M and of its row covariance U (K x K). A latent that the memory
    /// determines already changes nothing. @throws as write; also where M M^T + s^2 I cannot be inverted
    void writeSequential(const Eigen::Ref<const Matrix>& latents);

    /// @param times reads again with the readout, that many reads in all
    /// @param draw other numbers give other noise, the same number the same
    /// @throws Error for a wrong size, `times` below 1, and where the iteration diverges
    Readout read(const Eigen::Ref<const Matrix>& queries, int times = 1, std::uint64_t draw = 0) const;

    const Matrix& matrix() const;               ///< M, K x C
    const Eigen::MatrixXd& covariance() const;  ///< U, K x K: of the rows of M; the same for each column

private:
    /// The short cut. Where Z and W have full row rank, M^+ = Z^+ W: with a = z Z^+ the weights are w = a W and the readout is a Z, the
    /// projection of z on what was written, whatever the prior. Exact inverses only.
    struct Projection {
        Matrix latents;                        ///< Z, N x C
        Matrix weights;                        ///< W, N x K
        Eigen::LLT<Eigen::MatrixXd> gram;      ///< Z Z^T
    };
    /// For other writes of fewer latents than rows: M = left core right, with orthonormal columns of `left` (K x N) and rows of
    /// `right` (N x C). The pseudo-inverse of M is right^T core^+ left^T, and so is every step of the iteration.
    struct Factors {
        Matrix left, right;
        Matrix core;    ///< N x N
        Matrix inverse; ///< core^+
        Matrix gain;    ///< core^+ core: the identity where the inverse is exact
    };
    void checkLatents(const Eigen::Ref<const Matrix>& latents) const;
    static std::optional<Projection> projectionOf(const Matrix& latents, const Matrix& weights);
    Factors factorsOf(const Matrix& latents, const Matrix& weights) const;
    void setMatrix(Matrix matrix);
    void step(const RowVector& latent);
    Readout readOnce(Matrix queries, std::uint64_t seed) const;
    Matrix invert(const Matrix& a) const;

    std::shared_ptr<const MemoryPrior> m_prior;
    GenerativeMemorySettings m_settings;
    Index m_segments = 0;
    std::uint64_t m_version = 0;           ///< counts writes: each has noise of its own
    std::optional<Projection> m_projection;
    std::optional<Factors> m_factors;
    mutable Matrix m_matrix;              ///< M; empty until it is asked for
    mutable Matrix m_inverse;             ///< M^+ where it is needed whole; empty until a read
    mutable Eigen::MatrixXd m_covariance; ///< U; empty: still U0
};

} // namespace hayloft
