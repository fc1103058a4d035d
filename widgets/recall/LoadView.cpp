// SPDX-License-Identifier: GPL-3.0-or-later
// Recall by load on screen: hover, a point cursor for the keyboard, and choosing a point.
#include "widgets/recall/LoadView.h"

#include "widgets/recall/HeatmapScreen.h"
#include "widgets/recall/LoadChart.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hayloft {

namespace {

constexpr double kReach = 14;   ///< pixels from a point that still mean it
constexpr double kRing = 15, kCursorRing = 19; ///< pixels

QCPGraph* addRing(QCustomPlot& plot, const QColor& colour, double size, double width)
{
    QCPGraph* ring = plot.addGraph();
    ring->removeFromLegend();
    ring->setLineStyle(QCPGraph::lsNone);
    ring->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colour, width), Qt::NoBrush, size));
    return ring;
}

} // namespace

QString describePoint(const LoadFigure& figure, LoadPointIndex index)
{
    const LoadCurve& curve = figure.curves[std::size_t(index.curve)];
    const LoadCurvePoint& point = curve.points[std::size_t(index.point)];
    const auto percent = [](double share) { return QString::number(std::lround(share * 100)); };
    const QLocale locale;
    const QString rate = LoadView::tr("load %1: %2/%3 hits (%4%), 95% interval %5–%6%")
                             .arg(QString::number(point.load, 'g', 4)).arg(point.hits).arg(point.trials)
                             .arg(percent(point.trials > 0 ? double(point.hits) / point.trials : 0), percent(point.ci95.low), percent(point.ci95.high));
    const QString size = LoadView::tr("N = %1 segments, K = %2 rows").arg(locale.toString(qlonglong(point.segments)), locale.toString(qlonglong(point.rows)));
    return QStringLiteral("%1 · %2 · %3").arg(curve.title, rate, size);
}

LoadView::LoadView(QWidget* parent)
    : QWidget(parent)
    , m_plot(new QCustomPlot)
{
    setAccessibleName(tr("Recall by load"));
    setToolTip(tr("Point at a measured load, or move with the arrow keys; a double click or Enter loads its trial"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->setFocusPolicy(Qt::NoFocus);
    QSizePolicy policy = m_plot->sizePolicy();
    policy.setRetainSizeWhenHidden(true); // names and ticks are chosen for its size before it is shown
    m_plot->setSizePolicy(policy);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_plot);
    setFigure({});
}

bool LoadView::isEmpty() const { return m_figure.curves.empty() && m_figure.awaited.empty(); }

bool LoadView::has(const std::optional<LoadPointIndex>& index) const
{
    return index && index->curve < int(m_figure.curves.size()) && index->point < int(m_figure.curves[std::size_t(index->curve)].points.size());
}

void LoadView::setFigure(const LoadFigure& figure)
{
    m_figure = figure;
    if (!has(m_current))
        m_current.reset();
    m_hovered.reset();
    m_plot->setVisible(!isEmpty());
    draw();
    describe();
    update();
}

void LoadView::draw()
{
    const PlotColours colours = coloursOf(palette());
    drawLoads(*m_plot, m_figure, colours, font());
    m_hoverMark = addRing(*m_plot, colours.text, kRing, 1.2);
    m_cursorMark = addRing(*m_plot, palette().color(QPalette::Highlight), kCursorRing, 2.4);
    mark();
}

void LoadView::mark()
{
    const auto put = [this](QCPGraph* ring, const std::optional<LoadPointIndex>& index) {
        ring->data()->clear();
        if (!has(index))
            return;
        const LoadCurvePoint& point = m_figure.curves[std::size_t(index->curve)].points[std::size_t(index->point)];
        ring->addData(shownLoad(point.load, std::size_t(index->curve), m_figure.curves.size()), 100.0 * point.hits / std::max(1, point.trials));
    };
    put(m_hoverMark, m_hovered);
    put(m_cursorMark, hasFocus() ? m_current : std::nullopt);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

QPointF LoadView::place(LoadPointIndex index) const
{
    const LoadCurvePoint& point = m_figure.curves[std::size_t(index.curve)].points[std::size_t(index.point)];
    const double load = shownLoad(point.load, std::size_t(index.curve), m_figure.curves.size());
    return QPointF(m_plot->pos()) + QPointF(m_plot->xAxis->coordToPixel(load), m_plot->yAxis->coordToPixel(100.0 * point.hits / std::max(1, point.trials)));
}

QRectF LoadView::axes() const { return QRectF(m_plot->axisRect()->rect()).translated(m_plot->pos()); }

std::optional<LoadPointIndex> LoadView::pointAt(const QPointF& at) const
{
    std::optional<LoadPointIndex> nearest;
    double least = kReach;
    for (int curve = 0; curve < int(m_figure.curves.size()); ++curve)
        for (int point = 0; point < int(m_figure.curves[std::size_t(curve)].points.size()); ++point) {
            const double distance = QLineF(at, place({ curve, point })).length();
            if (distance < least) {
                least = distance;
                nearest = { curve, point };
            }
        }
    return nearest;
}

/// What the mouse is at, else the cursor, in words; a reader of the screen gets all points where neither is.
void LoadView::describe()
{
    const auto pointed = has(m_hovered) ? m_hovered : hasFocus() ? m_current : std::nullopt;
    QString words;
    if (has(pointed))
        words = describePoint(m_figure, *pointed);
    Q_EMIT pointPointed(words);
    if (words.isEmpty()) {
        QStringList all;
        for (int curve = 0; curve < int(m_figure.curves.size()); ++curve)
            for (int point = 0; point < int(m_figure.curves[std::size_t(curve)].points.size()); ++point)
                all << describePoint(m_figure, { curve, point });
        words = all.join(QStringLiteral("; "));
    }
    if (words != accessibleDescription())
        setAccessibleDescription(words);
}

bool LoadView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto point = pointAt(help->pos()))
        QToolTip::showText(help->globalPos(), describePoint(m_figure, *point).replace(QStringLiteral(" · "), QStringLiteral("\n")), this);
    else
        QToolTip::hideText();
    return true;
}

