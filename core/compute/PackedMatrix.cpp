// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compute/PackedMatrix.h"

#include <algorithm>
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

PackedMatrix::PackedMatrix(const Kernels& kernels, std::ptrdiff_t k, std::ptrdiff_t n)
    : m_data(static_cast<std::size_t>((n + kernels.panel - 1) / kernels.panel * kernels.panel * k))
    , m_k(k)
    , m_n(n)
    , m_panel(kernels.panel)
{
    std::fill_n(m_data.data(), m_data.size(), 0.0f);
}

PackedMatrix PackedMatrix::fromRows(const Kernels& kernels, const float* matrix, std::ptrdiff_t k, std::ptrdiff_t n)
{
    PackedMatrix packed(kernels, k, n);
    for (std::ptrdiff_t first = 0; first < n; first += packed.m_panel)
        for (std::ptrdiff_t i = 0; i < k; ++i)
            std::copy_n(matrix + i * n + first, std::min(packed.m_panel, n - first), packed.m_data.data() + first * k + i * packed.m_panel);
    return packed;
}

PackedMatrix PackedMatrix::fromColumns(const Kernels& kernels, const float* matrix, std::ptrdiff_t k, std::ptrdiff_t n)
{
    PackedMatrix packed(kernels, k, n);
    for (std::ptrdiff_t j = 0; j < n; ++j) {
        float* panel = packed.m_data.data() + j / packed.m_panel * packed.m_panel * k + j % packed.m_panel;
        for (std::ptrdiff_t i = 0; i < k; ++i)
            panel[i * packed.m_panel] = matrix[j * k + i];
    }
    return packed;
}

Product PackedMatrix::times(const float* a, std::ptrdiff_t aStride, std::ptrdiff_t k, float* c, std::ptrdiff_t cStride) const
{
    Product product;
    product.a = a;
    product.aStride = aStride;
    product.b = m_data.data();
    product.panelStride = m_k * m_panel;
    product.k = k;
    product.n = m_n;
    product.c = c;
    product.cStride = cStride;
    return product;
}

Product PackedMatrix::rows(std::ptrdiff_t first, std::ptrdiff_t k, const float* a, float* c) const
{
    Product product = times(a, k, k, c, m_n);
    product.b += first * m_panel;
    return product;
}

Product PackedMatrix::columns(std::ptrdiff_t first, std::ptrdiff_t n, const float* a, float* c, std::ptrdiff_t cStride) const
{
    Product product = times(a, m_k, m_k, c, cStride);
    product.b += first * m_k;
    product.n = n;
    return product;
}

} // namespace hayloft
