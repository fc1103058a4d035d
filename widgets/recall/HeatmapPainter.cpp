// SPDX-License-Identifier: GPL-3.0-or-later
// Lays out and paints a recall heatmap with QPainter, so that every device gets the same exact rectangles.
#include "widgets/recall/HeatmapPainter.h"

#include "widgets/ColourMap.h"

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

QString text(const char* source) { return QCoreApplication::translate("hayloft::HeatmapPainter", source); }

QFont scaled(const QFont& font, double factor, bool bold = false)
{
    QFont result = font;
    result.setPixelSize(std::max(7, int(std::lround(font.pixelSize() * factor))));
    result.setBold(bold);
    return result;
}

QString fixedDecimals(double value, int decimals)
{
    QString result = QString::number(value, 'f', decimals);
    if (result.contains(QLatin1Char('.')))
        while (result.endsWith(QLatin1Char('0')) || result.endsWith(QLatin1Char('.'))) {
            const bool point = result.endsWith(QLatin1Char('.'));
            result.chop(1);
            if (point)
                break;
        }
    return result;
}

/// With a sign of the width of the plus.
QString signedNumber(long number)
{
    if (number == 0)
        return QStringLiteral("0");
    return (number > 0 ? QStringLiteral("+%1") : QStringLiteral("−%1")).arg(std::abs(number));
}

void fill(QPainter& painter, const QRectF& rect, const QColor& colour)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(colour);
    painter.drawRect(rect);
}

/// Whole-word text on one line, cut in the middle when it is too long.
void drawLine(QPainter& painter, const QRectF& rect, int flags, const QString& line)
{
    const QFontMetricsF metrics(painter.font());
    painter.drawText(rect, flags | Qt::TextSingleLine, metrics.elidedText(line, Qt::ElideMiddle, rect.width()));
}

/// The full title of an axis, or its short form where the axis is short.
QString titleFor(double room, const QFont& font, const QString& full, const QString& brief)
{
    return QFontMetricsF(font).horizontalAdvance(full) <= room ? full : brief;
}

} // namespace

