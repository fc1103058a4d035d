// SPDX-License-Identifier: GPL-3.0-or-later
// Checks painted pixels of the memory against colours worked out from the values themselves.
#pragma once

#include "app/workbench/WorkspaceTypes.h"
#include "widgets/memory/HeatImage.h"

namespace hayloft {

/// A copy of what was written, by itself: it knows nothing of the view's reduced copies.
class WrittenMatrix {
public:
    /// Makes room beforehand, so that taking updates stays cheap.
    void reserve(qint64 rows, int columns);
    void take(const RowsUpdate& update);
    qint64 rows() const { return static_cast<qint64>(m_counts.size()); }
    int columns() const { return m_columns; }
    float value(qint64 row, int column) const { return m_values[static_cast<std::size_t>(row * m_columns + column)]; }
    bool empty(qint64 row) const { return m_counts[static_cast<std::size_t>(row)] == 0; }

private:
    int m_columns = 0;
    std::vector<float> m_values;
    std::vector<qint64> m_counts;
};

struct PixelReport {
    qint64 checked = 0, wrong = 0;
};

/// Compares an image of `region` (in image pixels) with a plain loop over the values: where several cells share a pixel the
/// value farthest from zero counts. Leaves out empty rows, what lies outside the matrix, and the frame's outermost pixels.
/// @param range the value of the colour table's last colour
PixelReport checkHeatPixels(const QImage& image, const HeatRegion& region, const WrittenMatrix& matrix, const std::array<QRgb, 256>& table,
                            float range);

} // namespace hayloft
