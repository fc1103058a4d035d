// SPDX-License-Identifier: GPL-3.0-or-later
// Nearest row of K keys: Hayloft's search, Eigen's plain expression and FAISS's IndexFlatL2, in turn, same threads.
//   hayloft-launch compare_read [K] [C] [queries]
#include "core/base/Random.h"
#include "core/compute/ParallelJobs.h"
#include "core/memory/RowSearch.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <faiss/IndexFlat.h>
#include <functional>
#include <vector>

using namespace hayloft;

namespace {

Matrix drawMatrix(Index rows, Index columns, std::uint64_t seed)
{
    Random random(seed);
    Matrix matrix(rows, columns);
    for (Index i = 0; i < matrix.size(); ++i)
        matrix.data()[i] = static_cast<float>(random.uniform() * 2 - 1);
    return matrix;
}

struct Contender {
    const char* name;
    std::function<std::vector<Index>(const Matrix&)> nearest;
    std::vector<double> seconds {};
};

void compare(std::vector<Contender>& contenders, const Matrix& queries, int rounds, double flops, double bytes)
{
    const auto expected = contenders.front().nearest(queries);
    for (int round = -1; round < rounds; ++round) { // the first only warms up
        for (auto& contender : contenders) {
            const auto start = std::chrono::steady_clock::now();
            const auto rows = contender.nearest(queries);
            const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
            if (round >= 0)
                contender.seconds.push_back(seconds);
            if (rows != expected)
                std::printf("%s finds other rows\n", contender.name);
        }
    }
    std::printf("%ld queries\n", static_cast<long>(queries.rows()));
    for (auto& contender : contenders) {
        std::sort(contender.seconds.begin(), contender.seconds.end());
        const double median = contender.seconds[contender.seconds.size() / 2];
        std::printf("  %-8s %9.3f ms  %7.1f GFLOP/s  %6.1f GB/s\n", contender.name, 1e3 * median, flops / median * 1e-9, bytes / median * 1e-9);
        contender.seconds.clear();
    }
}

} // namespace

int main(int argc, char** argv)
{
    const Index rows = argc > 1 ? std::atol(argv[1]) : 60000, columns = argc > 2 ? std::atol(argv[2]) : 768, many = argc > 3 ? std::atol(argv[3]) : 1000;
    useThreads(0);
    const Matrix keys = drawMatrix(rows, columns, 1);
    const auto norms = squaredNorms(keys);
    const Eigen::VectorXf eigenNorms = keys.rowwise().squaredNorm();
    faiss::IndexFlatL2 index(columns);
    index.add(rows, keys.data());
    std::vector<Contender> contenders {
        { "hayloft", [&](const Matrix& queries) {
             std::vector<Index> found;
             for (const auto& nearest : findNearest(keys, norms, queries, 1))
                 found.push_back(nearest.rows.front().row);
             return found;
         } },
        { "eigen", [&](const Matrix& queries) {
             std::vector<Index> found(static_cast<std::size_t>(queries.rows()));
             const Matrix products = queries * keys.transpose();
             for (Index q = 0; q < queries.rows(); ++q)
                 (eigenNorms.transpose() - 2 * products.row(q)).minCoeff(&found[static_cast<std::size_t>(q)]);
             return found;
         } },
        { "faiss", [&](const Matrix& queries) {
             std::vector<float> distances(static_cast<std::size_t>(queries.rows()));
             std::vector<faiss::Index::idx_t> labels(distances.size());
             index.search(queries.rows(), queries.data(), 1, distances.data(), labels.data());
             return std::vector<Index>(labels.begin(), labels.end());
         } },
    };
    const double bytes = static_cast<double>(keys.size()) * sizeof(float), flops = 2 * static_cast<double>(keys.size());
    compare(contenders, drawMatrix(1, columns, 2), 21, flops, bytes);
    compare(contenders, drawMatrix(many, columns, 3), 5, flops * static_cast<double>(many), bytes);
}
