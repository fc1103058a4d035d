// SPDX-License-Identifier: GPL-3.0-or-later
// Renders a region of the memory matrix to an image.
#pragma once

#include "widgets/memory/MatrixStore.h"

#include <QColor>
#include <QImage>
#include <array>

namespace hayloft {

/// Which part is drawn: the matrix place of the image's top left corner and pixels per cell.
struct HeatRegion {
    double left = 0, top = 0;                     ///< column, row
    double pixelsPerColumn = 1, pixelsPerRow = 1; ///< image pixels
    bool operator==(const HeatRegion&) const = default;
};

struct HeatColours {
    std::array<QRgb, 256> table{};
    QRgb empty = 0, emptyHatch = 0; ///< rows without segments
    QRgb pending = 0;               ///< not reduced yet
    QRgb outside = 0;
};

/// Where several cells share a pixel the value farthest from zero is drawn, over rows that are not empty.
QImage renderHeat(const MatrixStore& store, const HeatRegion& region, QSize size, const HeatColours& colours);

} // namespace hayloft
