// SPDX-License-Identifier: GPL-3.0-or-later
// The chart of recall by load, for paper and for the screen.
#pragma once

#include "widgets/recall/LoadPlot.h"
#include "widgets/recall/PlotStyle.h"

namespace hayloft {

/// Curves, axes, and a legend above them, in place of what the plot held. The plot must have its size.
void drawLoads(QCustomPlot& plot, const LoadFigure& figure, const PlotColours& colours, const QFont& font);
/// Where a curve's point stands on the axis: curves stand side by side, so that one's bars never hide another's.
double shownLoad(double load, std::size_t curve, std::size_t curves);

} // namespace hayloft
