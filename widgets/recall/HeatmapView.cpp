// SPDX-License-Identifier: GPL-3.0-or-later
// The heatmap on screen: hover, a cell cursor for the keyboard, and choosing a cell.
#include "widgets/recall/HeatmapView.h"

#include "widgets/PanelColours.h"

#include <QAccessible>
#include <QFontInfo>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QLocale>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

QString tr(const char* source) { return HeatmapView::tr(source); }
QString percent(double share) { return QString::number(std::lround(share * 100)); }
QString signedPoints(double share)
{
    const long points = std::lround(share * 100);
    return points > 0 ? QStringLiteral("+%1").arg(points) : QString::number(points).replace(QLatin1Char('-'), QStringLiteral("−"));
}

constexpr int kWidthPerPixel = 90, kHeightPerPixel = 34; ///< of the panel, for one pixel of the labels

QColor mix(const QColor& a, const QColor& b, double t)
{
    return QColor::fromRgbF(float(a.redF() + (b.redF() - a.redF()) * t), float(a.greenF() + (b.greenF() - a.greenF()) * t),
                            float(a.blueF() + (b.blueF() - a.blueF()) * t));
}

} // namespace

QString describeCell(const HeatmapData& heatmap, CellIndex index)
{
    const HeatmapCell& cell = heatmap.cells[std::size_t(index.length) * heatmap.depths.size() + std::size_t(index.depth)];
    const QLocale locale;
    const QString asked = tr("asked %1 tokens, depth %2%")
                              .arg(locale.toString(qlonglong(heatmap.lengths[std::size_t(index.length)])),
                                   depthLabel(heatmap.depths[std::size_t(index.depth)]));
    if (!cell.measured)
        return tr("Not measured · %1").arg(asked);
    const QString got = tr("achieved %1 tokens, depth %2%")
                            .arg(locale.toString(qlonglong(std::llround(cell.lengthAchieved))), depthLabel(cell.depthAchieved));
    const QString rate = heatmap.difference
        ? tr("A − B = %1 points, 95% interval %2 to %3 · A %4/%5, B %6/%7")
              .arg(signedPoints(cell.value), signedPoints(cell.ci95.low), signedPoints(cell.ci95.high))
              .arg(cell.hits).arg(cell.trials).arg(cell.otherHits).arg(cell.otherTrials)
        : tr("%1/%2 hits (%3%), 95% interval %4–%5%")
              .arg(cell.hits).arg(cell.trials).arg(percent(cell.value), percent(cell.ci95.low), percent(cell.ci95.high));
    return QStringLiteral("%1 · %2 · %3").arg(rate, asked, got);
}

HeatmapView::HeatmapView(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Recall heatmap"));
    setToolTip(tr("Click a cell, or move with the arrow keys and press Enter, to load its trial"));
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void HeatmapView::setHeatmap(const HeatmapData& heatmap)
{
    const bool sameGrid = heatmap.lengths == m_heatmap.lengths && heatmap.depths == m_heatmap.depths;
    m_heatmap = heatmap;
    if (!sameGrid) {
        m_current.reset();
        m_pressed.reset();
    }
    m_hovered.reset();
    point(hasFocus() ? m_current : std::nullopt);
    update();
}

void HeatmapView::addCell(const Cell& cell)
{
    setCell(m_heatmap, cell);
    update();
}

void HeatmapView::setColours(Palette palette)
{
    m_palette = palette;
    update();
}

void HeatmapView::setValuesShown(bool shown)
{
    m_values = shown;
    update();
}

HeatmapStyle HeatmapView::style() const
{
    HeatmapStyle style;
    style.palette = m_palette;
    style.values = m_values;
    style.caption = false;
    style.hatchMissing = true;
    style.wholePixels = true;
    style.font = font();
    // In a large panel the labels grow a little with the cells; a small one keeps the window's own size.
    const int base = QFontInfo(font()).pixelSize();
    const int wanted = std::min(width() / kWidthPerPixel, height() / kHeightPerPixel);
    style.font.setPixelSize(std::clamp(wanted, base, base + base / 3));
    const QPalette& colours = palette();
    style.background = colours.color(QPalette::Base);
    style.text = colours.color(QPalette::Text);
    style.mutedText = mix(style.text, style.background, 0.3);
    style.frame = mix(style.text, style.background, 0.6);
    if (isDark(colours))
        style.centre = panelColours(colours).heatCentre;
    return style;
}

HeatmapPainter HeatmapView::painterOf() const { return HeatmapPainter(m_heatmap, style(), QRectF(rect())); }

QRectF HeatmapView::cellRect(CellIndex cell) const { return painterOf().cellRect(cell); }

void HeatmapView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    if (isEmpty()) {
        paintEmpty(painter);
        return;
    }
    const HeatmapPainter map = painterOf();
    map.paint(painter);
    paintMarks(painter, map);
}

