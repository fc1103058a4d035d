// SPDX-License-Identifier: GPL-3.0-or-later
// The scrolling text with its segments; lays out only what is on screen.
#pragma once

#include "widgets/document/BlockLayout.h"
#include "widgets/document/SegmentTable.h"
#include "widgets/document/TextBlocks.h"
#include "widgets/document/TextSearch.h"

#include <QAbstractScrollArea>
#include <QThreadPool>
#include <map>

namespace hayloft {

struct PanelColours;

/// Heights of blocks off screen are estimated from their length and corrected when they come into view.
class SegmentTextView : public QAbstractScrollArea {
    Q_OBJECT
public:
    /// `table` must outlive the view.
    explicit SegmentTextView(const SegmentTable& table, QWidget* parent = nullptr);
    ~SegmentTextView() override;

    /// After the table got another document: cuts it into blocks (large texts on a worker) and shows this byte at the top.
    void reset(std::size_t top = 0);
    /// After rows changed.
    void refresh() { viewport()->update(); }
    qint64 current() const { return m_current; }
    void setCurrent(qint64 segment, bool scroll);
    /// Shows where a needle would go (a byte, -1 = nowhere) and scrolls to it.
    void setMarker(qint64 byte);
    void setHits(std::shared_ptr<const SearchResult> hits, qint64 current);
    /// Brings the byte to the upper third unless it is well within sight; `always` even then.
    void showByte(std::size_t byte, bool always = false);
    std::size_t topByte() const;
    std::size_t bottomByte() const;
    /// Segment at a point of the viewport, -1 = none.
    qint64 segmentAt(const QPoint& point) const;
    /// A rectangle of the segment on screen (viewport coordinates); empty where it is out of sight.
    QRect visibleRect(qint64 segment) const;
    /// Blocks laid out so far since `reset` (what virtualisation costs).
    int layoutsMade() const { return m_layoutsMade; }

Q_SIGNALS:
    void segmentChosen(qint64 segment);
    void segmentHovered(qint64 segment);
    void plantHereRequested(qint64 segment);
    void currentChanged(qint64 segment);
    void viewMoved();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    bool viewportEvent(QEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Shown; ///< a block on screen

    void adopt(std::vector<TextBlock> blocks);
    void estimate();
    void updateScrollBar();
    qint64 scrollTop() const;
    void showAtTop(std::size_t byte);
    void setScrollTop(qint64 top);
    std::size_t firstShown() const;
    BlockLayout& layoutOf(std::size_t block) const;
    std::size_t blockOf(std::size_t byte) const;
    void layOutFrom(std::size_t first);
    void layOutVisible();
    void trimCache() const;
    std::vector<Shown> shown() const;
    std::vector<QRectF> rectsOf(const Shown& block, std::size_t begin, std::size_t end) const;
    void paintSegments(QPainter& painter, const Shown& block, const PanelColours& colours) const;
    void paintHits(QPainter& painter, const Shown& block, const PanelColours& colours) const;
    void paintCurrent(QPainter& painter, const std::vector<Shown>& blocks, const PanelColours& colours) const;
    void paintMarker(QPainter& painter, const std::vector<Shown>& blocks, const PanelColours& colours) const;
    void paintHint(QPainter& painter, const PanelColours& colours) const;
    void chooseByKey(int key);
    qint64 segmentOnePageAway(int direction) const;
    void hover(qint64 segment);
    qreal lineHeight() const;
    int textWidth() const;

    const SegmentTable& m_table;
    std::vector<TextBlock> m_blocks;
    mutable HeightIndex m_heights;
    mutable std::map<std::size_t, std::unique_ptr<BlockLayout>> m_layouts;
    mutable int m_layoutsMade = 0;
    std::shared_ptr<const SearchResult> m_hits;
    qint64 m_current = -1, m_hovered = -1, m_currentHit = -1, m_marker = -1;
    qint64 m_top = 0;  ///< pixels above the viewport
    int m_unit = 1;    ///< pixels per scroll bar step (more than 1 only for enormous texts)
    bool m_syncing = false, m_preparing = false;
    std::size_t m_pendingTop = 0;
    qint64 m_pendingByte = -1; ///< to show once the blocks are there
    quint64 m_generation = 0;
    QThreadPool m_pool;
};

} // namespace hayloft
