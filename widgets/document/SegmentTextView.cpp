// SPDX-License-Identifier: GPL-3.0-or-later
// The scrolling text with its segments: layout and scrolling. Painting and input are in files of their own.
#include "widgets/document/SegmentTextView.h"

#include "widgets/document/ShownBlock.h"

#include <QAccessible>
#include <QEvent>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

namespace hayloft {
namespace {

/// Up to this size the blocks are cut at once (a few milliseconds); beyond it on a worker.
constexpr std::size_t kCutAtOnce = std::size_t{1} << 20;
constexpr std::size_t kCached = 96;

} // namespace

SegmentTextView::SegmentTextView(const SegmentTable& table, QWidget* parent) : QAbstractScrollArea(parent), m_table(table)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    viewport()->setMouseTracking(true);
    viewport()->setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("Document text"));
    viewport()->setAccessibleName(tr("Segments"));
    m_pool.setMaxThreadCount(1);
}

SegmentTextView::~SegmentTextView() { m_pool.waitForDone(); }

void SegmentTextView::reset(std::size_t top)
{
    const quint64 generation = ++m_generation;
    m_blocks.clear();
    m_layouts.clear();
    m_heights.assign({});
    m_hits.reset();
    m_current = m_hovered = m_currentHit = m_marker = m_pendingByte = -1;
    m_top = 0;
    m_layoutsMade = 0;
    m_pendingTop = top;
    m_preparing = m_table.text().size() > kCutAtOnce;
    if (!m_preparing)
        return adopt(cutBlocks(m_table.text(), m_table.segments()));
    viewport()->update();
    m_pool.start([this, generation, text = m_table.sharedText(), segments = m_table.sharedSegments()] {
        auto blocks = std::make_shared<std::vector<TextBlock>>(cutBlocks(*text, *segments));
        QMetaObject::invokeMethod(this, [this, generation, blocks] {
            if (generation == m_generation)
                adopt(std::move(*blocks));
        }, Qt::QueuedConnection);
    });
}

void SegmentTextView::adopt(std::vector<TextBlock> blocks)
{
    m_blocks = std::move(blocks);
    m_preparing = false;
    estimate();
    showAtTop(m_pendingTop);
    if (m_pendingByte >= 0)
        showByte(static_cast<std::size_t>(m_pendingByte));
    m_pendingByte = -1;
}

qreal SegmentTextView::lineHeight() const { return std::ceil(QFontMetricsF(font()).height() * 1.28); }

int SegmentTextView::textWidth() const { return std::max(40, viewport()->width() - 2 * kTextMargin); }

void SegmentTextView::estimate()
{
    const double columns = std::max(8.0, textWidth() / std::max(1.0, QFontMetricsF(font()).averageCharWidth() * 1.02));
    const double line = lineHeight();
    std::vector<int> heights(m_blocks.size());
    for (std::size_t i = 0; i < m_blocks.size(); ++i) {
        const double wrapped = m_blocks[i].columns / columns;
        // A line feed ends a line half-way on average, but only where lines are long enough to wrap.
        const double broken = wrapped + 0.5 * std::min<double>(m_blocks[i].breaks, wrapped);
        heights[i] = static_cast<int>(std::max(1.0, std::ceil(std::max<double>(m_blocks[i].breaks, broken))) * line);
    }
    m_layouts.clear();
    m_heights.assign(heights);
}

std::size_t SegmentTextView::firstShown() const { return m_heights.find(m_top - kTextMargin); }

BlockLayout& SegmentTextView::layoutOf(std::size_t block) const
{
    auto& layout = m_layouts[block];
    if (!layout) {
        const TextBlock& b = m_blocks[block];
        const std::string_view bytes = std::string_view(m_table.text()).substr(b.begin, b.end - b.begin);
        layout = std::make_unique<BlockLayout>(bytes, font(), textWidth(), lineHeight());
        m_heights.set(block, layout->height());
        ++m_layoutsMade;
    }
    return *layout;
}

void SegmentTextView::trimCache() const
{
    if (m_layouts.size() <= kCached)
        return;
    const std::size_t top = m_heights.find(m_top);
    std::erase_if(m_layouts, [top](const auto& entry) {
        const std::size_t distance = entry.first > top ? entry.first - top : top - entry.first;
        return distance > kCached / 3;
    });
}

