// SPDX-License-Identifier: GPL-3.0-or-later
// The memory as a heat image that is zoomed, panned and read out, with norms and segments per row beside it.
#pragma once

#include "widgets/memory/HeatImage.h"

#include <QVariantAnimation>
#include <QWidget>

namespace hayloft {

struct PanelColours;

class MatrixView : public QWidget {
    Q_OBJECT
public:
    /// `store` must outlive the view.
    explicit MatrixView(const MatrixStore& store, QWidget* parent = nullptr);
    /// After the store changed; `reset` forgets zoom and chosen row.
    void storeChanged(bool reset);
    qint64 current() const { return m_current; }
    void setCurrent(qint64 row);
    void flash(qint64 row);
    void fit();
    void zoom(double factor);
    double pixelsPerRow() const { return m_region.pixelsPerRow; }
    /// What imageRect() shows, in logical pixels.
    const HeatRegion& region() const { return m_region; }
    /// The value of the colour map's last colour.
    float colourRange() const { return m_store.range(); }
    /// Middle of a row in widget coordinates (it may lie outside).
    int yOf(qint64 row) const;
    QRect imageRect() const;
    /// "row 5, column 10 · value -0.1230 · norm 1.20 · 3 segments"; column -1 leaves the value out.
    QString describe(qint64 row, int column) const;
    QSize sizeHint() const override { return {420, 320}; }
    QSize minimumSizeHint() const override { return {220, 110}; }

Q_SIGNALS:
    void rowChosen(qint64 row);
    /// row -1 = none; column -1 = beside the image.
    void hovered(qint64 row, int column);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    void zoomAt(const QPointF& point, double columnFactor, double rowFactor);
    void keepInside();
    double fitColumns() const;
    double fitRows() const;
    qint64 rowAt(qreal y) const;
    int columnAt(qreal x) const;
    void reveal(qint64 row);
    void chooseByKey(int key);
    int axisWidth() const;
    int headerHeight() const;
    QRectF bandOf(qint64 row) const;
    void paintHeat(QPainter& painter, const PanelColours& colours);
    void paintAxis(QPainter& painter, const PanelColours& colours) const;
    void paintHeader(QPainter& painter, const PanelColours& colours) const;
    void paintStrips(QPainter& painter, const PanelColours& colours) const;
    void paintMarks(QPainter& painter, const PanelColours& colours) const;

    const MatrixStore& m_store;
    HeatRegion m_region;  ///< in logical pixels
    bool m_fitted = true;
    QImage m_image;       ///< cache of what is on screen
    HeatRegion m_imageRegion;
    bool m_stale = true;
    qint64 m_current = -1, m_hoverRow = -1, m_flashed = -1;
    int m_hoverColumn = -1;
    QVariantAnimation m_flash;
    QPointF m_pressed, m_last;
    bool m_pressing = false, m_panning = false;
};

} // namespace hayloft
