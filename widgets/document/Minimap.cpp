// SPDX-License-Identifier: GPL-3.0-or-later
// The whole document at a glance.
#include "widgets/document/Minimap.h"

#include "widgets/PanelColours.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

namespace hayloft {
namespace {

constexpr int kDensityLeft = 4, kWrittenWidth = 6, kHitWidth = 14, kSmooth = 3;

struct Line {
    int starts = 0, covering = 0, written = 0, shared = 0;
    bool needle = false;
    int first = -1;
};

} // namespace

Minimap::Minimap(const SegmentTable& table, QWidget* parent) : QWidget(parent), m_table(table)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
    setMinimumSize(56, 60);
    setAccessibleName(tr("Minimap"));
    setToolTip(tr("The whole document: density of segments, rows written, needle, search hits.\nClick or drag to scroll."));
}

void Minimap::invalidate()
{
    m_image = QImage();
    update();
}

void Minimap::setHits(std::shared_ptr<const SearchResult> hits, qint64 current)
{
    m_currentHit = current;
    if (m_hits != hits) {
        m_hits = std::move(hits);
        m_hitRows.clear();
    }
    update();
}

void Minimap::setVisibleRange(double top, double bottom)
{
    m_top = top;
    m_bottom = std::max(top, bottom);
    update();
}

void Minimap::setNeedle(bool planted, double depthPercent)
{
    m_planted = planted;
    m_depth = depthPercent;
    update();
}

void Minimap::setCurrentSegment(qint64 segment)
{
    m_segment = segment;
    update();
}

int Minimap::yOf(double position) const
{
    return std::clamp(static_cast<int>(position * height()), 0, std::max(0, height() - 1));
}

void Minimap::rebuild()
{
    const PanelColours colours = panelColours(palette());
    const int h = std::max(1, height());
    std::vector<Line> lines(static_cast<std::size_t>(h));
    for (qint64 i = 0; i < m_table.size(); ++i) {
        const SegmentView& s = m_table.segments()[static_cast<std::size_t>(i)];
        const int from = yOf(m_table.positionOf(i)), to = std::max(from + 1, yOf(m_table.positionOf(i + 1)));
        ++lines[static_cast<std::size_t>(from)].starts;
        for (int y = from; y < std::min(to, h); ++y) {
            Line& line = lines[static_cast<std::size_t>(y)];
            ++line.covering;
            line.written += m_table.row(i) >= 0;
            line.shared += m_table.rowSegments(i) > 1;
            line.needle |= s.needle;
            line.first = line.first < 0 ? static_cast<int>(i % 2) : line.first;
        }
    }
    // Bands where each segment covers at least a line; else a profile smoothed over a few lines.
    const bool bands = m_table.size() <= h;
    std::vector<double> density(lines.size());
    double most = 1e-9;
    for (int y = 0; y < h; ++y) {
        int sum = 0, n = 0;
        for (int k = std::max(0, y - kSmooth); k <= std::min(h - 1, y + kSmooth); ++k, ++n)
            sum += lines[static_cast<std::size_t>(k)].starts;
        density[static_cast<std::size_t>(y)] = static_cast<double>(sum) / n;
        most = std::max(most, density[static_cast<std::size_t>(y)]);
    }
    m_image = QImage(width(), h, QImage::Format_RGB32);
    m_image.fill(colours.gutter);
    QPainter painter(&m_image);
    const int right = width() - kWrittenWidth - 4, space = right - kDensityLeft - 2;
    for (int y = 0; y < h; ++y) {
        const Line& line = lines[static_cast<std::size_t>(y)];
        if (line.covering == 0)
            continue;
        const int length = bands ? space : std::max(2, static_cast<int>(space * density[static_cast<std::size_t>(y)] / most));
        painter.fillRect(kDensityLeft, y, length, 1,
                         bands ? (line.first ? mixed(colours.base, colours.text, 0.20) : mixed(colours.base, colours.accent, 0.45))
                               : mixed(colours.base, colours.text, 0.30));
        const double share = static_cast<double>(line.written) / line.covering;
        const QColor full = line.shared > 0 ? colours.shared : colours.written;
        painter.fillRect(right + 1, y, kWrittenWidth, 1, mixed(mixed(colours.base, colours.text, 0.10), full, share));
        if (line.needle)
            painter.fillRect(kDensityLeft, y, right - kDensityLeft, 1, colours.needle);
    }
}

void Minimap::drawMarks(QPainter& painter) const
{
    const PanelColours colours = panelColours(palette());
    const bool many = static_cast<int>(m_hitRows.size()) > height() / 4;
    for (const int y : m_hitRows)
        painter.fillRect(width() - kWrittenWidth - 5 - kHitWidth, y, kHitWidth, many ? 1 : 2, colours.hitCurrent);
    if (m_hits && m_currentHit >= 0 && m_currentHit < static_cast<qint64>(m_hits->hits.size())) {
        const int y = yOf(m_table.position(m_hits->hits[static_cast<std::size_t>(m_currentHit)].begin));
        painter.fillRect(0, y - 1, width(), 3, colours.hitCurrent);
    }
    if (m_table.contains(m_segment))
        painter.fillRect(0, yOf(m_table.positionOf(m_segment)) - 1, width(), 2, colours.accent);
    if (m_planted) {
        const int y = std::clamp(static_cast<int>(std::lround(m_depth / 100 * (height() - 1))), 1, std::max(1, height() - 2));
        painter.fillRect(0, y - 1, width(), 3, colours.needle);
    }
    const int top = yOf(m_top), bottom = std::max(top + 6, yOf(m_bottom) + 1);
    const QRectF view = QRectF(0.5, top + 0.5, width() - 1.5, std::min(bottom, height()) - top - 1);
    QColor fill = colours.text;
    fill.setAlphaF(0.10f);
    painter.setPen(QPen(colours.faint, 1));
    painter.setBrush(fill);
    painter.drawRoundedRect(view, 2, 2);
}

void Minimap::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (m_image.size() != size()) {
        rebuild();
        m_hitRows.clear();
    }
    painter.drawImage(0, 0, m_image);
    if (m_table.text().empty())
        return;
    if (m_hits && m_hitRows.empty()) {
        for (const TextRange& hit : m_hits->hits) {
            const int y = yOf(m_table.position(hit.begin));
            if (m_hitRows.empty() || m_hitRows.back() != y)
                m_hitRows.push_back(y);
        }
    }
    drawMarks(painter);
}

void Minimap::mousePressEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton && height() > 0)
        Q_EMIT scrollRequested(std::clamp(event->position().y() / height(), 0.0, 1.0));
}

void Minimap::mouseMoveEvent(QMouseEvent* event)
{
    if ((event->buttons() & Qt::LeftButton) && height() > 0)
        Q_EMIT scrollRequested(std::clamp(event->position().y() / height(), 0.0, 1.0));
}

void Minimap::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        invalidate();
    QWidget::changeEvent(event);
}

} // namespace hayloft
