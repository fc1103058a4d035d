// SPDX-License-Identifier: GPL-3.0-or-later
// Colour maps of heatmaps and heat images.
#pragma once

#include "widgets/Heatmap.h"

#include <QColor>
#include <array>

namespace hayloft {

/// Colour of a value 0..1 (clamped; NaN counts as 0). Cividis and viridis are the published 256-entry tables.
QColor sequential(double value, Palette palette);

/// Colour of a value -1..1 (clamped; NaN counts as 0): blue below zero, orange above, `centre` at zero.
/// Towards the ends the colours leave the centre's lightness, so a light centre suits light themes, a dark one dark themes.
QColor diverging(double value, const QColor& centre = QColor(0xF4, 0xF4, 0xF2));

/// `diverging` at 256 even steps from -1 to 1, for painting images.
std::array<QRgb, 256> divergingTable(const QColor& centre);

/// Black or white, whichever reads better on `background`.
QColor textOn(const QColor& background);

} // namespace hayloft
