// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory/RowSearch.h"

#include "core/base/Error.h"

#include <algorithm>
#include <cmath>
#include <limits>

// The Fortran interface is the one that every BLAS has. Matrices are column-major there.
extern "C" {
void sgemm_(const char* transA, const char* transB, const int* m, const int* n, const int* k, const float* alpha,
            const float* a, const int* lda, const float* b, const int* ldb, const float* beta, float* c, const int* ldc);
void sgemv_(const char* trans, const int* m, const int* n, const float* alpha, const float* a, const int* lda,
            const float* x, const int* incx, const float* beta, float* y, const int* incy);
}

namespace hayloft {

namespace {

constexpr Index kBlockFloats = Index{1} << 24; ///< distances held at once (64 MiB)

/// The `count`-th smallest value of the rows in use, infinity if there are fewer.
float nthSmallest(std::span<const float> values, std::span<const char> use, Index count, std::vector<float>& heap)
{
    heap.clear();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!use.empty() && !use[i])
            continue;
        if (static_cast<Index>(heap.size()) < count) {
            heap.push_back(values[i]);
            std::push_heap(heap.begin(), heap.end());
        } else if (values[i] < heap.front()) {
            std::pop_heap(heap.begin(), heap.end());
            heap.back() = values[i];
            std::push_heap(heap.begin(), heap.end());
        }
    }
    return static_cast<Index>(heap.size()) < count ? std::numeric_limits<float>::infinity() : heap.front();
}

FoundRows exactRows(const Eigen::Ref<const Matrix>& keys, const Eigen::Ref<const RowVector>& query,
                    std::span<const float> approximate, std::span<const char> use, Index count, float norms,
                    std::vector<float>& heap)
{
    const float limit = nthSmallest(approximate, use, count, heap);
    const float candidates = std::isfinite(limit) ? limit + candidateSlack(limit, norms) : limit;
    FoundRows found;
    for (std::size_t i = 0; i < approximate.size(); ++i) {
        if (approximate[i] <= candidates && (use.empty() || use[i]))
            found.rows.push_back({static_cast<Index>(i), exactDistance(query, keys.row(static_cast<Index>(i)))});
    }
    if (found.rows.empty())
        return found;
    float least = found.rows.front().distance;
    for (const auto& row : found.rows)
        least = std::min(least, row.distance);
    sortWithTies(found.rows);
    while (found.tied < found.rows.size() && found.rows[found.tied].distance <= least + kTieDistance)
        ++found.tied;
    found.rows.resize(std::min(found.rows.size(), std::max(found.tied, static_cast<std::size_t>(count))));
    return found;
}

int asInt(Index n)
{
    if (n > std::numeric_limits<int>::max())
        throw Error("a matrix has more than 2^31 rows", "memory", "use fewer rows");
    return static_cast<int>(n);
}

} // namespace

void sortWithTies(std::vector<Neighbour>& rows)
{
    std::sort(rows.begin(), rows.end(), [](const Neighbour& a, const Neighbour& b) {
        return a.distance != b.distance ? a.distance < b.distance : a.row < b.row;
    });
    for (auto first = rows.begin(); first != rows.end();) {
        auto last = first;
        while (last != rows.end() && last->distance <= first->distance + kTieDistance)
            ++last;
        std::sort(first, last, [](const Neighbour& a, const Neighbour& b) { return a.row < b.row; });
        first = last;
    }
}

std::vector<float> squaredNorms(const Eigen::Ref<const Matrix>& rows)
{
    std::vector<float> norms(static_cast<std::size_t>(rows.rows()));
    for (Index i = 0; i < rows.rows(); ++i)
        norms[static_cast<std::size_t>(i)] = rows.row(i).squaredNorm();
    return norms;
}

void multiplyTransposed(const Eigen::Ref<const Matrix>& a, const Eigen::Ref<const Matrix>& b, Matrix& out)
{
    out.resize(a.rows(), b.rows());
    if (out.size() == 0)
        return;
    const int m = asInt(b.rows()), n = asInt(a.rows()), k = asInt(a.cols());
    const int lda = asInt(b.outerStride()), ldb = asInt(a.outerStride()), one = 1;
    const float alpha = 1, beta = 0;
    if (n == 1)
        sgemv_("T", &k, &m, &alpha, b.data(), &lda, a.data(), &one, &beta, out.data(), &one);
    else
        sgemm_("T", "N", &m, &n, &k, &alpha, b.data(), &lda, a.data(), &ldb, &beta, out.data(), &m);
}

void approximateDistances(const Eigen::Ref<const Matrix>& keys, const std::vector<float>& keyNorms,
                          const Eigen::Ref<const Matrix>& queries, const std::vector<float>& queryNorms, Matrix& out)
{
    multiplyTransposed(queries, keys, out);
    const Eigen::Map<const RowVector> norms(keyNorms.data(), keys.rows());
    for (Index q = 0; q < queries.rows(); ++q)
        out.row(q) = (norms.array() - 2.0f * out.row(q).array()) + queryNorms[static_cast<std::size_t>(q)];
}

float candidateSlack(float squared, float norms)
{
    // Rounding of a product of C terms, measured far below 1e-5 of the norms; then the tie, 2 d kTieDistance in squares.
    const float rounding = 2e-5f * norms + 1e-6f;
    const float distance = std::sqrt(std::max(0.0f, squared) + rounding);
    return 2.0f * rounding + 2.5f * kTieDistance * distance + 4.0f * kTieDistance * kTieDistance;
}

std::vector<FoundRows> findNearest(const Eigen::Ref<const Matrix>& keys, const std::vector<float>& keyNorms,
                                   const Eigen::Ref<const Matrix>& queries, Index count, std::span<const char> use)
{
    std::vector<FoundRows> found(static_cast<std::size_t>(queries.rows()));
    if (keys.rows() == 0 || count < 1 || queries.rows() == 0)
        return found;
    const auto queryNorms = squaredNorms(queries);
    const float greatestKey = *std::max_element(keyNorms.begin(), keyNorms.begin() + keys.rows());
    const Index block = std::max<Index>(1, kBlockFloats / keys.rows());
    Matrix distances;
    std::vector<float> heap;
    for (Index first = 0; first < queries.rows(); first += block) {
        const Index n = std::min(block, queries.rows() - first);
        const std::vector<float> norms(queryNorms.begin() + first, queryNorms.begin() + first + n);
        approximateDistances(keys, keyNorms, queries.middleRows(first, n), norms, distances);
        for (Index q = 0; q < n; ++q) {
            const std::span<const float> row(distances.data() + q * keys.rows(), static_cast<std::size_t>(keys.rows()));
            found[static_cast<std::size_t>(first + q)] =
                exactRows(keys, queries.row(first + q), row, use, count,
                          std::max(greatestKey, norms[static_cast<std::size_t>(q)]), heap);
        }
    }
    return found;
}

} // namespace hayloft
