// SPDX-License-Identifier: GPL-3.0-or-later
// The shown copy of the memory, with reduced copies for drawing it small.
#pragma once

#include "widgets/MemoryPanel.h"

#include <QThreadPool>

#include <array>
#include <span>

namespace hayloft {

/// K x C values, norms and segments per row. Shares the given matrix and copies only the chunks that are changed.
/// Level 0 is the matrix; level l = 1..3 holds, per column, the value farthest from zero of each 8^l rows that are not empty.
class MatrixStore {
public:
    static constexpr int kLevels = 4;
    static constexpr qint64 kFactor = 8;
    static constexpr qint64 kBlock = 512; ///< rows of one level-3 row

    void set(const MemoryView& memory);
    /// As MemoryPanel::updateRows. Starts anew when the columns change or there are fewer rows than before.
    void update(const std::vector<qint64>& rows, const std::vector<float>& values, const std::vector<qint64>& counts,
                qint64 totalRows, int columns);
    /// Reduces blocks until `milliseconds` have passed; true while some are left.
    bool reduceSome(int milliseconds);

    qint64 rows() const { return m_rows; }
    int columns() const { return m_columns; }
    bool contains(qint64 row) const { return row >= 0 && row < m_rows; }
    float norm(qint64 row) const { return m_norms[static_cast<std::size_t>(row)]; }
    qint64 count(qint64 row) const { return m_counts[static_cast<std::size_t>(row)]; }
    bool empty(qint64 row) const { return m_counts[static_cast<std::size_t>(row)] == 0; }
    const float* row(qint64 row) const;
    float value(qint64 r, int column) const { return row(r)[column]; }
    std::span<const float> latentView(qint64 r) const { return {row(r), static_cast<std::size_t>(m_columns)}; }
    std::vector<float> latent(qint64 r) const { return {row(r), row(r) + m_columns}; }

    /// What is known of one row of a level (level 0: of the matrix).
    enum class State { Pending, Empty, Ready };
    State state(int level, qint64 index) const;
    const float* reduced(int level, qint64 index) const;

    /// Symmetric colour range: nearly all values lie within +-range.
    float range() const { return m_range; }
    float largestNorm() const { return m_largestNorm; }
    qint64 largestCount() const { return m_largestCount; }
    qint64 used() const { return m_used; }
    qint64 shared() const { return m_shared; }

private:
    static constexpr qint64 kChunk = 64;
    using Buffer = std::unique_ptr<float[]>;
    struct Chunk {
        const float* values = nullptr;
        Buffer own;
    };
    /// The reduced rows of kBlock rows: 64 of level 1, 8 of level 2, one of level 3.
    struct Block {
        Buffer values; ///< allocated with the first reduction
        std::array<char, 73> filled{};   ///< per reduced row: any row below it is not empty
        bool reduced = true;             ///< a block that was never written has nothing to reduce
    };
    static qint64 slot(int level, qint64 index);
    const Block& blockOf(int level, qint64 index) const;
    /// @param spare how many chunks, with the blocks over them, are kept for later, where the columns stay
    void clear(qint64 rows, int columns, std::size_t spare);
    void setAside(std::size_t spare);
    void resize(qint64 rows);
    float* writable(qint64 row);
    void changeCount(qint64 row, qint64 count);
    void reduceRow(int level, qint64 index);
    void reduceBlock(qint64 block);
    void reduceChanged(std::span<const qint64> rows);
    void sampleRange();

    qint64 m_rows = 0;
    int m_columns = 0;
    std::shared_ptr<const std::vector<float>> m_base;
    std::vector<Chunk> m_chunks;
    std::vector<Buffer> m_spare, m_spareBlocks; ///< of chunks and blocks before clear(), for the next ones
    QThreadPool m_releasing;
    std::vector<float> m_zeros; ///< a row that was never written
    std::vector<float> m_norms;
    std::vector<qint64> m_counts;
    std::vector<Block> m_blocks;
    qint64 m_nextBlock = 0;
    float m_range = 1, m_largestNorm = 0;
    qint64 m_largestCount = 0, m_used = 0, m_shared = 0, m_updated = 0;
};

} // namespace hayloft