std::size_t SegmentTextView::blockOf(std::size_t byte) const
{
    const auto after = std::upper_bound(m_blocks.begin(), m_blocks.end(), byte,
                                        [](std::size_t b, const TextBlock& block) { return b < block.begin; });
    return after == m_blocks.begin() ? 0 : static_cast<std::size_t>(after - m_blocks.begin()) - 1;
}

void SegmentTextView::layOutFrom(std::size_t first)
{
    const int guess = m_heights.at(first);
    layoutOf(first);
    // What is below the top edge stays where it is when the block that crosses the edge turns out taller or shorter.
    const qint64 edge = m_heights.above(first) + kTextMargin;
    if (m_top > edge)
        m_top = std::max(edge, m_top + m_heights.at(first) - guess);
    qint64 y = m_heights.above(first);
    for (std::size_t i = first; i < m_blocks.size() && y < m_top + viewport()->height(); ++i) {
        layoutOf(i);
        y += m_heights.at(i);
    }
}

void SegmentTextView::layOutVisible()
{
    if (m_blocks.empty())
        return;
    // Near the end, corrected heights move the top edge up to blocks that are not laid out yet.
    constexpr int kPasses = 4;
    for (int pass = 0; pass < kPasses; ++pass) {
        layOutFrom(firstShown());
        const qint64 top = m_top;
        updateScrollBar();
        if (m_top == top)
            break;
    }
    trimCache();
}

void SegmentTextView::updateScrollBar()
{
    const qint64 total = m_blocks.empty() ? 0 : m_heights.total() + 2 * kTextMargin;
    const qint64 most = std::max<qint64>(0, total - viewport()->height());
    m_top = std::clamp<qint64>(m_top, 0, most);
    m_unit = static_cast<int>(total / 1000000000 + 1);
    m_syncing = true;
    QScrollBar* bar = verticalScrollBar();
    bar->setRange(0, static_cast<int>(most / m_unit));
    bar->setPageStep(std::max(1, viewport()->height() / m_unit));
    bar->setSingleStep(std::max(1, static_cast<int>(lineHeight()) / m_unit));
    bar->setValue(static_cast<int>(m_top / m_unit));
    m_syncing = false;
}

void SegmentTextView::setScrollTop(qint64 top)
{
    m_top = std::max<qint64>(0, top);
    layOutVisible();
    updateScrollBar();
    viewport()->update();
    Q_EMIT viewMoved();
}

void SegmentTextView::scrollContentsBy(int, int dy)
{
    if (m_syncing)
        return;
    // Relative moves keep the exact place; the bar's value alone would lose it when heights are corrected.
    const int step = -dy;
    const bool near = std::abs(step) <= viewport()->height() / std::max(1, m_unit) + 1;
    setScrollTop(near ? m_top + static_cast<qint64>(step) * m_unit
                      : static_cast<qint64>(verticalScrollBar()->value()) * m_unit);
}

void SegmentTextView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    const std::size_t byte = topByte();
    if (event->size().width() != event->oldSize().width())
        estimate();
    if (m_blocks.empty())
        return updateScrollBar();
    showAtTop(byte);
}

void SegmentTextView::showAtTop(std::size_t byte)
{
    if (byte == 0 || m_blocks.empty())
        return setScrollTop(0);
    const std::size_t block = blockOf(byte);
    setScrollTop(m_heights.above(block) + static_cast<qint64>(layoutOf(block).lineTop(byte - m_blocks[block].begin)));
}

void SegmentTextView::showByte(std::size_t byte, bool always)
{
    if (m_preparing) {
        m_pendingByte = static_cast<qint64>(byte);
        return;
    }
    if (m_blocks.empty())
        return;
    const std::size_t block = blockOf(byte);
    const auto lineTop = [&] {
        return m_heights.above(block) + static_cast<qint64>(layoutOf(block).lineTop(byte - m_blocks[block].begin));
    };
    const int height = viewport()->height();
    qint64 y = lineTop();
    if (!always && y >= m_top + height / 12 && y + lineHeight() * 2 <= m_top + height)
        return;
    // Laying out what lies between the top edge and the byte moves the byte: a second pass settles it.
    for (int pass = 0; pass < 3; ++pass) {
        setScrollTop(y - height / 3);
        const qint64 settled = lineTop();
        if (settled == y)
            break;
        y = settled;
    }
}

