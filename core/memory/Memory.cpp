// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/memory/Memory.h"

#include "core/base/Error.h"
#include "core/memory/RowSearch.h"

#include <algorithm>
#include <string>

namespace hayloft {

namespace {

std::size_t at(Index row)
{
    return static_cast<std::size_t>(row);
}

} // namespace

Memory Memory::growing(int latentSize)
{
    Memory memory;
    memory.m_kind = KeyMemoryKind::Grow;
    memory.m_keys.resize(0, latentSize);
    memory.m_rows.resize(0, latentSize);
    return memory;
}

Memory Memory::fixed(Matrix keyRows)
{
    Memory memory;
    memory.m_kind = KeyMemoryKind::Fixed;
    memory.m_used = keyRows.rows();
    memory.m_keys = std::move(keyRows);
    memory.m_rows = Matrix::Zero(memory.m_keys.rows(), memory.m_keys.cols());
    memory.m_keyNorms = squaredNorms(memory.m_keys);
    memory.m_counts.assign(at(memory.m_used), 0);
    return memory;
}

Index Memory::rows() const { return m_used; }
int Memory::latentSize() const { return static_cast<int>(m_keys.cols()); }
Index Memory::segments() const { return m_segments; }

Index Memory::count(Index row) const
{
    checkRow(row);
    return m_counts[at(row)];
}

Eigen::Ref<const RowVector> Memory::row(Index row) const
{
    checkRow(row);
    return m_rows.row(row);
}

Eigen::Ref<const RowVector> Memory::keyRow(Index row) const
{
    checkRow(row);
    return m_keys.row(row);
}

Eigen::Ref<const Matrix> Memory::matrix() const { return m_rows.topRows(m_used); }
Eigen::Ref<const Matrix> Memory::keys() const { return m_keys.topRows(m_used); }

float Memory::rowNorm(Index row) const
{
    checkRow(row);
    return m_rows.row(row).norm();
}

void Memory::reserve(Index rows)
{
    if (m_kind == KeyMemoryKind::Fixed || rows <= m_rows.rows())
        return;
    m_keys.conservativeResize(rows, Eigen::NoChange);
    m_rows.conservativeResize(rows, Eigen::NoChange);
    m_counts.reserve(at(rows));
    m_live.reserve(at(rows));
    m_keyNorms.reserve(at(rows));
}

void Memory::clear()
{
    if (m_kind != KeyMemoryKind::Grow)
        throw Error("a memory of given rows cannot be emptied", "memory", "make it anew");
    m_keyNorms.clear();
    m_counts.clear();
    m_live.clear();
    m_free.clear();
    m_sums.clear();
    m_next.clear();
    m_used = m_segments = 0;
}

Index Memory::makeRow(const Eigen::Ref<const RowVector>& key)
{
    Index row = m_used;
    if (!m_free.empty()) {
        row = m_free.back();
        m_free.pop_back();
    } else {
        if (m_used == m_rows.rows())
            reserve(std::max<Index>(64, 2 * m_used));
        ++m_used;
        m_keyNorms.push_back(0);
        m_counts.push_back(0);
        m_live.push_back(0);
        m_rows.row(row).setZero();
    }
    m_keys.row(row) = key;
    m_keyNorms[at(row)] = key.squaredNorm();
    m_live[at(row)] = 1;
    return row;
}

void Memory::add(Index row, const Eigen::Ref<const RowVector>& latent)
{
    Index& count = m_counts[at(row)];
    if (count == 0) {
        m_rows.row(row) = latent;
    } else {
        auto& sum = m_sums[row];
        if (count == 1)
            sum = m_rows.row(row).cast<double>();
        sum += latent.cast<double>();
        m_rows.row(row) = (sum / static_cast<double>(count + 1)).cast<float>();
    }
    ++count;
    ++m_segments;
    m_next.clear();
}

Index Memory::write(const Eigen::Ref<const RowVector>& key, const Eigen::Ref<const RowVector>& latent)
{
    checkSizes(key.cols(), latent.cols());
    const Index row = m_kind == KeyMemoryKind::Grow
        ? makeRow(key)
        : findNearest(keys(), m_keyNorms, key, 1).front().rows.front().row;
    add(row, latent);
    return row;
}

std::vector<Index> Memory::writeAll(const Eigen::Ref<const Matrix>& keys, const Eigen::Ref<const Matrix>& latents)
{
    std::vector<Index> rows;
    if (keys.rows() != latents.rows())
        throw Error("as many keys as latents are needed", "memory", "");
    if (keys.rows() == 0)
        return rows;
    checkSizes(keys.cols(), latents.cols());
    rows.reserve(at(keys.rows()));
    if (m_kind == KeyMemoryKind::Fixed) {
        for (const auto& found : findNearest(this->keys(), m_keyNorms, keys, 1))
            rows.push_back(found.rows.front().row);
    } else {
        reserve(m_used + keys.rows() - static_cast<Index>(m_free.size()));
        for (Index i = 0; i < keys.rows(); ++i)
            rows.push_back(makeRow(keys.row(i)));
    }
    for (Index i = 0; i < latents.rows(); ++i)
        add(rows[at(i)], latents.row(i));
    return rows;
}

void Memory::erase(Index row, const Eigen::Ref<const RowVector>& latent)
{
    checkRow(row);
    checkSizes(m_keys.cols(), latent.cols());
    Index& count = m_counts[at(row)];
    if (count == 0)
        throw Error("row " + std::to_string(row) + " holds nothing to erase", "memory", "");
    --count;
    --m_segments;
    m_next.clear();
    if (count == 0) {
        m_rows.row(row).setZero();
        if (m_kind == KeyMemoryKind::Grow) {
            m_live[at(row)] = 0;
            m_free.push_back(row);
        }
        return;
    }
    auto& sum = m_sums.at(row);
    sum -= latent.cast<double>();
    m_rows.row(row) = (sum / static_cast<double>(count)).cast<float>();
    if (count == 1)
        m_sums.erase(row);
}

void Memory::setOrder(const std::vector<Index>& rows, const std::vector<char>& glued)
{
    if (static_cast<Index>(rows.size()) != m_segments || glued.size() != rows.size())
        throw Error("an order of " + std::to_string(rows.size()) + " segments", "memory of " + std::to_string(m_segments), "");
    for (const Index row : rows)
        checkRow(row);
    m_next.assign(at(m_used), {});
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
        if (m_counts[at(rows[i])] == 1)
            m_next[at(rows[i])] = { rows[i + 1], glued[i] != 0 };
    }
}

