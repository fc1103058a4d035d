// SPDX-License-Identifier: GPL-3.0-or-later
// Cells, ticks, axis titles and the colour bar, painted with QPainter so that every device gets the same exact rectangles.
#include "widgets/recall/HeatmapParts.h"

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

QFont titleFont(const HeatmapStyle& style) { return scaled(style.font, 1.1, true); }

QFont smallFont(const HeatmapStyle& style) { return scaled(style.font, 0.88); }

AxisRoom axisRoom(const HeatmapData& data, const HeatmapStyle& style)
{
    const double em = style.font.pixelSize();
    const double height = QFontMetricsF(style.font).height();
    const QFontMetricsF small(smallFont(style));
    double labels = 0;
    for (const double depth : data.depths)
        labels = std::max(labels, small.horizontalAdvance(depthLabel(depth)));
    AxisRoom room;
    room.margin = std::round(em * 0.8);
    room.left = room.margin + height + em * 0.5 + labels + em * 0.6;
    room.right = room.margin + height + em * 0.4 + small.horizontalAdvance(QStringLiteral("+100")) + em * 2.4;
    room.bottom = 2 * height + em * 0.8;
    return room;
}

QRectF colourBarRect(const QRectF& plot, const HeatmapStyle& style)
{
    const double em = style.font.pixelSize();
    return QRectF(plot.right() + std::round(em * 1.2), plot.top(), std::round(em * 0.9), plot.height());
}

CellGrid::CellGrid(const HeatmapData& data, const QRectF& room, bool wholePixels)
    : m_lengths(int(data.lengths.size()))
    , m_depths(int(data.depths.size()))
{
    const double columns = std::max(1, m_lengths), rows = std::max(1, m_depths);
    m_width = std::max(1.0, room.width()) / columns;
    m_height = std::max(1.0, room.height()) / rows;
    // Whole pixels keep screen cells sharp and equal; below 4 pixels the lost space would show.
    if (wholePixels) {
        m_width = m_width >= 4 ? std::floor(m_width) : m_width;
        m_height = m_height >= 4 ? std::floor(m_height) : m_height;
    }
    m_rect = QRectF(std::ceil(room.left()), std::ceil(room.top()), m_width * columns, m_height * rows);
}

double CellGrid::gap() const { return std::min(m_width, m_height) >= 8 ? 1.0 : 0.0; }

QRectF CellGrid::cellRect(CellIndex cell) const
{
    return QRectF(m_rect.left() + cell.length * m_width, m_rect.top() + cell.depth * m_height, m_width - gap(), m_height - gap());
}

std::optional<CellIndex> CellGrid::cellAt(const QPointF& point) const
{
    if (m_lengths == 0 || m_depths == 0 || !m_rect.contains(point))
        return std::nullopt;
    const int length = std::min(int((point.x() - m_rect.left()) / m_width), m_lengths - 1);
    const int depth = std::min(int((point.y() - m_rect.top()) / m_height), m_depths - 1);
    return CellIndex { length, depth };
}

HeatmapParts::HeatmapParts(QPainter& painter, const HeatmapStyle& style)
    : m_painter(painter)
    , m_style(style)
    , m_small(smallFont(style))
    , m_em(style.font.pixelSize())
{
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setRenderHint(QPainter::TextAntialiasing, true);
}

QColor HeatmapParts::colourOf(double value, bool difference) const
{
    return difference ? diverging(value, m_style.centre) : heatColour(value, m_style.palette);
}

