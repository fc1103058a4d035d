// SPDX-License-Identifier: GPL-3.0-or-later
// The shown copy of the memory, with reduced copies for drawing it small.
#include "widgets/memory/MatrixStore.h"

#include <QElapsedTimer>
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace hayloft {
namespace {

constexpr qint64 ceilDivided(qint64 a, qint64 b) { return (a + b - 1) / b; }

constexpr qint64 rowsPer(int level)
{
    qint64 rows = 1;
    for (int i = 0; i < level; ++i)
        rows *= MatrixStore::kFactor;
    return rows;
}

/// Keeps per column what is farther from zero; written so that the compiler vectorises it.
void keepStronger(float* into, const float* from, int columns)
{
    for (int c = 0; c < columns; ++c)
        into[c] = std::abs(from[c]) > std::abs(into[c]) ? from[c] : into[c];
}

float normOf(const float* row, int columns)
{
    double sum = 0;
    for (int c = 0; c < columns; ++c)
        sum += static_cast<double>(row[c]) * row[c];
    return static_cast<float>(std::sqrt(sum));
}

} // namespace

/// A memory that is written anew takes the chunks it had. Giving 100 MB back to the system takes tens of milliseconds,
/// taking them page by page too: what is too much goes on another thread.
void MatrixStore::setAside(std::size_t spare)
{
    struct Released {
        std::shared_ptr<const std::vector<float>> base;
        std::vector<Buffer> buffers;
    };
    const auto released = std::make_shared<Released>();
    released->base = std::move(m_base);
    for (Chunk& chunk : m_chunks)
        if (chunk.own)
            m_spare.push_back(std::move(chunk.own));
    for (Block& block : m_blocks)
        if (block.values)
            m_spareBlocks.push_back(std::move(block.values));
    const auto keep = [&released](std::vector<Buffer>& buffers, std::size_t most) {
        while (buffers.size() > most) {
            released->buffers.push_back(std::move(buffers.back()));
            buffers.pop_back();
        }
    };
    keep(m_spare, spare);
    keep(m_spareBlocks, (spare + kBlock / kChunk - 1) / (kBlock / kChunk));
    m_chunks.clear();
    m_blocks.clear();
    if (released->base || !released->buffers.empty())
        m_releasing.start([released] { *released = {}; });
}

void MatrixStore::clear(qint64 rows, int columns, std::size_t spare)
{
    setAside(columns == m_columns ? spare : 0);
    m_rows = 0;
    m_columns = columns;
    m_zeros.assign(static_cast<std::size_t>(columns), 0);
    m_norms.clear();
    m_counts.clear();
    m_nextBlock = 0;
    m_range = 1;
    m_largestNorm = 0;
    m_largestCount = m_used = m_shared = m_updated = 0;
    resize(rows);
}

void MatrixStore::resize(qint64 rows)
{
    const auto n = static_cast<std::size_t>(rows);
    m_rows = rows;
    m_norms.resize(n, 0);
    m_counts.resize(n, 0);
    m_chunks.resize(static_cast<std::size_t>(ceilDivided(rows, kChunk)));
    m_blocks.resize(static_cast<std::size_t>(ceilDivided(rows, kBlock)));
}

void MatrixStore::set(const MemoryView& memory)
{
    const qint64 given = memory.values && memory.columns > 0 ? static_cast<qint64>(memory.values->size()) / memory.columns : 0;
    const qint64 rows = std::min(memory.rows, given);
    // An empty one is about to be written anew.
    clear(rows, memory.columns, rows > 0 ? static_cast<std::size_t>(ceilDivided(rows, kChunk)) : m_chunks.size());
    m_base = memory.values;
    for (std::size_t i = 0; i < m_chunks.size(); ++i)
        m_chunks[i].values = m_base->data() + i * static_cast<std::size_t>(kChunk * m_columns);
    const auto n = static_cast<std::size_t>(m_rows);
    for (std::size_t i = 0; i < n; ++i)
        changeCount(static_cast<qint64>(i), memory.counts && i < memory.counts->size() ? (*memory.counts)[i] : 1);
    if (memory.norms && memory.norms->size() >= n) {
        std::copy_n(memory.norms->begin(), n, m_norms.begin());
    } else {
        for (std::size_t i = 0; i < n; ++i)
            m_norms[i] = normOf(row(static_cast<qint64>(i)), m_columns);
    }
    m_largestNorm = n > 0 ? *std::max_element(m_norms.begin(), m_norms.end()) : 0;
    for (Block& block : m_blocks)
        block.reduced = false;
    sampleRange();
}

const float* MatrixStore::row(qint64 row) const
{
    const Chunk& chunk = m_chunks[static_cast<std::size_t>(row / kChunk)];
    return chunk.values ? chunk.values + (row % kChunk) * m_columns : m_zeros.data();
}

float* MatrixStore::writable(qint64 row)
{
    const auto index = static_cast<std::size_t>(row / kChunk);
    Chunk& chunk = m_chunks[index];
    if (!chunk.own) {
        const auto size = static_cast<std::size_t>(kChunk * m_columns);
        if (m_spare.empty()) {
            chunk.own = std::make_unique<float[]>(size);
        } else {
            chunk.own = std::move(m_spare.back());
            m_spare.pop_back();
            std::fill_n(chunk.own.get(), size, 0.0F);
        }
        if (chunk.values) {
            const std::size_t begin = index * static_cast<std::size_t>(kChunk * m_columns);
            const std::size_t count = std::min(static_cast<std::size_t>(kChunk * m_columns), m_base->size() - begin);
            std::memcpy(chunk.own.get(), chunk.values, count * sizeof(float));
        }
        chunk.values = chunk.own.get();
    }
    return chunk.own.get() + (row % kChunk) * m_columns;
}

void MatrixStore::changeCount(qint64 row, qint64 count)
{
    qint64& current = m_counts[static_cast<std::size_t>(row)];
    m_used += (count > 0) - (current > 0);
    m_shared += (count > 1) - (current > 1);
    current = count;
    m_largestCount = std::max(m_largestCount, count);
}

void MatrixStore::update(const std::vector<qint64>& rows, const std::vector<float>& values, const std::vector<qint64>& counts,
                         qint64 totalRows, int columns)
{
    if (columns != m_columns || totalRows < m_rows)
        clear(totalRows, columns, m_chunks.size()); // it will grow to what it was
    else if (totalRows > m_rows)
        resize(totalRows);
    const auto width = static_cast<std::size_t>(columns);
    const std::size_t n = std::min({rows.size(), counts.size(), width > 0 ? values.size() / width : 0});
    for (std::size_t i = 0; i < n; ++i) {
        if (!contains(rows[i]))
            continue;
        float* target = writable(rows[i]);
        std::memcpy(target, values.data() + i * width, width * sizeof(float));
        changeCount(rows[i], counts[i]);
        const float norm = normOf(target, columns);
        m_norms[static_cast<std::size_t>(rows[i])] = norm;
        m_largestNorm = std::max(m_largestNorm, norm);
    }
    reduceChanged({rows.data(), n});
    const auto before = static_cast<quint64>(m_updated);
    m_updated += static_cast<qint64>(n);
    if (std::bit_width(before) != std::bit_width(static_cast<quint64>(m_updated)))
        sampleRange();
}

qint64 MatrixStore::slot(int level, qint64 index)
{
    const qint64 inBlock = index % (kBlock / rowsPer(level));
    return inBlock + (level == 1 ? 0 : level == 2 ? 64 : 72);
}

const MatrixStore::Block& MatrixStore::blockOf(int level, qint64 index) const
{
    return m_blocks[static_cast<std::size_t>(index * rowsPer(level) / kBlock)];
}

void MatrixStore::reduceRow(int level, qint64 index)
{
    Block& block = m_blocks[static_cast<std::size_t>(index * rowsPer(level) / kBlock)];
    if (!block.values) {
        if (m_spareBlocks.empty()) {
            block.values = std::make_unique<float[]>(block.filled.size() * static_cast<std::size_t>(m_columns));
        } else {
            block.values = std::move(m_spareBlocks.back());
            m_spareBlocks.pop_back();
        }
    }
    float* into = block.values.get() + slot(level, index) * m_columns;
    std::fill_n(into, m_columns, 0.0F);
    char filled = 0;
    const qint64 end = std::min(ceilDivided(m_rows, rowsPer(level - 1)), (index + 1) * kFactor);
    for (qint64 i = index * kFactor; i < end; ++i) {
        const bool any = level == 1 ? !empty(i) : block.filled[static_cast<std::size_t>(slot(level - 1, i))] != 0;
        if (!any)
            continue;
        filled = 1;
        keepStronger(into, level == 1 ? row(i) : block.values.get() + slot(level - 1, i) * m_columns, m_columns);
    }
    block.filled[static_cast<std::size_t>(slot(level, index))] = filled;
}

void MatrixStore::reduceBlock(qint64 block)
{
    for (int level = 1; level < kLevels; ++level) {
        const qint64 end = std::min(ceilDivided(m_rows, rowsPer(level)), (block + 1) * kBlock / rowsPer(level));
        for (qint64 i = block * kBlock / rowsPer(level); i < end; ++i)
            reduceRow(level, i);
    }
    m_blocks[static_cast<std::size_t>(block)].reduced = true;
}

/// Neighbours that changed together share the rows above them: each of those is reduced once.
void MatrixStore::reduceChanged(std::span<const qint64> rows)
{
    std::vector<qint64> changed;
    for (const qint64 row : rows) {
        // Blocks still waiting for their first reduction take the change then.
        if (contains(row) && m_blocks[static_cast<std::size_t>(row / kBlock)].reduced)
            changed.push_back(row);
    }
    std::sort(changed.begin(), changed.end());
    for (int level = 1; level < kLevels; ++level) {
        for (qint64& index : changed)
            index /= kFactor;
        changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
        for (const qint64 index : changed)
            reduceRow(level, index);
    }
}

bool MatrixStore::reduceSome(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    const auto blocks = static_cast<qint64>(m_blocks.size());
    for (; m_nextBlock < blocks; ++m_nextBlock) {
        if (m_blocks[static_cast<std::size_t>(m_nextBlock)].reduced)
            continue;
        if (timer.elapsed() >= milliseconds)
            return true;
        reduceBlock(m_nextBlock);
    }
    return false;
}

MatrixStore::State MatrixStore::state(int level, qint64 index) const
{
    if (level == 0)
        return empty(index) ? State::Empty : State::Ready;
    const Block& block = blockOf(level, index);
    if (!block.reduced)
        return State::Pending;
    return block.filled[static_cast<std::size_t>(slot(level, index))] ? State::Ready : State::Empty;
}

const float* MatrixStore::reduced(int level, qint64 index) const
{
    return level == 0 ? row(index) : blockOf(level, index).values.get() + slot(level, index) * m_columns;
}

void MatrixStore::sampleRange()
{
    constexpr qint64 kRows = 64;
    std::vector<float> sample;
    // Rows are tried in a fixed scattered order until enough that hold something are found.
    for (qint64 tried = 0, taken = 0; tried < std::min<qint64>(m_rows, 4096) && taken < kRows; ++tried) {
        const qint64 index = m_rows <= 4096 ? tried : static_cast<qint64>(static_cast<quint64>(tried) * 2654435761u % static_cast<quint64>(m_rows));
        if (empty(index))
            continue;
        ++taken;
        for (int c = 0; c < m_columns; ++c)
            sample.push_back(std::abs(row(index)[c]));
    }
    if (sample.empty())
        return;
    const auto nearlyAll = sample.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(sample.size() - 1) * 0.997);
    std::nth_element(sample.begin(), nearlyAll, sample.end());
    m_range = std::isfinite(*nearlyAll) && *nearlyAll > 0 ? *nearlyAll : 1;
}

} // namespace hayloft
