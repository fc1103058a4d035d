// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compute/Multiplier.h"

#include <algorithm>

namespace hayloft {

namespace {

constexpr std::ptrdiff_t kWorthSharing = 1 << 17; ///< multiplications; less is done before another thread has woken up

Product columnsOf(Product product, std::ptrdiff_t panel, std::ptrdiff_t first, std::ptrdiff_t n)
{
    product.b += first / panel * product.panelStride;
    product.c += first;
    product.n = n;
    if (product.bias)
        product.bias += first;
    if (product.add)
        product.add += first;
    return product;
}

} // namespace

void Multiplier::operator()(const Product& product, std::ptrdiff_t rows) const
{
    if (!m_team || m_team->size() == 1 || rows * product.k * product.n < kWorthSharing) {
        m_kernels.multiply(product, rows);
        return;
    }
    const std::ptrdiff_t panels = (product.n + m_kernels.panel - 1) / m_kernels.panel;
    m_team->run([&](int thread) {
        const auto edge = [&](int part) { return std::min(product.n, panels * part / m_team->size() * m_kernels.panel); };
        const std::ptrdiff_t first = edge(thread), end = edge(thread + 1);
        if (first < end)
            m_kernels.multiply(columnsOf(product, m_kernels.panel, first, end - first), rows);
    });
}

} // namespace hayloft
