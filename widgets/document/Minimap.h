// SPDX-License-Identifier: GPL-3.0-or-later
// The whole document at a glance: segments, rows written, needle, hits and what is on screen.
#pragma once

#include "widgets/document/SegmentTable.h"
#include "widgets/document/TextSearch.h"

#include <QImage>
#include <QWidget>

namespace hayloft {

class Minimap : public QWidget {
    Q_OBJECT
public:
    /// `table` must outlive the widget.
    explicit Minimap(const SegmentTable& table, QWidget* parent = nullptr);
    /// After the table changed.
    void invalidate();
    void setHits(std::shared_ptr<const SearchResult> hits, qint64 current);
    void setVisibleRange(double top, double bottom); ///< shares 0..1 of all tokens
    void setNeedle(bool planted, double depthPercent);
    void setCurrentSegment(qint64 segment);
    QSize sizeHint() const override { return {56, 200}; }

Q_SIGNALS:
    void scrollRequested(double position); ///< share of all tokens to centre

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void rebuild();
    void drawMarks(QPainter& painter) const;
    int yOf(double position) const;
    const SegmentTable& m_table;
    QImage m_image; ///< density and rows written, one pixel row per line of the widget
    std::shared_ptr<const SearchResult> m_hits;
    std::vector<int> m_hitRows;
    qint64 m_currentHit = -1, m_segment = -1;
    double m_top = 0, m_bottom = 1, m_depth = 0;
    bool m_planted = false;
};

} // namespace hayloft