QString lengthLabel(std::int64_t tokens)
{
    if (tokens >= 1'000'000)
        return fixedDecimals(double(tokens) / 1e6, 2) + QLatin1Char('M');
    if (tokens >= 1'000)
        return fixedDecimals(double(tokens) / 1e3, 1) + QLatin1Char('k');
    return QString::number(tokens);
}

QString depthLabel(double percent) { return fixedDecimals(percent, 1); }

HeatmapStyle figureStyle(const FigureOptions& options)
{
    HeatmapStyle style;
    style.palette = options.palette;
    style.values = options.values;
    style.caption = options.caption;
    style.font = QFont(QStringLiteral("DejaVu Sans"));
    style.font.setStyleHint(QFont::SansSerif);
    style.font.setHintingPreference(QFont::PreferNoHinting);
    // Any letter spacing (the least that counts is 1/64) switches ligatures off: "prefix" in a PDF must be found by a search for it.
    style.font.setLetterSpacing(QFont::AbsoluteSpacing, 0.02);
    style.font.setPixelSize(std::clamp(std::min(options.size.width() / 74, options.size.height() / 46), 8, 40));
    style.background = Qt::white;
    style.text = QColor(0x1a, 0x1a, 0x1a);
    style.mutedText = QColor(0x4d, 0x4d, 0x4d);
    style.frame = QColor(0x80, 0x80, 0x80);
    return style;
}

HeatmapPainter::HeatmapPainter(const HeatmapData& data, const HeatmapStyle& style, const QRectF& area)
    : m_data(data)
    , m_style(style)
    , m_titleFont(scaled(style.font, 1.1, true))
    , m_smallFont(scaled(style.font, 0.88))
    , m_area(area)
    , m_em(style.font.pixelSize())
{
    layOut();
}

QString HeatmapPainter::caption() const
{
    const bool missing = std::any_of(m_data.cells.begin(), m_data.cells.end(), [](const HeatmapCell& c) { return !c.measured; });
    if (m_data.caption.isEmpty() || !missing)
        return m_data.caption;
    return m_data.caption + QLatin1Char(' ') + text("Blank: not measured.");
}

QColor HeatmapPainter::colourOf(double value) const
{
    return m_data.difference ? diverging(value, m_style.centre) : heatColour(value, m_style.palette);
}

void HeatmapPainter::layOut()
{
    const QFontMetricsF metrics(m_style.font);
    const double margin = std::round(m_em * 0.8);
    double top = m_area.top() + margin;
    double bottom = m_area.bottom() - margin * 0.6;
    if (!m_data.title.isEmpty()) {
        const double height = std::ceil(QFontMetricsF(m_titleFont).height());
        m_title = QRectF(m_area.left() + margin, top, m_area.width() - 2 * margin, height);
        top += height + std::round(m_em * 0.6);
    }
    if (m_style.caption && !m_data.caption.isEmpty()) {
        const QRectF room(m_area.left() + margin, 0, m_area.width() - 2 * margin, m_area.height() * 0.4);
        const QRectF needed = QFontMetricsF(m_smallFont).boundingRect(room, Qt::TextWordWrap, caption());
        m_caption = QRectF(room.left(), bottom - std::ceil(needed.height()), room.width(), std::ceil(needed.height()));
        bottom = m_caption.top() - std::round(m_em * 0.7);
    }
    double labels = 0;
    for (double depth : m_data.depths)
        labels = std::max(labels, QFontMetricsF(m_smallFont).horizontalAdvance(depthLabel(depth)));
    const double left = m_area.left() + margin + metrics.height() + m_em * 0.5 + labels + m_em * 0.6;
    const double barLabels = QFontMetricsF(m_smallFont).horizontalAdvance(QStringLiteral("+100"));
    const double right = m_area.right() - margin - metrics.height() - m_em * 0.4 - barLabels - m_em * 2.4;
    layOutPlot(left, top, right, bottom - 2 * metrics.height() - m_em * 0.8);
}

void HeatmapPainter::layOutPlot(double left, double top, double right, double bottom)
{
    const double columns = double(std::max<std::size_t>(1, m_data.lengths.size()));
    const double rows = double(std::max<std::size_t>(1, m_data.depths.size()));
    m_cellWidth = std::max(1.0, right - left) / columns;
    m_cellHeight = std::max(1.0, bottom - top) / rows;
    left = std::ceil(left);
    top = std::ceil(top);
    // Whole pixels keep screen cells sharp and equal; below 4 pixels the lost space would show.
    if (m_style.wholePixels) {
        m_cellWidth = m_cellWidth >= 4 ? std::floor(m_cellWidth) : m_cellWidth;
        m_cellHeight = m_cellHeight >= 4 ? std::floor(m_cellHeight) : m_cellHeight;
    }
    m_plot = QRectF(left, top, m_cellWidth * columns, m_cellHeight * rows);
    m_bar = QRectF(m_plot.right() + std::round(m_em * 1.2), top, std::round(m_em * 0.9), m_plot.height());
}

double HeatmapPainter::gap() const
{
    const double least = std::min(m_cellWidth, m_cellHeight);
    return least >= 8 ? 1.0 : 0.0;
}

QRectF HeatmapPainter::cellRect(CellIndex cell) const
{
    return QRectF(m_plot.left() + cell.length * m_cellWidth, m_plot.top() + cell.depth * m_cellHeight,
                  m_cellWidth - gap(), m_cellHeight - gap());
}

std::optional<CellIndex> HeatmapPainter::cellAt(const QPointF& point) const
{
    if (m_data.cells.empty() || !m_plot.contains(point))
        return std::nullopt;
    const int length = std::min(int((point.x() - m_plot.left()) / m_cellWidth), int(m_data.lengths.size()) - 1);
    const int depth = std::min(int((point.y() - m_plot.top()) / m_cellHeight), int(m_data.depths.size()) - 1);
    return CellIndex { length, depth };
}

void HeatmapPainter::paint(QPainter& painter) const
{
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setRenderHint(QPainter::TextAntialiasing, true);
    fill(painter, m_area, m_style.background);
    paintCells(painter);
    paintLengthAxis(painter);
    paintDepthAxis(painter);
    paintColourBar(painter);
    paintTexts(painter);
    painter.restore();
}

void HeatmapPainter::paintCells(QPainter& painter) const
{
    const double g = gap();
    // The frame is a rectangle behind the cells: the gaps between them show the background through it.
    const QRectF inner = m_plot.adjusted(0, 0, -g, -g);
    fill(painter, inner.adjusted(-2, -2, 2, 2), m_style.frame);
    fill(painter, inner.adjusted(-1, -1, 1, 1), m_style.background);
    for (int x = 0; x < int(m_data.lengths.size()); ++x)
        for (int y = 0; y < int(m_data.depths.size()); ++y) {
            const HeatmapCell& cell = m_data.cells[std::size_t(x) * m_data.depths.size() + std::size_t(y)];
            const QRectF rect = cellRect({ x, y });
            if (cell.measured) {
                fill(painter, rect, colourOf(cell.value));
                if (m_style.values)
                    paintValue(painter, rect, cell);
            } else if (m_style.hatchMissing) {
                QColor faint = m_style.frame;
                faint.setAlphaF(0.4f);
                painter.setPen(Qt::NoPen);
                painter.setBrush(QBrush(faint, Qt::BDiagPattern));
                painter.drawRect(rect);
            }
        }
}

void HeatmapPainter::paintValue(QPainter& painter, const QRectF& rect, const HeatmapCell& cell) const
{
    const QString value = m_data.difference
        ? signedNumber(std::lround(cell.value * 100))
        : QStringLiteral("%1/%2").arg(cell.hits).arg(cell.trials);
    // Values that do not fit are left out rather than cut: they stand in the tooltip and the table.
    for (double factor : { 0.88, 0.75, 0.64 }) {
        const QFont font = scaled(m_style.font, factor);
        const QFontMetricsF metrics(font);
        if (metrics.horizontalAdvance(value) > rect.width() - 2 || metrics.ascent() > rect.height())
            continue;
        painter.setFont(font);
        painter.setPen(textOn(colourOf(cell.value)));
        painter.drawText(rect.adjusted(-2, -2, 2, 2), Qt::AlignCenter | Qt::TextSingleLine, value);
        return;
    }
}

void HeatmapPainter::paintLengthAxis(QPainter& painter) const
{
    const QFontMetricsF metrics(m_smallFont);
    double widest = 1;
    for (std::int64_t length : m_data.lengths)
        widest = std::max(widest, metrics.horizontalAdvance(lengthLabel(length)));
    const int step = std::max(1, int(std::ceil((widest + m_em * 0.6) / m_cellWidth)));
    const double top = m_plot.bottom() - gap() + 2;
    for (int x = 0; x < int(m_data.lengths.size()); x += step) {
        const double centre = m_plot.left() + (x + 0.5) * m_cellWidth - gap() / 2;
        fill(painter, QRectF(std::floor(centre), top, 1, std::round(m_em * 0.3)), m_style.frame);
        painter.setFont(m_smallFont);
        painter.setPen(m_style.text);
        painter.drawText(QRectF(centre - widest, top + m_em * 0.35, 2 * widest, metrics.height()),
                         Qt::AlignHCenter | Qt::AlignTop | Qt::TextSingleLine, lengthLabel(m_data.lengths[std::size_t(x)]));
    }
    painter.setFont(m_style.font);
    painter.setPen(m_style.text);
    drawLine(painter, QRectF(m_plot.left(), top + m_em * 0.7 + metrics.height(), m_plot.width(), QFontMetricsF(m_style.font).height()),
             Qt::AlignHCenter | Qt::AlignTop, text("Context length (tokens)"));
}

void HeatmapPainter::paintDepthAxis(QPainter& painter) const
{
    const QFontMetricsF metrics(m_smallFont);
    const int step = std::max(1, int(std::ceil(metrics.height() * 0.95 / m_cellHeight)));
    const int last = int(m_data.depths.size()) - 1;
    const double tick = std::round(m_em * 0.3);
    const double right = m_plot.left() - 2;
    for (int y = 0; y <= last; y += step) {
        const double centre = m_plot.top() + (y + 0.5) * m_cellHeight - gap() / 2;
        fill(painter, QRectF(right - tick, std::floor(centre), tick, 1), m_style.frame);
        painter.setFont(m_smallFont);
        painter.setPen(m_style.text);
        painter.drawText(QRectF(m_area.left(), centre - metrics.height(), right - tick - m_em * 0.3 - m_area.left(), 2 * metrics.height()),
                         Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, depthLabel(m_data.depths[std::size_t(y)]));
    }
    painter.save();
    painter.translate(m_area.left() + std::round(m_em * 0.5), m_plot.center().y());
    painter.rotate(-90);
    painter.setFont(m_style.font);
    painter.setPen(m_style.text);
    drawLine(painter, QRectF(-m_plot.height() / 2, 0, m_plot.height(), QFontMetricsF(m_style.font).height()), Qt::AlignCenter,
             titleFor(m_plot.height(), m_style.font, text("Needle depth (%)"), text("Depth")));
    painter.restore();
}

void HeatmapPainter::paintColourBar(QPainter& painter) const
{
    constexpr int kSteps = 128;
    const QRectF bar = m_bar.adjusted(0, 0, 0, -gap());
    fill(painter, bar.adjusted(-1, -1, 1, 1), m_style.frame);
    const double least = m_data.difference ? -1 : 0;
    // Each step reaches to the bottom and the next one covers it: no seams between steps on any viewer.
    for (int i = 0; i < kSteps; ++i) {
        const double value = 1 - (1 - least) * (i + 0.5) / kSteps;
        const double top = bar.top() + bar.height() * i / kSteps;
        fill(painter, QRectF(bar.left(), top, bar.width(), bar.bottom() - top), colourOf(value));
    }
    const QFontMetricsF metrics(m_smallFont);
    const int ticks = bar.height() > metrics.height() * 6 ? 4 : 2;
    const double labelWidth = metrics.horizontalAdvance(QStringLiteral("+100"));
    for (int i = 0; i <= ticks; ++i) {
        const double percent = 100 - (1 - least) * 100 * i / ticks;
        const double y = std::min(std::floor(bar.top() + bar.height() * i / ticks), bar.bottom() - 1);
        fill(painter, QRectF(bar.right() + 1, y, std::round(m_em * 0.3), 1), m_style.frame);
        painter.setFont(m_smallFont);
        painter.setPen(m_style.text);
        painter.drawText(QRectF(bar.right() + m_em * 0.6, y - metrics.height(), labelWidth * 2, 2 * metrics.height()),
                         Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, m_data.difference ? signedNumber(std::lround(percent)) : QString::number(std::lround(percent)));
    }
    painter.save();
    painter.translate(bar.right() + m_em * 0.9 + labelWidth + QFontMetricsF(m_style.font).height(), bar.center().y());
    painter.rotate(90);
    painter.setFont(m_style.font);
    painter.setPen(m_style.text);
    const QString title = m_data.difference ? titleFor(bar.height(), m_style.font, text("Recall A − B (points)"), text("A − B"))
                                            : titleFor(bar.height(), m_style.font, text("Recall (%)"), text("Recall"));
    drawLine(painter, QRectF(-bar.height() / 2, 0, bar.height(), QFontMetricsF(m_style.font).height()), Qt::AlignCenter, title);
    painter.restore();
}

void HeatmapPainter::paintTexts(QPainter& painter) const
{
    if (!m_title.isEmpty()) {
        painter.setFont(m_titleFont);
        painter.setPen(m_style.text);
        const QFontMetricsF metrics(m_titleFont);
        painter.drawText(m_title, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                         metrics.elidedText(m_data.title, Qt::ElideRight, m_title.width()));
    }
    if (m_caption.isEmpty())
        return;
    painter.setFont(m_smallFont);
    painter.setPen(m_style.mutedText);
    painter.drawText(m_caption, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, caption());
}

} // namespace hayloft
