// SPDX-License-Identifier: GPL-3.0-or-later
// Recall by load on screen: hover, a point cursor for the keyboard, and choosing a point.
#pragma once

#include "widgets/recall/LoadPlot.h"

#include <QWidget>
#include <optional>

class QCPGraph;
class QCustomPlot;

namespace hayloft {

struct LoadPointIndex {
    int curve = 0, point = 0;
    bool operator==(const LoadPointIndex&) const = default;
};

/// "prefix keys · load 0.5: 92/100 hits (92%), 95% interval 85–96% · N = 716 segments, K = 1,432 rows"
QString describePoint(const LoadFigure& figure, LoadPointIndex index);

class LoadView : public QWidget {
    Q_OBJECT
public:
    explicit LoadView(QWidget* parent = nullptr);
    /// The cursor stays where it was, if there still is a point.
    void setFigure(const LoadFigure& figure);
    const LoadFigure& figure() const { return m_figure; }
    /// Where a point is drawn.
    QPointF place(LoadPointIndex index) const;
    QRectF axes() const; ///< inside the axes

Q_SIGNALS:
    void pointPointed(const QString& description); ///< empty when none is
    /// By a double click or Enter.
    void pointChosen(int curve, int point);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    bool isEmpty() const;
    bool has(const std::optional<LoadPointIndex>& index) const;
    std::optional<LoadPointIndex> pointAt(const QPointF& at) const;
    void draw();
    void mark();
    void describe();
    void moveCurrent(int curves, int points);
    bool moveByKey(int key);

    LoadFigure m_figure;
    std::optional<LoadPointIndex> m_hovered, m_current;
    QCustomPlot* m_plot;
    QCPGraph* m_hoverMark = nullptr; ///< rings around a point; drawn anew with the plot
    QCPGraph* m_cursorMark = nullptr;
};

} // namespace hayloft
