// SPDX-License-Identifier: GPL-3.0-or-later
// The chart of recall by load, for paper and for the screen.
#include "widgets/recall/LoadChart.h"

#include <QCoreApplication>
#include <QFontInfo>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>
#include <set>

namespace hayloft {

namespace {

constexpr double kRoomBeside = 1.3; ///< factor on the load, left and right of the curves
constexpr double kApart = 1.09;     ///< factor on the load between curves
constexpr int kLegendSymbol = 56;   ///< pixels of a line's symbol and the space around its name

QString tr(const char* text) { return QCoreApplication::translate("hayloft::LoadPlot", text); }

void addCurve(QCustomPlot& plot, const LoadCurve& curve, std::size_t index, std::size_t count, const QColor& colour)
{
    RateCurve rates;
    for (const LoadCurvePoint& point : curve.points)
        rates.add(point.hits, point.trials, point.ci95, shownLoad(point.load, index, count));
    rates.addTo(plot, curve.title, colour, index);
}

std::set<double> loadsOf(const LoadFigure& figure)
{
    std::set<double> loads(figure.awaited.begin(), figure.awaited.end());
    for (const LoadCurve& curve : figure.curves)
        for (const LoadCurvePoint& point : curve.points)
            loads.insert(point.load);
    return loads;
}

/// Ticks at the loads that were measured, as many as there is room for.
void labelLoads(QCustomPlot& plot, const std::set<double>& loads, const QFont& font)
{
    const double low = *loads.begin() / kRoomBeside, high = *loads.rbegin() * kRoomBeside;
    plot.xAxis->setScaleType(QCPAxis::stLogarithmic);
    plot.xAxis2->setScaleType(QCPAxis::stLogarithmic);
    plot.xAxis->setRange(low, high);
    QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    const double width = plot.width() - 5.0 * QFontInfo(font).pixelSize();
    double free = -1;
    for (const double load : loads) {
        const QString label = QString::number(load, 'g', 4);
        const double half = QFontMetricsF(font).horizontalAdvance(label) / 2 + 4;
        const double at = width * std::log(load / low) / std::log(high / low);
        if (at - half < free)
            continue;
        ticker->addTick(load, label);
        free = at + half;
    }
    plot.xAxis->setTicker(ticker);
    plot.xAxis->setLabel(tr("Load: segments per row (N/K)"));
}

void labelRecall(QCustomPlot& plot)
{
    QSharedPointer<QCPAxisTickerFixed> percent(new QCPAxisTickerFixed);
    percent->setTickStep(plot.height() > 260 ? 20 : 50);
    plot.yAxis->setTicker(percent);
    plot.yAxis->setSubTicks(false);
    plot.yAxis->setLabel(tr("Recall (%), 95% interval"));
    plot.yAxis->setRange(-3, 103);
}

/// As many names in a row as there is room for without cutting one.
int legendColumns(const QCustomPlot& plot, const LoadFigure& figure, const QFont& font)
{
    double widest = 1;
    for (const LoadCurve& curve : figure.curves)
        widest = std::max(widest, QFontMetricsF(font).horizontalAdvance(curve.title));
    return std::clamp(int((plot.width() - 18) / (widest + kLegendSymbol)), 1, std::max(1, int(figure.curves.size())));
}

/// A row of its own: inside the axes it would hide a curve.
void placeLegend(QCustomPlot& plot, int columns)
{
    plot.legend->setVisible(true);
    plot.legend->setWrap(columns);
    plot.legend->setFillOrder(QCPLayoutGrid::foColumnsFirst, true);
    if (plot.plotLayout()->rowCount() > 1)
        return;
    plot.plotLayout()->insertRow(0);
    plot.plotLayout()->addElement(0, 0, plot.legend);
    plot.plotLayout()->setRowStretchFactor(0, 0.001);
    plot.plotLayout()->setRowSpacing(0);
    plot.legend->setMargins(QMargins(10, 2, 8, 2));
}

} // namespace

double shownLoad(double load, std::size_t curve, std::size_t curves)
{
    return load * std::pow(kApart, double(curve) - (double(curves) - 1) / 2);
}

void drawLoads(QCustomPlot& plot, const LoadFigure& figure, const PlotColours& colours, const QFont& font)
{
    plot.clearPlottables();
    for (std::size_t i = 0; i < figure.curves.size(); ++i)
        addCurve(plot, figure.curves[i], i, figure.curves.size(), colours.series[i % colours.series.size()]);
    if (figure.curves.empty()) { // a legend without a name would make its whole column narrow, the axes too
        QCPGraph* none = plot.addGraph();
        none->setName(QStringLiteral(" "));
        none->setPen(Qt::NoPen);
    }
    styleAxes(plot, colours, font);
    if (const std::set<double> loads = loadsOf(figure); !loads.empty())
        labelLoads(plot, loads, font);
    labelRecall(plot);
    plot.axisRect()->setupFullAxesBox();
    plot.xAxis2->setTicks(false);
    plot.yAxis2->setTicks(false);
    placeLegend(plot, legendColumns(plot, figure, font));
}

} // namespace hayloft
