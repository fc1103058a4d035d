// SPDX-License-Identifier: GPL-3.0-or-later
// The associative memory: M = W^+ Z with one-hot rows of W, so each row is the mean of the latents written to it.
#pragma once

#include "core/memory/KeyMemory.h"

#include <unordered_map>
#include <vector>

namespace hayloft {

/// What one read key got (design: "answers come with row, distance, runners-up, ...").
struct Reading {
    Index row = -1;                   ///< row read; -1 when the memory is empty
    float distance = 0;               ///< of the read key to the row's key, Euclidean
    std::vector<Index> tied;          ///< all rows within kTieDistance of it, lowest first (the row itself included)
    std::vector<Neighbour> runnersUp; ///< the next nearest rows
    Index rowSegments = 0;            ///< how many segments share the row
    RowVector latent;                 ///< z_read = w M, 1 x C (zero for an empty row)
};

/// Which row holds the segment after one.
struct NextRow {
    Index row = -1;     ///< -1: there is none, or it is not known
    bool glued = false; ///< no white space stood between the two segments
};

/// K x C float32 on the CPU. Writing and erasing one latent is O(C) once its row is known.
/// Larimar, arXiv 2403.11901 eq. 3-4, with the one-hot nearest-row keys of 2407.01437.
class Memory {
public:
    /// `grow`: starts with no rows, each write makes (or reuses a freed) row whose key row is the write key.
    static Memory growing(int latentSize);
    /// `fixed`: K x C key rows given once.
    static Memory fixed(Matrix keyRows);

    KeyMemoryKind kind() const { return m_kind; }
    Index rows() const;               ///< K
    int latentSize() const;           ///< C
    Index segments() const;           ///< latents written and not erased
    Index count(Index row) const;     ///< segments on the row
    Eigen::Ref<const RowVector> row(Index row) const;    ///< 1 x C
    Eigen::Ref<const RowVector> keyRow(Index row) const; ///< 1 x C
    Eigen::Ref<const Matrix> matrix() const;             ///< K x C
    Eigen::Ref<const Matrix> keys() const;               ///< K x C
    float rowNorm(Index row) const;

    void reserve(Index rows);
    /// Empties a growing memory, which keeps its storage: giving 100 MB back and taking them again stalls the whole process.
    /// @throws Error for a fixed one
    void clear();
    /// Writes one latent at the row its key addresses and returns that row. @throws Error for a wrong size.
    Index write(const Eigen::Ref<const RowVector>& key, const Eigen::Ref<const RowVector>& latent);
    /// Writes many (N x C each): one batched nearest-row search, then O(C) each. Returns N rows.
    std::vector<Index> writeAll(const Eigen::Ref<const Matrix>& keys, const Eigen::Ref<const Matrix>& latents);
    /// Takes one written latent out of `row` again, exact to rounding; an emptied row is exactly zero, and in a
    /// growing memory is free for the next write and never read. @throws Error when the row holds nothing.
    void erase(Index row, const Eigen::Ref<const RowVector>& latent);
    /// Notes the order in which the segments stand in their document: rows in that order, and for each whether it is
    /// glued to the next. That is all that the memory knows of a document. Forgotten at the next write or erase.
    void setOrder(const std::vector<Index>& rows, const std::vector<char>& glued);
    /// The row of the segment after the one on `row`; unknown for a row that several segments share.
    NextRow next(Index row) const;
    /// Overwrites a row's latent (the workbench's "what if"); its count stays. For experiments only.
    void setRow(Index row, const Eigen::Ref<const RowVector>& latent);
    /// Reads many keys (Q x C) in one matrix product. @param runnersUp how many next-nearest rows to report.
    std::vector<Reading> read(const Eigen::Ref<const Matrix>& keys, Index runnersUp = 5) const;

private:
    Memory() = default;
    Index makeRow(const Eigen::Ref<const RowVector>& key);
    void add(Index row, const Eigen::Ref<const RowVector>& latent);
    void checkRow(Index row) const;
    void checkSizes(Index keyColumns, Index latentColumns) const;

    KeyMemoryKind m_kind = KeyMemoryKind::Grow;
    Matrix m_keys;                ///< capacity x C
    Matrix m_rows;                ///< capacity x C, means
    std::vector<float> m_keyNorms; ///< K, squared norms of the key rows
    std::vector<Index> m_counts;  ///< K
    std::vector<char> m_live;     ///< K, growing only: 0 = freed, never read
    std::vector<Index> m_free;    ///< emptied rows of a growing memory
    std::unordered_map<Index, Eigen::RowVectorXd> m_sums; ///< of rows with more than one segment, so that erasing is exact
    std::vector<NextRow> m_next;  ///< K, or none when the order is not known
    Index m_used = 0;             ///< K
    Index m_segments = 0;
};

} // namespace hayloft
