// SPDX-License-Identifier: GPL-3.0-or-later
// Sizes shared by the two halves of MatrixView.
#pragma once

#include <QFont>

namespace hayloft {

inline constexpr int kStripGap = 6;
inline constexpr int kNormWidth = 46;
inline constexpr int kCountWidth = 40;
inline constexpr double kLargestCell = 40;   ///< pixels
inline constexpr double kLargestFitRow = 22; ///< a few rows don't fill the whole height

QFont matrixSmallFont(const QFont& font);
} // namespace hayloft
