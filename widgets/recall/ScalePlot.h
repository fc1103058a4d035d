// SPDX-License-Identifier: GPL-3.0-or-later
// Seconds and memory by context length, side by side on logarithmic axes.
#pragma once

#include "core/store/ScaleRecord.h"
#include "widgets/recall/FigureFile.h"

namespace hayloft {

/// Logical pixels where nothing else is asked for.
QSize scaleFigureSize();
/// The figure on paper. A dotted line through the longest context grows as the length does. Made on the GUI thread, painted on any.
FigureSheet scaleSheet(const ScaleRecord& record, const QString& title, const FigureOptions& options);

} // namespace hayloft
