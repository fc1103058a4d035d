// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/recall/LoadPlot.h"

#include "widgets/recall/PlotSheet.h"
#include "widgets/recall/PlotStyle.h"

#include <QCoreApplication>
#include <QFontMetricsF>

#include <algorithm>
#include <cmath>
#include <set>

namespace hayloft {

namespace {

constexpr double kRoomBeside = 1.3; ///< factor on the load, left and right of the curves
constexpr double kApart = 1.09;     ///< factor on the load between curves, so that one's bars never hide another's

QString tr(const char* text) { return QCoreApplication::translate("hayloft::LoadPlot", text); }

/// "prefix keys", "prefix keys, pseudo-inverse"
QString kindOf(const LoadRecord& record)
{
    const MemorySettings& memory = record.runs.front().run.plan.memory;
    const QString keys = tr("%1 keys").arg(QString::fromStdString(std::string(nameOf(memory.keys))));
    return memory.addressing == Addressing::PseudoInverse ? tr("%1, pseudo-inverse").arg(keys) : keys;
}

/// What differs between records of the same kind of keys.
QString distinction(const LoadRecord& record)
{
    const SweepPlan& plan = record.runs.front().run.plan;
    return QStringLiteral("%1, %2, seed %3").arg(QString::fromStdString(std::string(nameOf(plan.task))),
        lengthLabel(plan.lengths.front())).arg(plan.seed);
}

void addCurve(QCustomPlot& plot, const LoadCurve& curve, std::size_t index, std::size_t count, const QColor& colour)
{
    RateCurve rates;
    for (const LoadCurvePoint& point : curve.points)
        rates.add(point.hits, point.trials, point.ci95, point.load * std::pow(kApart, double(index) - (double(count) - 1) / 2));
    rates.addTo(plot, curve.title, colour, index);
}

std::set<double> loadsOf(const LoadFigure& figure)
{
    std::set<double> loads;
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
    const double width = plot.width() - 5.0 * font.pixelSize();
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

/// A row of its own: inside the axes it would hide a curve.
void placeLegend(QCustomPlot& plot)
{
    plot.legend->setVisible(true);
    plot.legend->setFillOrder(QCPLayoutGrid::foColumnsFirst, true);
    plot.plotLayout()->insertRow(0);
    plot.plotLayout()->addElement(0, 0, plot.legend);
    plot.plotLayout()->setRowStretchFactor(0, 0.001);
    plot.plotLayout()->setRowSpacing(0);
    plot.legend->setMargins(QMargins(10, 2, 8, 2));
}

QPicture plotPicture(const LoadFigure& figure, const QSize& size, const QFont& font)
{
    QCustomPlot plot;
    plot.resize(size);
    const PlotColours colours = coloursOf(paperPalette());
    for (std::size_t i = 0; i < figure.curves.size(); ++i)
        addCurve(plot, figure.curves[i], i, figure.curves.size(), colours.series[i % colours.series.size()]);
    styleAxes(plot, colours, font);
    labelLoads(plot, loadsOf(figure), font);
    labelRecall(plot);
    plot.axisRect()->setupFullAxesBox();
    plot.xAxis2->setTicks(false);
    plot.yAxis2->setTicks(false);
    placeLegend(plot);
    return pictureOf(plot, size);
}

} // namespace

LoadFigure loadFigureOf(const std::vector<LoadRecord>& records)
{
    LoadFigure figure;
    std::multiset<QString> kinds;
    bool nearest = true;
    for (const LoadRecord& record : records) {
        kinds.insert(kindOf(record));
        nearest = nearest && record.runs.front().run.plan.memory.addressing == Addressing::NearestRow;
    }
    for (const LoadRecord& record : records) {
        LoadCurve curve;
        curve.title = kindOf(record);
        if (kinds.count(curve.title) > 1)
            curve.title += QStringLiteral(" (%1)").arg(distinction(record));
        for (const LoadRun& point : record.runs) {
            const LoadCounts counts = countsOf(point.run);
            curve.points.push_back({ point.load, counts.hits, counts.trials, counts.ci95 });
        }
        figure.curves.push_back(std::move(curve));
    }
    figure.title = nearest ? tr("Recall by load of fixed key memories") : tr("Recall by load");
    figure.caption = QString::fromStdString(captionOf(records));
    if (records.size() > 1)
        figure.caption += tr(" Points of one load stand side by side.");
    figure.caption.replace(QStringLiteral(" = "), QStringLiteral("\u00a0=\u00a0")); // no line ends within "N = 716"
    return figure;
}

QSize loadFigureSize() { return { 760, 520 }; }

FigureSheet loadSheet(const LoadFigure& figure, const FigureOptions& options)
{
    return plotSheet(figure.title, figure.caption, options, [&](const QSize& size, const QFont& font) { return plotPicture(figure, size, font); });
}

} // namespace hayloft
