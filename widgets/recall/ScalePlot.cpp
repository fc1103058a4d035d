// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/recall/ScalePlot.h"

#include "widgets/recall/HeatmapParts.h"
#include "widgets/recall/PlotSheet.h"
#include "widgets/recall/PlotStyle.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

constexpr double kRoom = 1.5; ///< factor on both axes around what was measured

QString tr(const char* text) { return QCoreApplication::translate("hayloft::ScalePlot", text); }

struct Curve {
    QString title;
    double ScalePoint::*value;
};

void setLogarithmic(QCPAxis* axis, double low, double high)
{
    axis->setScaleType(QCPAxis::stLogarithmic);
    axis->setRange(low / kRoom, high * kRoom);
}

void addCurve(QCustomPlot& plot, const ScaleRecord& record, const Curve& curve, std::size_t index, const QColor& colour)
{
    QCPGraph* graph = plot.addGraph();
    graph->setName(curve.title);
    graph->setPen(QPen(colour, 2));
    graph->setScatterStyle(QCPScatterStyle(plotShape(index), colour, colour, 7));
    for (const ScalePoint& point : record.points)
        graph->addData(double(point.tokens), point.*curve.value);
}

/// What grows with the length is parallel to it.
void addProportional(QCustomPlot& plot, const ScaleRecord& record, const Curve& curve, const QColor& colour)
{
    const ScalePoint& last = record.points.back();
    QCPGraph* graph = plot.addGraph();
    graph->setName(tr("in proportion"));
    graph->setPen(QPen(colour, 1, Qt::DotLine));
    for (const ScalePoint& point : { record.points.front(), last })
        graph->addData(double(point.tokens), last.*curve.value * double(point.tokens) / double(last.tokens));
}

void labelLengths(QCustomPlot& plot, const ScaleRecord& record)
{
    QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (const ScalePoint& point : record.points)
        ticker->addTick(double(point.tokens), lengthLabel(point.tokens));
    plot.xAxis->setTicker(ticker);
    plot.xAxis->setLabel(tr("Context length (tokens)"));
    setLogarithmic(plot.xAxis, double(record.points.front().tokens), double(record.points.back().tokens));
    setLogarithmic(plot.xAxis2, double(record.points.front().tokens), double(record.points.back().tokens));
}

void labelValues(QCustomPlot& plot, const ScaleRecord& record, const std::vector<Curve>& curves, const QString& label)
{
    double low = record.points.front().*curves.front().value, high = low;
    for (const Curve& curve : curves)
        for (const ScalePoint& point : record.points) {
            low = std::min(low, point.*curve.value);
            high = std::max(high, point.*curve.value);
        }
    low = std::max(low, high * 1e-9); // a logarithm has no 0
    plot.yAxis->setTicker(QSharedPointer<QCPAxisTickerLog>(new QCPAxisTickerLog));
    plot.yAxis->setNumberFormat(QStringLiteral("g"));
    plot.yAxis->setNumberPrecision(3);
    plot.yAxis->setLabel(label);
    // At least a decade, else there is no tick to read it by.
    const double wider = std::max(1.0, std::sqrt(10 * low / high));
    setLogarithmic(plot.yAxis, low / wider, high * wider);
    setLogarithmic(plot.yAxis2, low / wider, high * wider);
}

QPicture half(const ScaleRecord& record, const std::vector<Curve>& curves, const QString& label, const QSize& size, const QFont& font)
{
    QCustomPlot plot;
    plot.resize(size);
    const PlotColours colours = coloursOf(paperPalette());
    for (std::size_t i = 0; i < curves.size(); ++i)
        addCurve(plot, record, curves[i], i, colours.series[i % colours.series.size()]);
    if (record.points.size() > 1)
        addProportional(plot, record, curves.front(), colours.axis);
    styleAxes(plot, colours, font);
    labelLengths(plot, record);
    labelValues(plot, record, curves, label);
    plot.axisRect()->setupFullAxesBox();
    plot.xAxis2->setTicks(false);
    plot.yAxis2->setTicks(false);
    plot.legend->setVisible(true);
    plot.axisRect()->insetLayout()->setInsetAlignment(0, Qt::AlignTop | Qt::AlignLeft); // curves that grow leave it free
    return pictureOf(plot, size);
}

QPicture bothHalves(const ScaleRecord& record, const QSize& size, const QFont& font)
{
    const QSize one(size.width() / 2, size.height());
    const QPicture seconds = half(record, { { tr("in all"), &ScalePoint::seconds }, { tr("encoding"), &ScalePoint::encodeSeconds } }, tr("Seconds"), one, font);
    const QPicture memory = half(record, { { tr("peak"), &ScalePoint::peakGigabytes } }, tr("Memory (GB)"), one, font);
    QPicture both;
    QPainter painter(&both);
    painter.save();
    playPicture(painter, seconds);
    painter.restore();
    painter.translate(one.width(), 0);
    playPicture(painter, memory);
    painter.end();
    return both;
}

} // namespace

QSize scaleFigureSize() { return { 960, 460 }; }

FigureSheet scaleSheet(const ScaleRecord& record, const QString& title, const FigureOptions& options)
{
    return plotSheet(title.isEmpty() ? tr("Cost and memory by context length") : title, QString::fromStdString(captionOf(record)), options,
                     [&](const QSize& size, const QFont& font) { return bothHalves(record, size, font); });
}

} // namespace hayloft