NextRow Memory::next(Index row) const
{
    checkRow(row);
    return m_next.empty() ? NextRow {} : m_next[at(row)];
}

void Memory::setRow(Index row, const Eigen::Ref<const RowVector>& latent)
{
    checkRow(row);
    checkSizes(m_keys.cols(), latent.cols());
    m_rows.row(row) = latent;
    if (m_counts[at(row)] > 1)
        m_sums[row] = latent.cast<double>() * static_cast<double>(m_counts[at(row)]);
}

std::vector<Reading> Memory::read(const Eigen::Ref<const Matrix>& keys, Index runnersUp) const
{
    std::vector<Reading> readings(at(keys.rows()));
    if (keys.rows() > 0)
        checkSizes(keys.cols(), m_rows.cols());
    const std::span<const char> live = m_free.empty() ? std::span<const char>() : std::span<const char>(m_live);
    const auto found = findNearest(this->keys(), m_keyNorms, keys, runnersUp + 1, live);
    for (std::size_t q = 0; q < readings.size(); ++q) {
        Reading& reading = readings[q];
        reading.latent = RowVector::Zero(m_rows.cols());
        if (found[q].rows.empty())
            continue;
        const auto& nearest = found[q].rows;
        reading.row = nearest.front().row;
        reading.distance = nearest.front().distance;
        for (std::size_t i = 0; i < found[q].tied; ++i)
            reading.tied.push_back(nearest[i].row);
        const std::size_t shown = std::min(nearest.size(), at(runnersUp) + 1);
        reading.runnersUp.assign(nearest.begin() + 1, nearest.begin() + static_cast<std::ptrdiff_t>(shown));
        reading.rowSegments = m_counts[at(reading.row)];
        reading.latent = m_rows.row(reading.row);
    }
    return readings;
}

void Memory::checkRow(Index row) const
{
    if (row < 0 || row >= m_used)
        throw Error("no row " + std::to_string(row), "memory", "rows are 0 to " + std::to_string(m_used - 1));
}

void Memory::checkSizes(Index keyColumns, Index latentColumns) const
{
    if (keyColumns != m_keys.cols() || latentColumns != m_rows.cols())
        throw Error("a key or latent of " + std::to_string(keyColumns == m_keys.cols() ? latentColumns : keyColumns)
                        + " numbers", "memory of " + std::to_string(m_keys.cols()) + " columns", "use one model throughout");
}

} // namespace hayloft
