// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory/KeyMemory.h"

#include "core/base/Error.h"
#include "core/base/Random.h"
#include "core/memory/RowSearch.h"

#include <cmath>
#include <numeric>
#include <string>
#include <unordered_set>

namespace hayloft {

namespace {

/// The rows of `sample` that differ from all rows before them.
std::vector<Index> distinctRows(const Matrix& sample)
{
    std::unordered_set<std::string_view> seen;
    std::vector<Index> rows;
    const auto bytes = static_cast<std::size_t>(sample.cols()) * sizeof(float);
    for (Index i = 0; i < sample.rows(); ++i) {
        if (seen.emplace(reinterpret_cast<const char*>(sample.row(i).data()), bytes).second)
            rows.push_back(i);
    }
    return rows;
}

void shuffle(std::vector<Index>& items, Random& random)
{
    for (std::size_t i = items.size(); i > 1; --i)
        std::swap(items[i - 1], items[random.below(i)]);
}

/// Mean 0 and variance 1 per row, as the model's last LayerNorm leaves a latent.
void normalise(Eigen::Ref<Matrix> rows)
{
    for (Index i = 0; i < rows.rows(); ++i) {
        auto row = rows.row(i);
        row.array() -= row.mean();
        const float deviation = std::sqrt(row.squaredNorm() / static_cast<float>(row.cols()));
        if (deviation > 0)
            row /= deviation;
    }
}

/// Fills `rows` with normalised draws of mean + factor N(0, 1).
void drawGaussian(const KeyStatistics& statistics, Eigen::Ref<Matrix> rows, Random& random, const Task& task)
{
    constexpr Index block = 1024;
    Matrix drawn;
    for (Index first = 0; first < rows.rows(); first += block) {
        const Index n = std::min(block, rows.rows() - first);
        Matrix noise(n, statistics.covarianceFactor.cols());
        for (Index i = 0; i < noise.size(); ++i)
            noise.data()[i] = static_cast<float>(random.normal());
        multiplyTransposed(noise, statistics.covarianceFactor, drawn);
        rows.middleRows(first, n) = drawn.rowwise() + statistics.mean;
        task.report({"draw key rows", static_cast<double>(first + n), static_cast<double>(rows.rows()), "rows", ""});
    }
    normalise(rows);
}

} // namespace

std::vector<std::vector<Neighbour>> nearestRows(const Eigen::Ref<const Matrix>& keys,
                                                const Eigen::Ref<const Matrix>& queries, Index count,
                                                std::span<const char> use)
{
    if (queries.rows() > 0 && keys.rows() > 0 && queries.cols() != keys.cols())
        throw Error("a key has " + std::to_string(queries.cols()) + " numbers and the key memory's rows "
                        + std::to_string(keys.cols()), "nearest rows", "use keys of the same model");
    if (!use.empty() && static_cast<Index>(use.size()) != keys.rows())
        throw Error("the flags of rows in use do not match the rows", "nearest rows", "");
    std::vector<std::vector<Neighbour>> nearest;
    nearest.reserve(static_cast<std::size_t>(queries.rows()));
    for (auto& found : findNearest(keys, squaredNorms(keys), queries, count, use)) {
        if (static_cast<Index>(found.rows.size()) > count)
            found.rows.resize(static_cast<std::size_t>(count));
        nearest.push_back(std::move(found.rows));
    }
    return nearest;
}

float exactDistance(const Eigen::Ref<const RowVector>& a, const Eigen::Ref<const RowVector>& b)
{
    const float* x = a.data();
    const float* y = b.data();
    double sums[4] = {0, 0, 0, 0};
    for (Index i = 0; i < a.size(); ++i) {
        const double difference = static_cast<double>(x[i]) - static_cast<double>(y[i]);
        sums[i & 3] += difference * difference;
    }
    return static_cast<float>(std::sqrt((sums[0] + sums[1]) + (sums[2] + sums[3])));
}

Matrix drawKeyRows(const KeyStatistics& statistics, Index rows, std::uint64_t seed, const Task& task)
{
    if (rows < 1)
        throw Error("a fixed key memory of " + std::to_string(rows) + " rows", "key memory", "ask for at least 1 row");
    Random random(seed);
    auto distinct = distinctRows(statistics.sample);
    shuffle(distinct, random);
    const Index sampled = std::min(rows, static_cast<Index>(distinct.size()));
    const Index drawn = rows - sampled;
    const Index latentSize = statistics.sample.rows() > 0 ? statistics.sample.cols() : statistics.mean.cols();
    if (drawn > 0 && (statistics.covarianceFactor.size() == 0 || statistics.covarianceFactor.rows() != latentSize
                      || statistics.mean.cols() != latentSize))
        throw Error("the model's key statistics hold only " + std::to_string(sampled) + " distinct keys", "key memory",
                    "ask for at most that many rows");
    Matrix keys(rows, latentSize);
    for (Index i = 0; i < sampled; ++i)
        keys.row(i) = statistics.sample.row(distinct[static_cast<std::size_t>(i)]);
    if (drawn > 0)
        drawGaussian(statistics, keys.bottomRows(drawn), random, task);
    return keys;
}

Addressing addressingFromName(std::string_view name)
{
    for (const auto addressing : {Addressing::NearestRow, Addressing::PseudoInverse}) {
        if (name == nameOf(addressing))
            return addressing;
    }
    throw Error("unknown addressing", std::string(name), "use nearest or pseudo-inverse");
}

std::string_view nameOf(Addressing addressing)
{
    return addressing == Addressing::NearestRow ? "nearest" : "pseudo-inverse";
}

KeyMemoryKind keyMemoryKindFromName(std::string_view name)
{
    for (const auto kind : {KeyMemoryKind::Grow, KeyMemoryKind::Fixed, KeyMemoryKind::Prior}) {
        if (name == nameOf(kind))
            return kind;
    }
    throw Error("unknown key memory", std::string(name), "use grow, fixed or prior");
}

std::string_view nameOf(KeyMemoryKind kind)
{
    switch (kind) {
    case KeyMemoryKind::Grow:
        return "grow";
    case KeyMemoryKind::Fixed:
        return "fixed";
    case KeyMemoryKind::Prior:
        break;
    }
    return "prior";
}

KeyKind keyKindFromName(std::string_view name)
{
    for (const auto kind : {KeyKind::Prefix, KeyKind::Whole, KeyKind::Content, KeyKind::Floor}) {
        if (name == nameOf(kind))
            return kind;
    }
    throw Error("unknown kind of key", std::string(name), "use prefix, whole or content (or floor, to compare)");
}

std::string_view nameOf(KeyKind kind)
{
    switch (kind) {
    case KeyKind::Prefix:
        return "prefix";
    case KeyKind::Whole:
        return "whole";
    case KeyKind::Content:
        return "content";
    case KeyKind::Floor:
        break;
    }
    return "floor";
}

} // namespace hayloft
