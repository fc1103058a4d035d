// SPDX-License-Identifier: GPL-3.0-or-later
// Figures on paper: what paints itself in logical pixels becomes a PNG, SVG or PDF.
#include "widgets/recall/FigureFile.h"

#include "core/base/Files.h"
#include "widgets/recall/HeatmapPainter.h"

#include <QBuffer>
#include <QFileInfo>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <algorithm>

namespace hayloft {

namespace {

QByteArray svgBytes(const FigureSheet& sheet, const FigureOptions& options)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator svg;
    svg.setOutputDevice(&buffer);
    svg.setSize(options.size);
    svg.setViewBox(QRectF(QPointF(0, 0), QSizeF(options.size)));
    svg.setResolution(96);
    svg.setTitle(sheet.title);
    svg.setDescription(sheet.caption);
    QPainter painter(&svg);
    sheet.paint(painter);
    painter.end();
    return bytes;
}

QByteArray pdfBytes(const FigureSheet& sheet, const FigureOptions& options)
{
    constexpr int kDotsPerInch = 1200; // fine enough that rounding to dots never shows
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter pdf(&buffer);
    pdf.setResolution(kDotsPerInch);
    pdf.setTitle(sheet.title);
    pdf.setCreator(QStringLiteral("Hayloft"));
    pdf.setPageMargins(QMarginsF(0, 0, 0, 0));
    pdf.setPageSize(QPageSize(QSizeF(options.size), QPageSize::Point, QString(), QPageSize::ExactMatch));
    QPainter painter(&pdf);
    painter.scale(kDotsPerInch / 72.0, kDotsPerInch / 72.0);
    sheet.paint(painter);
    painter.end();
    return bytes;
}

} // namespace

FigureSheet heatmapSheet(const HeatmapData& heatmap, const FigureOptions& options)
{
    const auto paint = [heatmap, options](QPainter& painter) {
        HeatmapPainter(heatmap, figureStyle(options), QRectF(QPointF(0, 0), QSizeF(options.size))).paint(painter);
    };
    return { paint, heatmap.title, heatmap.caption };
}

FigureSheet gridSheet(const HeatmapGrid& grid, const FigureOptions& options)
{
    const auto paint = [grid, options](QPainter& painter) {
        HeatmapGridPainter(grid, gridFigureStyle(grid, options), QRectF(QPointF(0, 0), QSizeF(options.size))).paint(painter);
    };
    return { paint, grid.title, grid.caption };
}

QRectF gridCellRect(const HeatmapGrid& grid, GridCell cell, const FigureOptions& options)
{
    return HeatmapGridPainter(grid, gridFigureStyle(grid, options), QRectF(QPointF(0, 0), QSizeF(options.size))).cellRect(cell);
}

QImage sheetImage(const FigureSheet& sheet, const FigureOptions& options)
{
    const double scale = std::clamp(options.scale, 0.25, 16.0);
    QImage image((QSizeF(options.size) * scale).toSize(), QImage::Format_RGB32);
    if (image.isNull())
        return image;
    image.fill(Qt::white);
    const int dotsPerMeter = int(96 / 0.0254 * scale);
    image.setDotsPerMeterX(dotsPerMeter);
    image.setDotsPerMeterY(dotsPerMeter);
    QPainter painter(&image);
    painter.scale(scale, scale);
    sheet.paint(painter);
    return image;
}

QByteArray pngBytes(const QImage& image)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    if (image.isNull() || !image.save(&buffer, "PNG"))
        throw Error("the image is too large for this machine's memory", "", "choose a smaller size or scale");
    return bytes;
}

void saveSheet(const FigureSheet& sheet, const QString& file, const FigureOptions& options)
{
    const QString suffix = QFileInfo(file).suffix().toLower();
    QByteArray bytes;
    if (suffix == QLatin1String("png"))
        bytes = pngBytes(sheetImage(sheet, options));
    else if (suffix == QLatin1String("svg"))
        bytes = svgBytes(sheet, options);
    else if (suffix == QLatin1String("pdf"))
        bytes = pdfBytes(sheet, options);
    else
        throw Error("no figure format for this suffix", file.toStdString(), "use .png, .svg or .pdf");
    writeFileAtomically(file.toStdString(), std::string_view(bytes.constData(), std::size_t(bytes.size())));
}

QImage figureImage(const HeatmapData& heatmap, const FigureOptions& options)
{
    return sheetImage(heatmapSheet(heatmap, options), options);
}

QRectF figureCellRect(const HeatmapData& heatmap, std::size_t lengthIndex, std::size_t depthIndex, const FigureOptions& options)
{
    const HeatmapPainter painter(heatmap, figureStyle(options), QRectF(QPointF(0, 0), QSizeF(options.size)));
    return painter.cellRect({ int(lengthIndex), int(depthIndex) });
}

void saveFigure(const HeatmapData& heatmap, const QString& file, const FigureOptions& options)
{
    saveSheet(heatmapSheet(heatmap, options), file, options);
}

} // namespace hayloft