std::vector<SegmentTextView::Shown> SegmentTextView::shown() const
{
    std::vector<Shown> blocks;
    if (m_blocks.empty())
        return blocks;
    const std::size_t first = firstShown();
    qint64 y = m_heights.above(first) - m_top + kTextMargin;
    for (std::size_t i = first; i < m_blocks.size() && y < viewport()->height(); ++i) {
        BlockLayout& layout = layoutOf(i);
        blocks.push_back({&m_blocks[i], &layout, QPointF(kTextMargin, static_cast<qreal>(y))});
        y += layout.height();
    }
    return blocks;
}

std::size_t SegmentTextView::topByte() const
{
    if (m_blocks.empty() || m_top == 0)
        return 0;
    const std::size_t block = m_heights.find(m_top);
    const double inside = static_cast<double>(m_top - m_heights.above(block)) / std::max(1, m_heights.at(block));
    const auto found = m_layouts.find(block);
    const TextBlock& b = m_blocks[block];
    if (found != m_layouts.end())
        return b.begin + found->second->byteAt(QPointF(0, static_cast<qreal>(m_top - m_heights.above(block)) + 1));
    return b.begin + static_cast<std::size_t>(inside * static_cast<double>(b.end - b.begin));
}

std::size_t SegmentTextView::bottomByte() const
{
    if (m_blocks.empty())
        return 0;
    const qint64 bottom = m_top + viewport()->height();
    if (bottom >= m_heights.total())
        return m_table.text().size();
    const std::size_t block = m_heights.find(bottom);
    const double inside = static_cast<double>(bottom - m_heights.above(block)) / std::max(1, m_heights.at(block));
    const TextBlock& b = m_blocks[block];
    return b.begin + static_cast<std::size_t>(inside * static_cast<double>(b.end - b.begin));
}

qint64 SegmentTextView::segmentAt(const QPoint& point) const
{
    for (const Shown& block : shown()) {
        const QPointF inside = QPointF(point) - block.origin;
        if (inside.y() >= 0 && inside.y() < block.layout->height())
            return m_table.at(block.block->begin + block.layout->byteAt(inside));
    }
    return -1;
}

QRect SegmentTextView::visibleRect(qint64 segment) const
{
    if (!m_table.contains(segment))
        return {};
    const SegmentView& s = m_table.segments()[static_cast<std::size_t>(segment)];
    for (const Shown& block : shown()) {
        for (const QRectF& rect : rectsOf(block, s.begin, s.end)) {
            const QRect visible = rect.toAlignedRect() & viewport()->rect();
            if (visible.height() >= rect.height() / 2 && visible.width() > 2)
                return visible;
        }
    }
    return {};
}

std::vector<QRectF> SegmentTextView::rectsOf(const Shown& block, std::size_t begin, std::size_t end) const
{
    const std::size_t from = std::max(begin, block.block->begin), to = std::min(end, block.block->end);
    if (from >= to)
        return {};
    std::vector<QRectF> rects = block.layout->rects(from - block.block->begin, to - block.block->begin);
    for (QRectF& rect : rects)
        rect.translate(block.origin);
    return rects;
}

void SegmentTextView::setCurrent(qint64 segment, bool scroll)
{
    const qint64 wanted = m_table.contains(segment) ? segment : -1;
    const bool changed = wanted != m_current;
    m_current = wanted;
    if (wanted >= 0 && scroll)
        showByte(m_table.segments()[static_cast<std::size_t>(wanted)].begin);
    viewport()->update();
    if (!changed)
        return;
    setAccessibleDescription(wanted < 0 ? QString() : tr("Segment %1: %2").arg(wanted).arg(m_table.textOf(wanted, 400)));
    QAccessibleEvent event(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
    Q_EMIT currentChanged(wanted);
}

void SegmentTextView::setMarker(qint64 byte)
{
    m_marker = byte;
    if (byte >= 0)
        showByte(static_cast<std::size_t>(byte));
    viewport()->update();
}

void SegmentTextView::setHits(std::shared_ptr<const SearchResult> hits, qint64 current)
{
    m_hits = std::move(hits);
    m_currentHit = current;
    if (m_hits && current >= 0 && current < static_cast<qint64>(m_hits->hits.size()))
        showByte(m_hits->hits[static_cast<std::size_t>(current)].begin);
    viewport()->update();
}

void SegmentTextView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::FontChange && !m_blocks.empty()) {
        const std::size_t byte = topByte();
        estimate();
        showByte(byte, true);
    }
    QAbstractScrollArea::changeEvent(event);
}

} // namespace hayloft
