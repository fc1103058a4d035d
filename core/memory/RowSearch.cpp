// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory/RowSearch.h"

#include "core/base/Error.h"
#include "core/compute/PackedMatrix.h"
#include "core/compute/ParallelJobs.h"

#include <algorithm>
#include <cmath>
#include <limits>

#ifdef HAYLOFT_BLAS
// The Fortran interface is the one that every BLAS has. Matrices are column-major there.
extern "C" {
void sgemm_(const char* transA, const char* transB, const int* m, const int* n, const int* k, const float* alpha,
            const float* a, const int* lda, const float* b, const int* ldb, const float* beta, float* c, const int* ldc);
void sgemv_(const char* trans, const int* m, const int* n, const float* alpha, const float* a, const int* lda,
            const float* x, const int* incx, const float* beta, float* y, const int* incy);
}
#endif

namespace hayloft {

namespace {

/// The `count`-th smallest value, infinity if there are fewer.
float nthSmallest(std::span<const float> values, Index count, std::vector<float>& heap)
{
    heap.clear();
    for (const float value : values) {
        if (static_cast<Index>(heap.size()) < count) {
            heap.push_back(value);
            std::push_heap(heap.begin(), heap.end());
        } else if (value < heap.front()) {
            std::pop_heap(heap.begin(), heap.end());
            heap.back() = value;
            std::push_heap(heap.begin(), heap.end());
        }
    }
    return static_cast<Index>(heap.size()) < count ? std::numeric_limits<float>::infinity() : heap.front();
}

/// The rows of `candidates` by exact distance, as many as are asked for.
FoundRows chooseRows(std::vector<Neighbour> candidates, Index count)
{
    FoundRows found {std::move(candidates), 0};
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

/// The greatest approximate distance of a row that can be among the `count` nearest or tied with the nearest.
float greatestWanted(float nth, float norms)
{
    return std::isfinite(nth) ? nth + candidateSlack(nth, norms) : nth;
}

#ifdef HAYLOFT_BLAS
int asInt(Index n)
{
    if (n > std::numeric_limits<int>::max())
        throw Error("a matrix has more than 2^31 rows", "memory", "use fewer rows");
    return static_cast<int>(n);
}
#endif

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
#ifdef HAYLOFT_BLAS
    const int m = asInt(b.rows()), n = asInt(a.rows()), k = asInt(a.cols());
    const int lda = asInt(b.outerStride()), ldb = asInt(a.outerStride()), one = 1;
    const float alpha = 1, beta = 0;
    if (n == 1)
        sgemv_("T", &k, &m, &alpha, b.data(), &lda, a.data(), &one, &beta, out.data(), &one);
    else
        sgemm_("T", "N", &m, &n, &k, &alpha, b.data(), &lda, a.data(), &ldb, &beta, out.data(), &m);
#else
    const auto packed = PackedMatrix::fromColumns(bestKernels(), Matrix(b).data(), b.cols(), b.rows());
    bestKernels().multiply(packed.times(a.data(), a.outerStride(), a.cols(), out.data(), out.cols()), a.rows());
#endif
}

void multiply(const Eigen::Ref<const Matrix>& a, const Eigen::Ref<const Matrix>& b, Matrix& out)
{
    out.resize(a.rows(), b.cols());
    if (out.size() == 0)
        return;
#ifdef HAYLOFT_BLAS
    const int m = asInt(b.cols()), n = asInt(a.rows()), k = asInt(a.cols());
    const int lda = asInt(b.outerStride()), ldb = asInt(a.outerStride()), one = 1;
    const float alpha = 1, beta = 0;
    if (k == 0)
        out.setZero();
    else if (n == 1)
        sgemv_("N", &m, &k, &alpha, b.data(), &lda, a.data(), &one, &beta, out.data(), &one);
    else
        sgemm_("N", "N", &m, &n, &k, &alpha, b.data(), &lda, a.data(), &ldb, &beta, out.data(), &m);
#else
    const auto packed = PackedMatrix::fromRows(bestKernels(), Matrix(b).data(), b.rows(), b.cols());
    bestKernels().multiply(packed.times(a.data(), a.outerStride(), a.cols(), out.data(), out.cols()), a.rows());
#endif
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

namespace {

/// One search: keys against queries, both with their norms.
class Search {
public:
    Search(const Eigen::Ref<const Matrix>& keys, const std::vector<float>& keyNorms, const Eigen::Ref<const Matrix>& queries, Index count,
           std::span<const char> use)
        : m_keys(keys), m_norms(keyNorms.begin(), keyNorms.begin() + keys.rows()), m_queries(queries), m_queryNorms(squaredNorms(queries)),
          m_count(count), m_greatest(*std::max_element(m_norms.begin(), m_norms.end())), m_inUse(keys.rows())
    {
        for (std::size_t i = 0; i < use.size(); ++i) {
            if (!use[i]) {
                m_norms[i] = std::numeric_limits<float>::infinity(); // never near
                --m_inUse;
            }
        }
    }

    std::vector<FoundRows> run() const
    {
        std::vector<FoundRows> found(at(m_queries.rows()));
        if (m_inUse == 0)
            return found;
        for (Index first = 0; first < m_queries.rows(); first += kQueries) {
            const Index n = std::min(kQueries, m_queries.rows() - first);
            if (n < kFewQueries)
                searchEach(first, n, found);
            else
                searchTogether(first, n, found);
        }
        return found;
    }

private:
    static constexpr Index kQueries = 1024;  ///< at once
    static constexpr Index kFewQueries = 6;  ///< fewer are searched one by one: the keys' bandwidth is the limit
    static constexpr Index kBlock = 192;     ///< keys: their products with the queries stay in the cache
    static constexpr double kThreadFlops = 4e6; ///< below, a thread costs more than it saves

    static std::size_t at(Index i) { return static_cast<std::size_t>(i); }
    Index blocks() const { return (m_keys.rows() + kBlock - 1) / kBlock; }
    Index rowsOf(Index block) const { return std::min(kBlock, m_keys.rows() - block * kBlock); }
    int threadsFor(Index queries) const
    {
        return 2.0 * static_cast<double>(m_keys.size()) * static_cast<double>(queries) < kThreadFlops ? 1 : computeThreads();
    }
    float normsWith(Index query) const { return std::max(m_greatest, m_queryNorms[at(query)]); }

    /// Approximate squared distances of one query to a block's keys.
    void measure(Index block, Index query, float* squared) const
    {
        const Index first = block * kBlock, n = rowsOf(block);
        bestKernels().dots(m_keys.row(first).data(), m_keys.outerStride(), n, m_keys.cols(), m_queries.row(query).data(), squared);
        for (Index i = 0; i < n; ++i)
            squared[i] = (m_norms[at(first + i)] - 2.0f * squared[i]) + m_queryNorms[at(query)];
    }

    void addCandidates(Index block, Index query, const float* squared, float limit, std::vector<Neighbour>& candidates) const
    {
        for (Index i = 0; i < rowsOf(block); ++i) {
            const Index row = block * kBlock + i;
            if (squared[i] <= limit && std::isfinite(squared[i]))
                candidates.push_back({row, exactDistance(m_queries.row(query), m_keys.row(row))});
        }
    }

    void searchEach(Index first, Index n, std::vector<FoundRows>& found) const
    {
        std::vector<float> squared(at(m_keys.rows())), heap;
        for (Index q = first; q < first + n; ++q) {
            // Few long jobs: each streams its share of the keys.
            const int threads = threadsFor(1);
            runJobs(static_cast<std::size_t>(threads), threads, [&](std::size_t job, int) {
                for (Index block = blocks() * static_cast<Index>(job) / threads; block < blocks() * static_cast<Index>(job + 1) / threads; ++block)
                    measure(block, q, squared.data() + block * kBlock);
            });
            const float limit = greatestWanted(nthSmallest(squared, m_count, heap), normsWith(q));
            std::vector<Neighbour> candidates;
            for (Index block = 0; block < blocks(); ++block)
                addCandidates(block, q, squared.data() + block * kBlock, limit, candidates);
            found[at(q)] = chooseRows(std::move(candidates), m_count);
        }
    }

    /// Each block of keys against all queries as one product, of which only the least distances are kept; then the few
    /// blocks that can hold one of a query's nearest are looked at again. The `count`-th smallest of the blocks' least
    /// distances is no smaller than the `count`-th smallest distance.
    void searchTogether(Index first, Index n, std::vector<FoundRows>& found) const
    {
        const Kernels& kernels = bestKernels();
        const Matrix together = m_queries.middleRows(first, n);
        const auto packed = PackedMatrix::fromColumns(kernels, together.data(), together.cols(), n);
        const int threads = threadsFor(n);
        Matrix least(blocks(), n);
        std::vector<AlignedFloats> products;
        for (int i = 0; i < threads; ++i)
            products.emplace_back(at(kBlock * n));
        runJobs(at(blocks()), threads, [&](std::size_t job, int thread) {
            const auto block = static_cast<Index>(job);
            float* out = products[static_cast<std::size_t>(thread)].data();
            kernels.multiply(packed.times(m_keys.row(block * kBlock).data(), m_keys.outerStride(), m_keys.cols(), out, n), rowsOf(block));
            kernels.leastDistances(out, n, rowsOf(block), n, m_norms.data() + block * kBlock, least.row(block).data());
        });
        const auto jobs = static_cast<std::size_t>(threads) * 4;
        runJobs(jobs, threads, [&](std::size_t job, int) {
            std::vector<float> ofBlocks(at(blocks())), heap, squared(at(kBlock));
            for (Index q = n * static_cast<Index>(job) / static_cast<Index>(jobs); q < n * static_cast<Index>(job + 1) / static_cast<Index>(jobs); ++q) {
                for (Index block = 0; block < blocks(); ++block)
                    ofBlocks[at(block)] = least(block, q) + m_queryNorms[at(first + q)];
                const float limit = greatestWanted(nthSmallest(ofBlocks, m_count, heap), normsWith(first + q));
                const float coarse = limit + candidateSlack(limit, normsWith(first + q)); // the two sums round differently
                std::vector<Index> near;
                std::vector<float> all;
                for (Index block = 0; block < blocks(); ++block) {
                    if (!(ofBlocks[at(block)] <= coarse))
                        continue;
                    measure(block, first + q, squared.data());
                    near.push_back(block);
                    all.insert(all.end(), squared.begin(), squared.begin() + rowsOf(block));
                }
                const float wanted = greatestWanted(nthSmallest(all, m_count, heap), normsWith(first + q));
                std::vector<Neighbour> candidates;
                const float* squares = all.data();
                for (const Index block : near) {
                    addCandidates(block, first + q, squares, wanted, candidates);
                    squares += rowsOf(block);
                }
                found[at(first + q)] = chooseRows(std::move(candidates), m_count);
            }
        });
    }

    const Eigen::Ref<const Matrix>& m_keys;
    std::vector<float> m_norms; ///< infinite for a key that is not in use
    const Eigen::Ref<const Matrix>& m_queries;
    std::vector<float> m_queryNorms;
    Index m_count;
    float m_greatest;
    Index m_inUse;
};

} // namespace

std::vector<FoundRows> findNearest(const Eigen::Ref<const Matrix>& keys, const std::vector<float>& keyNorms,
                                   const Eigen::Ref<const Matrix>& queries, Index count, std::span<const char> use)
{
    if (keys.rows() == 0 || count < 1 || queries.rows() == 0)
        return std::vector<FoundRows>(static_cast<std::size_t>(queries.rows()));
    return Search(keys, keyNorms, queries, count, use).run();
}

} // namespace hayloft
