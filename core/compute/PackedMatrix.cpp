// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compute/PackedMatrix.h"

#include "core/compute/BFloat16.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace hayloft {

namespace {

constexpr std::size_t kAlignment = 64;

} // namespace

AlignedFloats::AlignedFloats(std::size_t count)
    : m_data(static_cast<float*>(std::aligned_alloc(kAlignment, (count * sizeof(float) + kAlignment) / kAlignment * kAlignment)))
    , m_count(count)
{
    if (!m_data)
        throw std::bad_alloc();
}

PackedMatrix::PackedMatrix(const Kernels& kernels, std::ptrdiff_t k, std::ptrdiff_t n, Precision precision)
    : m_k(k)
    , m_n(n)
    , m_panel(kernels.panel)
    , m_precision(k > kMostPairedDepth ? Precision::Float32 : precision)
{
    m_data = AlignedFloats(static_cast<std::size_t>((n + m_panel - 1) / m_panel * panelSize()));
    std::fill_n(m_data.data(), m_data.size(), 0.0f);
}

/// Floats, or pairs that take their place.
std::ptrdiff_t PackedMatrix::panelSize() const { return (m_precision == Precision::BFloat16 ? (m_k + 1) / 2 : m_k) * m_panel; }

/// @param to where its pair lies
void PackedMatrix::putHalf(float* to, std::ptrdiff_t row, float value)
{
    const auto half = bfloat16Of(value);
    std::memcpy(reinterpret_cast<char*>(to) + row % 2 * 2, &half, sizeof half);
}

PackedMatrix PackedMatrix::fromRows(const Kernels& kernels, const float* matrix, std::ptrdiff_t k, std::ptrdiff_t n, Precision precision)
{
    PackedMatrix packed(kernels, k, n, precision);
    for (std::ptrdiff_t first = 0; first < n; first += packed.m_panel) {
        float* panel = packed.m_data.data() + first / packed.m_panel * packed.panelSize();
        const std::ptrdiff_t columns = std::min(packed.m_panel, n - first);
        for (std::ptrdiff_t i = 0; i < k; ++i) {
            if (packed.m_precision == Precision::Float32)
                std::copy_n(matrix + i * n + first, columns, panel + i * packed.m_panel);
            else
                for (std::ptrdiff_t j = 0; j < columns; ++j)
                    putHalf(panel + i / 2 * packed.m_panel + j, i, matrix[i * n + first + j]);
        }
    }
    return packed;
}

PackedMatrix PackedMatrix::fromColumns(const Kernels& kernels, const float* matrix, std::ptrdiff_t k, std::ptrdiff_t n, Precision precision)
{
    PackedMatrix packed(kernels, k, n, precision);
    for (std::ptrdiff_t j = 0; j < n; ++j) {
        float* panel = packed.m_data.data() + j / packed.m_panel * packed.panelSize() + j % packed.m_panel;
        for (std::ptrdiff_t i = 0; i < k; ++i) {
            if (packed.m_precision == Precision::Float32)
                panel[i * packed.m_panel] = matrix[j * k + i];
            else
                putHalf(panel + i / 2 * packed.m_panel, i, matrix[j * k + i]);
        }
    }
    return packed;
}

Product PackedMatrix::times(const float* a, std::ptrdiff_t aStride, std::ptrdiff_t k, float* c, std::ptrdiff_t cStride) const
{
    Product product;
    product.a = a;
    product.aStride = aStride;
    product.b = m_data.data();
    product.panelStride = panelSize();
    product.k = k;
    product.n = m_n;
    product.c = c;
    product.cStride = cStride;
    product.precision = m_precision;
    return product;
}

Product PackedMatrix::rows(std::ptrdiff_t first, std::ptrdiff_t k, const float* a, float* c) const
{
    Product product = times(a, k, k, c, m_n);
    product.b += (m_precision == Precision::BFloat16 ? first / 2 : first) * m_panel;
    return product;
}

Product PackedMatrix::columns(std::ptrdiff_t first, std::ptrdiff_t n, const float* a, float* c, std::ptrdiff_t cStride) const
{
    Product product = times(a, m_k, m_k, c, cStride);
    product.b += first / m_panel * panelSize();
    product.n = n;
    return product;
}

} // namespace hayloft
