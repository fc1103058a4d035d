// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/recall/PlotStyle.h"

#include <array>

namespace hayloft {

namespace {

QColor mix(const QColor& a, const QColor& b, double t)
{
    return QColor::fromRgbF(float(a.redF() + (b.redF() - a.redF()) * t), float(a.greenF() + (b.greenF() - a.greenF()) * t),
                            float(a.blueF() + (b.blueF() - a.blueF()) * t));
}

constexpr std::array kShapes { QCPScatterStyle::ssDisc, QCPScatterStyle::ssSquare, QCPScatterStyle::ssTriangle, QCPScatterStyle::ssDiamond,
                               QCPScatterStyle::ssTriangleInverted };

} // namespace

PlotColours coloursOf(const QPalette& palette)
{
    const QColor base = palette.color(QPalette::Base), text = palette.color(QPalette::Text);
    const bool dark = base.lightness() < text.lightness();
    // After Okabe and Ito: blue, orange, green, purple, yellow and grey, lighter on a dark ground.
    return { base, text, mix(text, base, 0.85), mix(text, base, 0.5),
             { dark ? QColor(0x56, 0xB4, 0xE9) : QColor(0x00, 0x72, 0xB2), dark ? QColor(0xF0, 0xA0, 0x30) : QColor(0xC4, 0x5A, 0x00),
               dark ? QColor(0x2C, 0xC8, 0x98) : QColor(0x00, 0x8A, 0x63), dark ? QColor(0xE3, 0x9A, 0xC4) : QColor(0xB3, 0x4D, 0x8A),
               dark ? QColor(0xF0, 0xE4, 0x42) : QColor(0x8A, 0x7A, 0x00), dark ? QColor(0xB8, 0xB8, 0xB8) : QColor(0x55, 0x55, 0x55) } };
}

QPalette paperPalette()
{
    QPalette palette;
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::Text, QColor(0x1a, 0x1a, 0x1a));
    return palette;
}

QFont paperFont(const QFont& base)
{
    QFont font = base;
    font.setPixelSize(13);
    font.setHintingPreference(QFont::PreferNoHinting);
    font.setLetterSpacing(QFont::AbsoluteSpacing, 0.02); // no ligatures: text stays searchable
    return font;
}

QCPScatterStyle::ScatterShape plotShape(std::size_t curve)
{
    return kShapes[curve % kShapes.size()];
}

void styleAxes(QCustomPlot& plot, const PlotColours& colours, const QFont& font)
{
    plot.setBackground(QBrush(colours.background));
    for (QCPAxis* axis : { plot.xAxis, plot.yAxis, plot.xAxis2, plot.yAxis2 }) {
        axis->setBasePen(QPen(colours.axis, 1));
        axis->setTickPen(QPen(colours.axis, 1));
        axis->setSubTickPen(QPen(colours.axis, 1));
        axis->setTickLabelColor(colours.text);
        axis->setLabelColor(colours.text);
        axis->setTickLabelFont(font);
        axis->setLabelFont(font);
        axis->grid()->setPen(QPen(colours.grid, 1));
        axis->grid()->setZeroLinePen(QPen(colours.grid, 1));
    }
    plot.xAxis->grid()->setVisible(false);
    plot.xAxis->setSubTicks(false);
    plot.legend->setFont(font);
    plot.legend->setTextColor(colours.text);
    plot.legend->setBrush(Qt::NoBrush);
    plot.legend->setBorderPen(Qt::NoPen);
}

void RateCurve::add(int hits, int trials, const Interval& ci95, double x)
{
    const double rate = trials > 0 ? double(hits) / trials : 0;
    m_x << x;
    m_y << rate * 100;
    m_below << (rate - ci95.low) * 100;
    m_above << (ci95.high - rate) * 100;
}

void RateCurve::addTo(QCustomPlot& plot, const QString& title, const QColor& colour, std::size_t index) const
{
    QCPGraph* graph = plot.addGraph();
    graph->setName(title);
    graph->setPen(QPen(colour, 2));
    graph->setScatterStyle(QCPScatterStyle(plotShape(index), colour, colour, 7));
    graph->setData(m_x, m_y, true);
    auto* bars = new QCPErrorBars(plot.xAxis, plot.yAxis);
    bars->removeFromLegend();
    bars->setDataPlottable(graph);
    bars->setPen(QPen(colour, 1.2));
    bars->setWhiskerWidth(7);
    bars->setData(m_below, m_above);
}

QPicture pictureOf(QCustomPlot& plot, const QSize& size)
{
    QPicture picture;
    QCPPainter painter;
    painter.begin(&picture);
    painter.setMode(QCPPainter::pmVectorized);
    painter.setMode(QCPPainter::pmNoCaching);
    plot.toPainter(&painter, size.width(), size.height());
    painter.end();
    return picture;
}

void playPicture(QPainter& painter, QPicture picture)
{
    // Qt keeps a picture's size in inches; a sheet counts logical pixels.
    painter.scale(qreal(picture.logicalDpiX()) / painter.device()->logicalDpiX(), qreal(picture.logicalDpiY()) / painter.device()->logicalDpiY());
    picture.play(&painter);
}

} // namespace hayloft
