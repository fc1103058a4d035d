// SPDX-License-Identifier: GPL-3.0-or-later
// Small multiples on screen: hover, one cell cursor that walks over all maps, and choosing a cell.
#pragma once

#include "widgets/recall/HeatmapGrid.h"

#include <QWidget>

namespace hayloft {

class HeatmapGridView : public QWidget {
    Q_OBJECT
public:
    explicit HeatmapGridView(QWidget* parent = nullptr);
    void setGrid(const HeatmapGrid& grid);
    const HeatmapGrid& grid() const { return m_grid; }
    void setColours(Palette palette);
    void setValuesShown(bool shown);
    std::optional<GridCell> currentCell() const { return m_current; }
    /// Where a cell is drawn, in the widget's pixels.
    QRectF cellRect(GridCell cell) const;
    QSize sizeHint() const override { return { 640, 260 }; }
    QSize minimumSizeHint() const override { return { 260, 140 }; }

Q_SIGNALS:
    void cellPointed(const QString& description); ///< hovered or reached by keys; empty when none
    void cellChosen(int map, int lengthIndex, int depthIndex);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    const HeatmapGridPainter& painterOf() const;
    void refresh();
    bool isEmpty() const { return m_grid.maps.empty() || m_grid.maps.front().cells.empty(); }
    std::optional<GridCell> cellAt(const QPointF& point) const;
    QString describe(const GridCell& cell) const;
    void point(std::optional<GridCell> cell);
    void moveCurrent(int lengths, int depths);
    void moveToMap(int steps);
    bool moveByKey(int key);

    HeatmapGrid m_grid;
    Palette m_palette = Palette::Cividis;
    bool m_values = false;
    mutable std::optional<HeatmapGridPainter> m_layout; ///< made when it is first asked for; measuring the titles takes its time
    std::optional<GridCell> m_hovered, m_current, m_pressed;
};

} // namespace hayloft