void HeatmapView::paintEmpty(QPainter& painter) const
{
    painter.fillRect(rect(), palette().color(QPalette::Base));
    QFont bold = font();
    bold.setBold(true);
    const QString title = tr("No run yet");
    const QString hint = tr("Choose a task, lengths and depths on the left, then press Run.\n"
                            "Every cell will be one measured rate: hits out of trials at one length and depth.");
    const int line = fontMetrics().height();
    const int textHeight = fontMetrics().boundingRect(rect().adjusted(24, 0, -24, 0), Qt::TextWordWrap, hint).height();
    const int top = std::max(0, (height() - line * 2 - textHeight) / 2);
    painter.setPen(palette().color(QPalette::Text));
    painter.setFont(bold);
    painter.drawText(QRect(0, top, width(), line), Qt::AlignCenter, title);
    painter.setFont(font());
    painter.setPen(style().mutedText);
    painter.drawText(QRect(24, top + line + line / 2, width() - 48, textHeight + line), Qt::AlignHCenter | Qt::AlignTop | Qt::TextWordWrap, hint);
}

void HeatmapView::paintMarks(QPainter& painter, const HeatmapPainter& map) const
{
    const auto outline = [&painter](const QRectF& rect, const QColor& colour, int width) {
        painter.setPen(QPen(colour, width, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(rect);
    };
    // Two lines, one light and one dark: visible on every cell colour.
    if (m_hovered) {
        const QRectF rect = map.cellRect(*m_hovered);
        outline(rect.adjusted(-0.5, -0.5, 0.5, 0.5), palette().color(QPalette::Text), 1);
        outline(rect.adjusted(0.5, 0.5, -0.5, -0.5), palette().color(QPalette::Base), 1);
    }
    if (m_current && hasFocus()) {
        const QRectF rect = map.cellRect(*m_current);
        outline(rect.adjusted(-1, -1, 1, 1), palette().color(QPalette::Highlight), 3);
        outline(rect.adjusted(1.5, 1.5, -1.5, -1.5), palette().color(QPalette::Base), 1);
    }
}

void HeatmapView::point(std::optional<CellIndex> cell)
{
    const QString words = cell ? describeCell(m_heatmap, *cell) : QString();
    if (words != accessibleDescription())
        setAccessibleDescription(words);
    Q_EMIT cellPointed(words);
}

bool HeatmapView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const auto cell = isEmpty() ? std::nullopt : painterOf().cellAt(help->pos());
    if (cell)
        QToolTip::showText(help->globalPos(), describeCell(m_heatmap, *cell).replace(QStringLiteral(" · "), QStringLiteral("\n")), this,
                           cellRect(*cell).toAlignedRect());
    else
        QToolTip::hideText();
    return true;
}

void HeatmapView::mouseMoveEvent(QMouseEvent* event)
{
    const auto cell = isEmpty() ? std::nullopt : painterOf().cellAt(event->position());
    if (cell == m_hovered)
        return;
    m_hovered = cell;
    setCursor(cell ? Qt::PointingHandCursor : Qt::ArrowCursor);
    point(cell ? cell : hasFocus() ? m_current : std::nullopt);
    update();
}

void HeatmapView::mousePressEvent(QMouseEvent* event)
{
    m_pressed = event->button() == Qt::LeftButton && !isEmpty() ? painterOf().cellAt(event->position()) : std::nullopt;
}

void HeatmapView::mouseReleaseEvent(QMouseEvent* event)
{
    const auto pressed = std::exchange(m_pressed, std::nullopt);
    if (!pressed || painterOf().cellAt(event->position()) != pressed)
        return;
    m_current = pressed;
    update();
    Q_EMIT cellChosen(pressed->length, pressed->depth);
}

void HeatmapView::leaveEvent(QEvent*)
{
    m_hovered.reset();
    point(hasFocus() ? m_current : std::nullopt);
    update();
}

void HeatmapView::moveCurrent(int lengths, int depths)
{
    const CellIndex from = m_current.value_or(CellIndex { 0, 0 });
    const CellIndex to { std::clamp(from.length + lengths, 0, int(m_heatmap.lengths.size()) - 1),
                         std::clamp(from.depth + depths, 0, int(m_heatmap.depths.size()) - 1) };
    m_current = to;
    point(m_current);
    update();
}

bool HeatmapView::moveByKey(int key)
{
    const int lengths = int(m_heatmap.lengths.size()), depths = int(m_heatmap.depths.size());
    switch (key) {
    case Qt::Key_Left:
        moveCurrent(-1, 0);
        return true;
    case Qt::Key_Right:
        moveCurrent(1, 0);
        return true;
    case Qt::Key_Up:
        moveCurrent(0, -1);
        return true;
    case Qt::Key_Down:
        moveCurrent(0, 1);
        return true;
    case Qt::Key_Home:
        moveCurrent(-lengths, 0);
        return true;
    case Qt::Key_End:
        moveCurrent(lengths, 0);
        return true;
    case Qt::Key_PageUp:
        moveCurrent(0, -depths);
        return true;
    case Qt::Key_PageDown:
        moveCurrent(0, depths);
        return true;
    default:
        return false;
    }
}

void HeatmapView::keyPressEvent(QKeyEvent* event)
{
    if (!isEmpty() && moveByKey(event->key()))
        return;
    const bool choose = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter || event->key() == Qt::Key_Space;
    if (choose && m_current && !isEmpty())
        Q_EMIT cellChosen(m_current->length, m_current->depth);
    else
        QWidget::keyPressEvent(event);
}

void HeatmapView::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    if (!isEmpty() && event->reason() != Qt::MouseFocusReason)
        moveCurrent(0, 0);
    update();
}

void HeatmapView::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    point(m_hovered);
    update();
}

} // namespace hayloft
