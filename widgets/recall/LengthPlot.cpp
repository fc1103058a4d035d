// SPDX-License-Identifier: GPL-3.0-or-later
// Recall by context length, pooled over depths, with Wilson 95% intervals.
#include "widgets/recall/LengthPlot.h"

#include "widgets/recall/HeatmapPainter.h"
#include "widgets/recall/PlotStyle.h"

#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace hayloft {

namespace {

constexpr int kLegendSymbol = 56; ///< pixels of a line's symbol and the space around its name

/// Where a length stands on the ordinal axis shared by all series.
std::vector<std::int64_t> lengthsOf(const std::vector<LengthSeries>& series)
{
    std::vector<std::int64_t> lengths;
    for (const LengthSeries& one : series)
        for (const LengthPoint& point : one.points)
            lengths.push_back(point.lengthTokens);
    std::sort(lengths.begin(), lengths.end());
    lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
    return lengths;
}

void addSeries(QCustomPlot& plot, const LengthSeries& series, const std::vector<std::int64_t>& lengths, const QColor& colour, int index, int count)
{
    RateCurve rates;
    for (const LengthPoint& point : series.points) {
        const auto place = std::lower_bound(lengths.begin(), lengths.end(), point.lengthTokens) - lengths.begin();
        // Several runs stand side by side, so that one's bars never hide another's.
        rates.add(point.hits, point.trials, point.ci95, double(place) + (index - (count - 1) / 2.0) * std::min(0.16, 0.7 / count));
    }
    rates.addTo(plot, series.title, colour, std::size_t(index));
}

void labelAxes(QCustomPlot& plot, const std::vector<std::int64_t>& lengths, const QFont& font)
{
    QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    double widest = 1;
    for (std::int64_t length : lengths)
        widest = std::max(widest, QFontMetricsF(font).horizontalAdvance(lengthLabel(length)));
    const double room = std::max(1.0, (plot.width() - 90.0) / (widest + 10));
    const auto step = std::max<std::size_t>(1, std::size_t(std::ceil(double(lengths.size()) / room)));
    for (std::size_t i = 0; i < lengths.size(); i += step)
        ticker->addTick(double(i), lengthLabel(lengths[i]));
    plot.xAxis->setTicker(ticker);
    plot.xAxis->setLabel(LengthPlot::tr("Context length (tokens)"));
    plot.xAxis->setRange(-0.5, std::max(0.5, double(lengths.size()) - 0.5));
    QSharedPointer<QCPAxisTickerFixed> percent(new QCPAxisTickerFixed);
    percent->setTickStep(plot.height() > 260 ? 20 : 50);
    plot.yAxis->setTicker(percent);
    plot.yAxis->setLabel(LengthPlot::tr("Recall (%), 95% interval"));
    plot.yAxis->setRange(-3, 103);
}

/// As many names in a row as there is room for without cutting one.
int legendColumns(const QCustomPlot& plot, const std::vector<LengthSeries>& series, const QFont& font)
{
    double widest = 1;
    for (const LengthSeries& one : series)
        widest = std::max(widest, QFontMetricsF(font).horizontalAdvance(one.title));
    return std::clamp(int((plot.width() - 16) / (widest + kLegendSymbol)), 1, int(series.size()));
}

void fillPlot(QCustomPlot& plot, const std::vector<LengthSeries>& series, const QPalette& palette, const QFont& font)
{
    const PlotColours colours = coloursOf(palette);
    const std::vector<std::int64_t> lengths = lengthsOf(series);
    plot.clearPlottables();
    plot.setNoAntialiasingOnDrag(false);
    for (std::size_t i = 0; i < series.size(); ++i)
        addSeries(plot, series[i], lengths, colours.series[i % colours.series.size()], int(i), int(series.size()));
    plot.legend->setFillOrder(series.size() > 2 ? QCPLayoutGrid::foColumnsFirst : QCPLayoutGrid::foRowsFirst, true);
    plot.legend->setWrap(series.size() > 2 ? legendColumns(plot, series, font) : 0);
    plot.legend->setFillOrder(plot.legend->fillOrder(), true);
    styleAxes(plot, colours, font);
    labelAxes(plot, lengths, font);
    plot.axisRect()->setupFullAxesBox();
    plot.xAxis2->setTicks(false);
    plot.yAxis2->setTicks(false);
    plot.legend->setVisible(!series.empty());
    // A row of its own: inside the axes it would hide a falling curve, or one at 100%.
    if (plot.plotLayout()->rowCount() == 1) {
        plot.plotLayout()->insertRow(0);
        plot.plotLayout()->addElement(0, 0, plot.legend);
        plot.plotLayout()->setRowStretchFactor(0, 0.001);
        plot.plotLayout()->setRowSpacing(0);
        plot.legend->setMargins(QMargins(8, 6, 8, 0));
    }
}

} // namespace

std::vector<LengthPoint> recallByLength(const RunRecord& record)
{
    std::map<std::int64_t, LengthPoint> points;
    for (const Cell& cell : record.result.cells) {
        LengthPoint& point = points[cell.lengthTokens];
        point.lengthTokens = cell.lengthTokens;
        point.hits += cell.hits;
        point.trials += cell.trials;
    }
    std::vector<LengthPoint> result;
    for (auto& [length, point] : points) {
        if (point.trials == 0)
            continue;
        point.ci95 = wilson(point.hits, point.trials);
        result.push_back(point);
    }
    return result;
}

class LengthPlot::Private {
public:
    QCustomPlot* plot = nullptr;
    std::vector<LengthSeries> series;

    void describe(QWidget* widget) const
    {
        QStringList lines;
        for (const LengthSeries& one : series)
            for (const LengthPoint& p : one.points)
                lines << LengthPlot::tr("%1: %2 tokens, %3/%4 hits").arg(one.title).arg(p.lengthTokens).arg(p.hits).arg(p.trials);
        widget->setAccessibleDescription(lines.join(QStringLiteral("; ")));
    }
};

LengthPlot::LengthPlot(QWidget* parent)
    : QWidget(parent)
    , d(std::make_unique<Private>())
{
    setAccessibleName(tr("Recall by context length"));
    setToolTip(tr("Hits over all depths of a length, with the Wilson 95% interval"));
    d->plot = new QCustomPlot(this);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(d->plot);
    setSeries({});
}

LengthPlot::~LengthPlot() = default;

void LengthPlot::setSeries(const std::vector<LengthSeries>& series)
{
    d->series = series;
    d->describe(this);
    fillPlot(*d->plot, d->series, palette(), font());
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

QPicture LengthPlot::figure(const QSize& size) const
{
    QCustomPlot paper;
    paper.resize(size);
    fillPlot(paper, d->series, paperPalette(), paperFont(font()));
    return pictureOf(paper, size);
}

void LengthPlot::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        setSeries(d->series);
}

void LengthPlot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    // How many ticks and names there is room for.
    fillPlot(*d->plot, d->series, palette(), font());
    d->plot->replot(QCustomPlot::rpQueuedReplot);
}

} // namespace hayloft
