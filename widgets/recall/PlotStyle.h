// SPDX-License-Identifier: GPL-3.0-or-later
// What plots of curves share: colours, shapes, fonts and paper.
#pragma once

#include "core/recall/Scoring.h"
#include "widgets/recall/CustomPlot.h"

#include <QPalette>
#include <QPicture>
#include <vector>

namespace hayloft {

struct PlotColours {
    QColor background, text, grid, axis;
    std::vector<QColor> series;
};

/// Of a widget with this palette.
PlotColours coloursOf(const QPalette& palette);
QPalette paperPalette();
/// A font in pixels keeps its size on every device.
QFont paperFont(const QFont& base);
/// Beside the colours: where these begin again, shapes still tell the curves apart.
QCPScatterStyle::ScatterShape plotShape(std::size_t curve);
/// Measured rates as one curve, in percent, with their intervals as bars.
class RateCurve {
public:
    void add(int hits, int trials, const Interval& ci95, double x);
    /// @param index of the curve in the plot: chooses its shape
    void addTo(QCustomPlot& plot, const QString& title, const QColor& colour, std::size_t index) const;

private:
    QVector<double> m_x, m_y, m_below, m_above;
};
void styleAxes(QCustomPlot& plot, const PlotColours& colours, const QFont& font);
/// The plot in vectors, recorded: it is played on any device and any thread.
QPicture pictureOf(QCustomPlot& plot, const QSize& size);
/// Plays it in the painter's logical pixels, from the origin.
void playPicture(QPainter& painter, QPicture picture);

} // namespace hayloft