void HeatmapParts::cells(const HeatmapData& data, const CellGrid& grid)
{
    const double g = grid.gap();
    // The frame is a rectangle behind the cells: the gaps between them show the background through it.
    const QRectF inner = grid.rect().adjusted(0, 0, -g, -g);
    fill(m_painter, inner.adjusted(-2, -2, 2, 2), m_style.frame);
    fill(m_painter, inner.adjusted(-1, -1, 1, 1), m_style.background);
    for (int x = 0; x < int(data.lengths.size()); ++x)
        for (int y = 0; y < int(data.depths.size()); ++y) {
            const HeatmapCell& cell = data.cells[std::size_t(x) * data.depths.size() + std::size_t(y)];
            const QRectF rect = grid.cellRect({ x, y });
            if (cell.measured) {
                fill(m_painter, rect, colourOf(cell.value, data.difference));
                if (m_style.values)
                    value(rect, cell, data.difference);
            } else if (m_style.hatchMissing) {
                QColor faint = m_style.frame;
                faint.setAlphaF(0.4f);
                m_painter.setPen(Qt::NoPen);
                m_painter.setBrush(QBrush(faint, Qt::BDiagPattern));
                m_painter.drawRect(rect);
            }
        }
}

void HeatmapParts::value(const QRectF& rect, const HeatmapCell& cell, bool difference)
{
    const QString words = difference ? signedNumber(std::lround(cell.value * 100))
                                     : QStringLiteral("%1/%2").arg(cell.hits).arg(cell.trials);
    // Values that do not fit are left out rather than cut: they stand in the tooltip and the table.
    for (const double factor : { 0.88, 0.75, 0.64 }) {
        const QFont font = scaled(m_style.font, factor);
        const QFontMetricsF metrics(font);
        if (metrics.horizontalAdvance(words) > rect.width() - 2 || metrics.ascent() > rect.height())
            continue;
        m_painter.setFont(font);
        m_painter.setPen(textOn(colourOf(cell.value, difference)));
        m_painter.drawText(rect.adjusted(-2, -2, 2, 2), Qt::AlignCenter | Qt::TextSingleLine, words);
        return;
    }
}

void HeatmapParts::lengthTicks(const HeatmapData& data, const CellGrid& grid)
{
    const QFontMetricsF metrics(m_small);
    double widest = 1;
    for (const std::int64_t length : data.lengths)
        widest = std::max(widest, metrics.horizontalAdvance(lengthLabel(length)));
    const int step = std::max(1, int(std::ceil((widest + m_em * 0.6) / grid.cellWidth())));
    const double top = grid.rect().bottom() - grid.gap() + 2;
    for (int x = 0; x < int(data.lengths.size()); x += step) {
        const double centre = grid.rect().left() + (x + 0.5) * grid.cellWidth() - grid.gap() / 2;
        fill(m_painter, QRectF(std::floor(centre), top, 1, std::round(m_em * 0.3)), m_style.frame);
        m_painter.setFont(m_small);
        m_painter.setPen(m_style.text);
        m_painter.drawText(QRectF(centre - widest, top + m_em * 0.35, 2 * widest, metrics.height()),
                           Qt::AlignHCenter | Qt::AlignTop | Qt::TextSingleLine, lengthLabel(data.lengths[std::size_t(x)]));
    }
}

void HeatmapParts::lengthTitle(const QRectF& plot)
{
    const double top = plot.bottom() + 2 + m_em * 0.7 + QFontMetricsF(m_small).height();
    m_painter.setFont(m_style.font);
    m_painter.setPen(m_style.text);
    drawLine(m_painter, QRectF(plot.left(), top, plot.width(), QFontMetricsF(m_style.font).height()), Qt::AlignHCenter | Qt::AlignTop,
             text("Context length (tokens)"));
}

void HeatmapParts::depthTicks(const HeatmapData& data, const CellGrid& grid, double left)
{
    const QFontMetricsF metrics(m_small);
    const int step = std::max(1, int(std::ceil(metrics.height() * 0.95 / grid.cellHeight())));
    const double tick = std::round(m_em * 0.3);
    const double right = grid.rect().left() - 2;
    for (int y = 0; y < int(data.depths.size()); y += step) {
        const double centre = grid.rect().top() + (y + 0.5) * grid.cellHeight() - grid.gap() / 2;
        fill(m_painter, QRectF(right - tick, std::floor(centre), tick, 1), m_style.frame);
        m_painter.setFont(m_small);
        m_painter.setPen(m_style.text);
        m_painter.drawText(QRectF(left, centre - metrics.height(), right - tick - m_em * 0.3 - left, 2 * metrics.height()),
                           Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine, depthLabel(data.depths[std::size_t(y)]));
    }
}

