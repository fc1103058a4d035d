// SPDX-License-Identifier: GPL-3.0-or-later
// Renders a region of the memory matrix to an image.
#include "widgets/memory/HeatImage.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace hayloft {
namespace {

/// Rows or columns [from, to) that one pixel stands for; empty outside the matrix.
struct Span {
    qint64 from = 0, to = 0;
    bool operator==(const Span&) const = default;
};

Span spanOf(double origin, double pixelsPerCell, int pixel, qint64 count)
{
    const double first = origin + pixel / pixelsPerCell, last = origin + (pixel + 1) / pixelsPerCell;
    if (first >= static_cast<double>(count) || last <= 0)
        return {};
    const auto from = std::clamp<qint64>(static_cast<qint64>(std::floor(first + 1e-9)), 0, count - 1);
    const auto to = std::clamp<qint64>(static_cast<qint64>(std::floor(last + 1e-9)), from + 1, count);
    return {from, to};
}

int levelFor(double rowsPerPixel)
{
    int level = 0;
    for (double rows = MatrixStore::kFactor; level + 1 < MatrixStore::kLevels && rowsPerPixel >= rows; rows *= MatrixStore::kFactor)
        ++level;
    return level;
}

class Renderer {
public:
    Renderer(const MatrixStore& store, const HeatRegion& region, QSize size, const HeatColours& colours)
        : m_store(store), m_region(region), m_colours(colours), m_image(size, QImage::Format_RGB32),
          m_level(levelFor(1 / region.pixelsPerRow)), m_row(static_cast<std::size_t>(store.columns())),
          m_scale(127.5F / store.range())
    {
        for (int i = 0; i < m_level; ++i)
            m_rowsPer *= MatrixStore::kFactor;
        m_spans.reserve(static_cast<std::size_t>(size.width()));
        for (int x = 0; x < size.width(); ++x)
            m_spans.push_back(spanOf(region.left, region.pixelsPerColumn, x, store.columns()));
    }

    QImage run()
    {
        Span drawn;
        for (int y = 0; y < m_image.height(); ++y) {
            const Span rows = spanOf(m_region.top, m_region.pixelsPerRow, y, m_store.rows());
            auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(y));
            if (rows.from >= rows.to) {
                std::fill_n(line, m_image.width(), m_colours.outside);
                continue;
            }
            const auto state = rows == drawn ? m_state : gather(rows);
            drawn = rows;
            m_state = state;
            drawLine(line, y, state);
        }
        return std::move(m_image);
    }

private:
    MatrixStore::State gather(const Span& rows)
    {
        const qint64 from = rows.from / m_rowsPer;
        const qint64 last = rows.to == m_store.rows() ? rows.to + m_rowsPer - 1 : rows.to;
        const qint64 to = std::max(from + 1, last / m_rowsPer);
        auto state = MatrixStore::State::Empty;
        const auto columns = static_cast<std::size_t>(m_store.columns());
        for (qint64 i = from; i < to; ++i) {
            const auto one = m_store.state(m_level, i);
            if (one == MatrixStore::State::Pending)
                return one;
            if (one == MatrixStore::State::Empty)
                continue;
            const float* values = m_store.reduced(m_level, i);
            if (state == MatrixStore::State::Empty)
                std::memcpy(m_row.data(), values, columns * sizeof(float));
            else
                for (std::size_t c = 0; c < columns; ++c)
                    m_row[c] = std::abs(values[c]) > std::abs(m_row[c]) ? values[c] : m_row[c];
            state = one;
        }
        return state;
    }

    void drawLine(QRgb* line, int y, MatrixStore::State state) const
    {
        for (int x = 0; x < m_image.width(); ++x) {
            const Span& span = m_spans[static_cast<std::size_t>(x)];
            if (span.from >= span.to)
                line[x] = m_colours.outside;
            else if (state == MatrixStore::State::Pending)
                line[x] = m_colours.pending;
            else if (state == MatrixStore::State::Empty)
                line[x] = (x + y) % 8 == 0 ? m_colours.emptyHatch : m_colours.empty;
            else
                line[x] = colourOf(span);
        }
    }

    QRgb colourOf(const Span& span) const
    {
        float value = m_row[static_cast<std::size_t>(span.from)];
        for (qint64 c = span.from + 1; c < span.to; ++c)
            value = std::abs(m_row[static_cast<std::size_t>(c)]) > std::abs(value) ? m_row[static_cast<std::size_t>(c)] : value;
        // NaN fails both comparisons of clamp and must not become an index.
        const float index = std::isnan(value) ? 127.5F : std::clamp(value * m_scale + 127.5F, 0.0F, 255.0F);
        return m_colours.table[static_cast<std::size_t>(index)];
    }

    const MatrixStore& m_store;
    const HeatRegion m_region;
    const HeatColours& m_colours;
    QImage m_image;
    int m_level;
    qint64 m_rowsPer = 1;
    std::vector<float> m_row;
    std::vector<Span> m_spans;
    float m_scale;
    MatrixStore::State m_state = MatrixStore::State::Empty;
};

} // namespace

QImage renderHeat(const MatrixStore& store, const HeatRegion& region, QSize size, const HeatColours& colours)
{
    return Renderer(store, region, size, colours).run();
}

} // namespace hayloft
