// SPDX-License-Identifier: GPL-3.0-or-later
// The heatmap on screen: hover, a cell cursor for the keyboard, and choosing a cell.
#pragma once

#include "widgets/recall/HeatmapPainter.h"
#include "widgets/recall/HeatmapScreen.h"

#include <QWidget>

namespace hayloft {

class HeatmapView : public QWidget {
    Q_OBJECT
public:
    explicit HeatmapView(QWidget* parent = nullptr);
    void setHeatmap(const HeatmapData& heatmap);
    void addCell(const Cell& cell);
    const HeatmapData& heatmap() const { return m_heatmap; }
    void setColours(Palette palette);
    void setValuesShown(bool shown);
    std::optional<CellIndex> currentCell() const { return m_current; }
    /// Where a cell is drawn, in the widget's pixels.
    QRectF cellRect(CellIndex cell) const;
    QSize sizeHint() const override { return { 640, 260 }; }
    QSize minimumSizeHint() const override { return { 260, 140 }; }

Q_SIGNALS:
    void cellPointed(const QString& description); ///< hovered or reached by keys; empty when none
    void cellChosen(int lengthIndex, int depthIndex);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    HeatmapStyle style() const;
    HeatmapPainter painterOf() const;
    bool isEmpty() const { return m_heatmap.cells.empty(); }
    void paintMarks(QPainter& painter, const HeatmapPainter& map) const;
    void point(std::optional<CellIndex> cell);
    void moveCurrent(int lengths, int depths);
    bool moveByKey(int key);

    HeatmapData m_heatmap;
    Palette m_palette = Palette::Cividis;
    bool m_values = false;
    std::optional<CellIndex> m_hovered, m_current, m_pressed;
};

} // namespace hayloft