void HeatmapParts::depthTitle(const QRectF& plot, double left)
{
    m_painter.save();
    m_painter.translate(left + std::round(m_em * 0.5), plot.center().y());
    m_painter.rotate(-90);
    m_painter.setFont(m_style.font);
    m_painter.setPen(m_style.text);
    drawLine(m_painter, QRectF(-plot.height() / 2, 0, plot.height(), QFontMetricsF(m_style.font).height()), Qt::AlignCenter,
             titleFor(plot.height(), m_style.font, text("Needle depth (%)"), text("Depth")));
    m_painter.restore();
}

void HeatmapParts::colourBar(const QRectF& bar, bool difference)
{
    constexpr int kSteps = 128;
    fill(m_painter, bar.adjusted(-1, -1, 1, 1), m_style.frame);
    const double least = difference ? -1 : 0;
    // Each step reaches to the bottom and the next one covers it: no seams between steps on any viewer.
    for (int i = 0; i < kSteps; ++i) {
        const double shade = 1 - (1 - least) * (i + 0.5) / kSteps;
        const double top = bar.top() + bar.height() * i / kSteps;
        fill(m_painter, QRectF(bar.left(), top, bar.width(), bar.bottom() - top), colourOf(shade, difference));
    }
    barTicks(bar, difference);
    m_painter.save();
    const double labelWidth = QFontMetricsF(m_small).horizontalAdvance(QStringLiteral("+100"));
    m_painter.translate(bar.right() + m_em * 0.9 + labelWidth + QFontMetricsF(m_style.font).height(), bar.center().y());
    m_painter.rotate(90);
    m_painter.setFont(m_style.font);
    m_painter.setPen(m_style.text);
    const QString title = difference ? titleFor(bar.height(), m_style.font, text("Recall A − B (points)"), text("A − B"))
                                     : titleFor(bar.height(), m_style.font, text("Recall (%)"), text("Recall"));
    drawLine(m_painter, QRectF(-bar.height() / 2, 0, bar.height(), QFontMetricsF(m_style.font).height()), Qt::AlignCenter, title);
    m_painter.restore();
}

void HeatmapParts::barTicks(const QRectF& bar, bool difference)
{
    const QFontMetricsF metrics(m_small);
    const double least = difference ? -1 : 0;
    const int ticks = bar.height() > metrics.height() * 6 ? 4 : 2;
    const double labelWidth = metrics.horizontalAdvance(QStringLiteral("+100"));
    for (int i = 0; i <= ticks; ++i) {
        const double percent = 100 - (1 - least) * 100 * i / ticks;
        const double y = std::min(std::floor(bar.top() + bar.height() * i / ticks), bar.bottom() - 1);
        fill(m_painter, QRectF(bar.right() + 1, y, std::round(m_em * 0.3), 1), m_style.frame);
        m_painter.setFont(m_small);
        m_painter.setPen(m_style.text);
        m_painter.drawText(QRectF(bar.right() + m_em * 0.6, y - metrics.height(), labelWidth * 2, 2 * metrics.height()),
                           Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                           difference ? signedNumber(std::lround(percent)) : QString::number(std::lround(percent)));
    }
}

void HeatmapParts::title(const QRectF& rect, const QString& title)
{
    const QFont font = titleFont(m_style);
    m_painter.setFont(font);
    m_painter.setPen(m_style.text);
    m_painter.drawText(rect, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                       QFontMetricsF(font).elidedText(title, Qt::ElideRight, rect.width()));
}

void HeatmapParts::caption(const QRectF& rect, const QString& caption)
{
    m_painter.setFont(m_small);
    m_painter.setPen(m_style.mutedText);
    m_painter.drawText(rect, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, caption);
}

} // namespace hayloft