void LoadView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (isEmpty())
        paintEmpty(painter, *this, tr("No load measured yet"),
                   tr("Choose Load as the axis on the left and press Run, or open saved load records.\n"
                      "Every point will be one measured rate: how much is recalled with so many segments per memory row."));
}

void LoadView::mouseMoveEvent(QMouseEvent* event)
{
    const auto point = pointAt(event->position());
    if (point == m_hovered)
        return;
    m_hovered = point;
    setCursor(point ? Qt::PointingHandCursor : Qt::ArrowCursor);
    mark();
    describe();
}

void LoadView::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (const auto point = pointAt(event->position()))
        m_current = point;
    mark();
    describe();
}

void LoadView::mouseDoubleClickEvent(QMouseEvent* event)
{
    const auto point = event->button() == Qt::LeftButton ? pointAt(event->position()) : std::nullopt;
    if (point)
        Q_EMIT pointChosen(point->curve, point->point);
}

void LoadView::leaveEvent(QEvent*)
{
    m_hovered.reset();
    mark();
    describe();
}

void LoadView::moveCurrent(int curves, int points)
{
    LoadPointIndex to = m_current.value_or(LoadPointIndex {});
    to.curve = std::clamp(to.curve + curves, 0, int(m_figure.curves.size()) - 1);
    to.point = std::clamp(to.point + points, 0, int(m_figure.curves[std::size_t(to.curve)].points.size()) - 1);
    m_current = to;
    mark();
    describe();
}

bool LoadView::moveByKey(int key)
{
    constexpr int kAll = 1 << 20;
    static const std::vector<std::pair<int, std::pair<int, int>>> moves {
        { Qt::Key_Left, { 0, -1 } }, { Qt::Key_Right, { 0, 1 } }, { Qt::Key_Up, { -1, 0 } }, { Qt::Key_Down, { 1, 0 } },
        { Qt::Key_Home, { 0, -kAll } }, { Qt::Key_End, { 0, kAll } }, { Qt::Key_PageUp, { -kAll, 0 } }, { Qt::Key_PageDown, { kAll, 0 } },
    };
    for (const auto& [moving, step] : moves)
        if (key == moving) {
            moveCurrent(step.first, step.second);
            return true;
        }
    return false;
}

void LoadView::keyPressEvent(QKeyEvent* event)
{
    if (!m_figure.curves.empty() && moveByKey(event->key()))
        return;
    const bool choose = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
    if (choose && event->modifiers() == Qt::NoModifier && has(m_current))
        Q_EMIT pointChosen(m_current->curve, m_current->point);
    else
        QWidget::keyPressEvent(event);
}

void LoadView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    if (!m_figure.curves.empty() && event->reason() != Qt::MouseFocusReason)
        moveCurrent(0, 0);
    mark();
    describe();
}

void LoadView::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    mark();
    describe();
}

void LoadView::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        draw();
}

void LoadView::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    draw(); // as many ticks and names as there is room for
}

} // namespace hayloft
