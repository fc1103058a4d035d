// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/PixelCheck.h"

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

struct Cells {
    qint64 from = 0, to = 0;
};

/// What pixel `i` covers of `count` cells.
Cells cellsOf(double origin, double pixelsPerCell, int i, qint64 count)
{
    constexpr double kRounding = 1e-9;
    const auto from = static_cast<qint64>(std::floor(origin + i / pixelsPerCell + kRounding));
    const auto to = static_cast<qint64>(std::floor(origin + (i + 1) / pixelsPerCell + kRounding));
    return {from, std::min(count, std::max(from + 1, to))};
}

/// From 8, 64 and 512 rows a pixel on, whole groups of so many rows are drawn: those that begin within the pixel.
Cells wholeGroups(const Cells& rows, double pixelsPerRow, qint64 count)
{
    qint64 group = 1;
    while (group < 512 && 1 / pixelsPerRow >= static_cast<double>(group * 8))
        group *= 8;
    const qint64 first = rows.from / group;
    const qint64 last = rows.to == count ? (count + group - 1) / group : rows.to / group;
    return {first * group, std::min(count, std::max(first + 1, last) * group)};
}

bool nearlyColour(QRgb painted, const std::array<QRgb, 256>& table, float index)
{
    const auto middle = static_cast<int>(std::clamp(index, 0.0F, 255.0F));
    for (int i = std::max(0, middle - 1); i <= std::min(255, middle + 1); ++i) { // rounding may differ by one step
        if ((table[static_cast<std::size_t>(i)] & RGB_MASK) == (painted & RGB_MASK))
            return true;
    }
    return false;
}

} // namespace

void WrittenMatrix::reserve(qint64 rows, int columns)
{
    m_columns = columns;
    m_values.clear();
    m_counts.clear();
    m_values.reserve(static_cast<std::size_t>(rows * columns));
    m_counts.reserve(static_cast<std::size_t>(rows));
}

void WrittenMatrix::take(const RowsUpdate& update)
{
    if (update.columns != m_columns)
        reserve(update.totalRows, update.columns);
    m_values.resize(static_cast<std::size_t>(update.totalRows * m_columns));
    m_counts.resize(static_cast<std::size_t>(update.totalRows));
    for (std::size_t i = 0; i < update.rows.size(); ++i) {
        const auto from = update.values.begin() + static_cast<std::ptrdiff_t>(i) * m_columns;
        std::copy_n(from, m_columns, m_values.begin() + static_cast<std::ptrdiff_t>(update.rows[i]) * m_columns);
        m_counts[static_cast<std::size_t>(update.rows[i])] = update.counts[i];
    }
}

PixelReport checkHeatPixels(const QImage& image, const HeatRegion& region, const WrittenMatrix& matrix, const std::array<QRgb, 256>& table,
                            float range)
{
    PixelReport report;
    const QImage pixels = image.convertToFormat(QImage::Format_RGB32);
    std::vector<float> strongest(static_cast<std::size_t>(matrix.columns()));
    const auto farther = [](float a, float b) { return std::fabs(b) > std::fabs(a) ? b : a; };
    for (int y = 1; y + 1 < pixels.height(); ++y) {
        const Cells exact = cellsOf(region.top, region.pixelsPerRow, y, matrix.rows());
        if (exact.from >= matrix.rows())
            break;
        const Cells rows = wholeGroups(exact, region.pixelsPerRow, matrix.rows());
        std::fill(strongest.begin(), strongest.end(), 0.0F);
        bool any = false;
        for (qint64 row = rows.from; row < rows.to; ++row) {
            any = any || !matrix.empty(row);
            for (int c = 0; c < matrix.columns() && !matrix.empty(row); ++c)
                strongest[static_cast<std::size_t>(c)] = farther(strongest[static_cast<std::size_t>(c)], matrix.value(row, c));
        }
        const auto* line = reinterpret_cast<const QRgb*>(pixels.constScanLine(y));
        for (int x = 1; any && x + 1 < pixels.width(); ++x) {
            const Cells columns = cellsOf(region.left, region.pixelsPerColumn, x, matrix.columns());
            if (columns.from >= matrix.columns())
                break;
            float value = 0;
            for (qint64 c = columns.from; c < columns.to; ++c)
                value = farther(value, strongest[static_cast<std::size_t>(c)]);
            ++report.checked;
            report.wrong += !nearlyColour(line[x], table, value / range * 127.5F + 127.5F);
        }
    }
    return report;
}

} // namespace hayloft
