// SPDX-License-Identifier: GPL-3.0-or-later
// The margin in which the needle is planted and moved.
#pragma once

#include <QAbstractSlider>

namespace hayloft {

/// A vertical scale from depth 0% (top) to 100% (bottom) with the needle's handle.
/// A slider in tenths of a percent for assistive tools; the signals below speak in percent.
class NeedleMargin : public QAbstractSlider {
    Q_OBJECT
public:
    explicit NeedleMargin(QWidget* parent = nullptr);
    void setNeedle(bool planted, double depthPercent);
    bool planted() const { return m_planted; }
    double depth() const { return m_depth; }
    /// Moves the needle by percent as the keys do; plants it in the middle where there was none.
    void nudge(double percent);
    /// y of a depth within the margin.
    int yOf(double depthPercent) const;
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void previewed(double depthPercent);
    void requested(double depthPercent);
    void previewEnded();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;

private:
    double depthAt(qreal y) const;
    void show(double depth);
    void drawHandle(QPainter& painter, double depth, const QColor& fill, const QColor& line) const;
    bool m_planted = false, m_dragging = false;
    double m_depth = 0;
    double m_hover = -1; ///< depth under the pointer, -1 = none
    double m_before = 0; ///< depth when the drag began
    bool m_plantedBefore = false;
};

} // namespace hayloft
