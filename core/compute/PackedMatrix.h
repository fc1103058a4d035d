// SPDX-License-Identifier: GPL-3.0-or-later
// A matrix laid out for Kernels::multiply.
#pragma once

#include "core/compute/Kernels.h"

#include <cstdlib>
#include <memory>

namespace hayloft {

/// Floats at a 64-byte boundary, not initialised. @throws std::bad_alloc
class AlignedFloats {
public:
    AlignedFloats() = default;
    explicit AlignedFloats(std::size_t count);
    float* data() { return m_data.get(); }
    const float* data() const { return m_data.get(); }
    std::size_t size() const { return m_count; }

private:
    struct Free {
        void operator()(float* p) const { std::free(p); }
    };
    std::unique_ptr<float, Free> m_data;
    std::size_t m_count = 0;
};

/// k x n in panels of as many columns as the kernels multiply at once; columns behind n are 0.
class PackedMatrix {
public:
    PackedMatrix() = default;
    /// @param matrix k x n, row-major. @param precision BFloat16 for sums of at most kMostPairedDepth, others stay Float32
    static PackedMatrix fromRows(const Kernels& kernels, const float* matrix, std::ptrdiff_t k, std::ptrdiff_t n, Precision precision = Precision::Float32);
    /// @param matrix n x k, row-major: a linear layer's weight.
    static PackedMatrix fromColumns(const Kernels& kernels, const float* matrix, std::ptrdiff_t k, std::ptrdiff_t n, Precision precision = Precision::Float32);

    std::ptrdiff_t k() const { return m_k; }
    std::ptrdiff_t n() const { return m_n; }
    /// A product with this as B, all columns and the first `k` rows.
    Product times(const float* a, std::ptrdiff_t aStride, std::ptrdiff_t k, float* c, std::ptrdiff_t cStride) const;
    Product times(const float* a, float* c) const { return times(a, m_k, m_k, c, m_n); }
    /// The same with rows first .. first + k - 1 of it only: a (rows x k) against a part of the sum; first is even.
    Product rows(std::ptrdiff_t first, std::ptrdiff_t k, const float* a, float* c) const;
    /// The same with columns first .. first + n - 1 only; first is a multiple of the panel.
    Product columns(std::ptrdiff_t first, std::ptrdiff_t n, const float* a, float* c, std::ptrdiff_t cStride) const;

private:
    PackedMatrix(const Kernels& kernels, std::ptrdiff_t k, std::ptrdiff_t n, Precision precision);
    static void putHalf(float* to, std::ptrdiff_t row, float value);
    std::ptrdiff_t panelSize() const;

    AlignedFloats m_data; ///< of BFloat16: pairs of them
    std::ptrdiff_t m_k = 0, m_n = 0, m_panel = 1;
    Precision m_precision = Precision::Float32;
};

} // namespace hayloft
