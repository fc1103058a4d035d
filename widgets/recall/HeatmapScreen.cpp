// SPDX-License-Identifier: GPL-3.0-or-later
// What heatmaps on screen share: style, marks of the pointer and the cursor, a cell in words.
#include "widgets/recall/HeatmapScreen.h"

#include "widgets/PanelColours.h"

#include <QCoreApplication>
#include <QFontInfo>
#include <QLocale>
#include <QPainter>
#include <QWidget>

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

QString tr(const char* source) { return QCoreApplication::translate("hayloft::HeatmapView", source); }
QString percent(double share) { return QString::number(std::lround(share * 100)); }
QString signedPoints(double share)
{
    const long points = std::lround(share * 100);
    return points > 0 ? QStringLiteral("+%1").arg(points) : QString::number(points).replace(QLatin1Char('-'), QStringLiteral("−"));
}

constexpr int kWidthPerPixel = 90, kHeightPerPixel = 34; ///< of the panel, for one pixel of the labels

QColor mix(const QColor& a, const QColor& b, double t)
{
    return QColor::fromRgbF(float(a.redF() + (b.redF() - a.redF()) * t), float(a.greenF() + (b.greenF() - a.greenF()) * t),
                            float(a.blueF() + (b.blueF() - a.blueF()) * t));
}

void outline(QPainter& painter, const QRectF& rect, const QColor& colour, int width)
{
    painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect);
}

} // namespace

QString describeCell(const HeatmapData& heatmap, CellIndex index)
{
    const HeatmapCell& cell = heatmap.cells[std::size_t(index.length) * heatmap.depths.size() + std::size_t(index.depth)];
    const QLocale locale;
    const QString asked = tr("asked %1 tokens, depth %2%")
                              .arg(locale.toString(qlonglong(heatmap.lengths[std::size_t(index.length)])),
                                   depthLabel(heatmap.depths[std::size_t(index.depth)]));
    if (!cell.measured)
        return tr("Not measured · %1").arg(asked);
    const QString got = tr("achieved %1 tokens, depth %2%")
                            .arg(locale.toString(qlonglong(std::llround(cell.lengthAchieved))), depthLabel(cell.depthAchieved));
    const QString rate = heatmap.difference
        ? tr("A − B = %1 points, 95% interval %2 to %3 · A %4/%5, B %6/%7")
              .arg(signedPoints(cell.value), signedPoints(cell.ci95.low), signedPoints(cell.ci95.high))
              .arg(cell.hits).arg(cell.trials).arg(cell.otherHits).arg(cell.otherTrials)
        : tr("%1/%2 hits (%3%), 95% interval %4–%5%")
              .arg(cell.hits).arg(cell.trials).arg(percent(cell.value), percent(cell.ci95.low), percent(cell.ci95.high));
    return QStringLiteral("%1 · %2 · %3").arg(rate, asked, got);
}

HeatmapStyle screenStyle(const QWidget& widget, Palette palette, bool values)
{
    HeatmapStyle style;
    style.palette = palette;
    style.values = values;
    style.caption = false;
    style.hatchMissing = true;
    style.wholePixels = true;
    style.font = widget.font();
    // In a large panel the labels grow a little with the cells; a small one keeps the window's own size.
    const int base = QFontInfo(widget.font()).pixelSize();
    const int wanted = std::min(widget.width() / kWidthPerPixel, widget.height() / kHeightPerPixel);
    style.font.setPixelSize(std::clamp(wanted, base, base + base / 3));
    const QPalette& colours = widget.palette();
    style.background = colours.color(QPalette::Base);
    style.text = colours.color(QPalette::Text);
    style.mutedText = mix(style.text, style.background, 0.3);
    style.frame = mix(style.text, style.background, 0.6);
    if (isDark(colours))
        style.centre = panelColours(colours).heatCentre;
    return style;
}

void paintPointed(QPainter& painter, const QRectF& cell, const QPalette& colours)
{
    outline(painter, cell.adjusted(-0.5, -0.5, 0.5, 0.5), colours.color(QPalette::Text), 1);
    outline(painter, cell.adjusted(0.5, 0.5, -0.5, -0.5), colours.color(QPalette::Base), 1);
}

void paintCursor(QPainter& painter, const QRectF& cell, const QPalette& colours)
{
    outline(painter, cell.adjusted(-1, -1, 1, 1), colours.color(QPalette::Highlight), 3);
    outline(painter, cell.adjusted(1.5, 1.5, -1.5, -1.5), colours.color(QPalette::Base), 1);
}

void paintEmpty(QPainter& painter, const QWidget& widget, const QString& title, const QString& hint)
{
    painter.fillRect(widget.rect(), widget.palette().color(QPalette::Base));
    QFont bold = widget.font();
    bold.setBold(true);
    const int line = widget.fontMetrics().height();
    const int textHeight = widget.fontMetrics().boundingRect(widget.rect().adjusted(24, 0, -24, 0), Qt::TextWordWrap, hint).height();
    const int top = std::max(0, (widget.height() - line * 2 - textHeight) / 2);
    painter.setPen(widget.palette().color(QPalette::Text));
    painter.setFont(bold);
    painter.drawText(QRect(0, top, widget.width(), line), Qt::AlignCenter, title);
    painter.setFont(widget.font());
    painter.setPen(screenStyle(widget, Palette::Cividis, false).mutedText);
    painter.drawText(QRect(24, top + line + line / 2, widget.width() - 48, textHeight + line), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, hint);
}

void paintNoRun(QPainter& painter, const QWidget& widget)
{
    paintEmpty(painter, widget, tr("No run yet"),
               tr("Choose a task, lengths and depths on the left, then press Run.\n"
                  "Every cell will be one measured rate: hits out of trials at one length and depth."));
}

} // namespace hayloft
