// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/GuiScenes.h"

#include "widgets/memory/MatrixView.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QScrollBar>
#include <QStyle>
#include <QStyleOptionSlider>
#include <QWheelEvent>
#include <algorithm>
#include <memory>

namespace hayloft {

namespace {

constexpr int kNotch = 120;

void mouse(QWidget& widget, QEvent::Type type, const QPointF& at)
{
    const bool move = type == QEvent::MouseMove, release = type == QEvent::MouseButtonRelease;
    QMouseEvent event(type, at, widget.mapToGlobal(at), move ? Qt::NoButton : Qt::LeftButton, release ? Qt::NoButton : Qt::LeftButton,
                      Qt::NoModifier);
    QApplication::sendEvent(&widget, &event);
}

void wheel(QWidget& widget, const QPointF& at, int delta, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
{
    QWheelEvent event(at, widget.mapToGlobal(at), {}, QPoint(0, delta), Qt::NoButton, modifiers, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&widget, &event);
}

void fit(MatrixView& view)
{
    QKeyEvent event(QEvent::KeyPress, Qt::Key_F, Qt::NoModifier, QStringLiteral("f"));
    QApplication::sendEvent(&view, &event);
}

QRect handleOf(const QScrollBar& bar)
{
    QStyleOptionSlider option;
    option.initFrom(&bar);
    option.subControls = QStyle::SC_None;
    option.orientation = bar.orientation();
    option.minimum = bar.minimum();
    option.maximum = bar.maximum();
    option.sliderPosition = option.sliderValue = bar.sliderPosition();
    option.singleStep = bar.singleStep();
    option.pageStep = bar.pageStep();
    if (bar.orientation() == Qt::Horizontal)
        option.state |= QStyle::State_Horizontal;
    return bar.style()->subControlRect(QStyle::CC_ScrollBar, &option, QStyle::SC_ScrollBarSlider, &bar);
}

} // namespace

Scene panOverRows(MatrixView& view, double pictures)
{
    constexpr double kFrames = 120;
    fit(view);
    const QRect image = view.imageRect();
    const double whole = view.pixelsPerRow();
    for (double before = 0; view.pixelsPerRow() < whole * pictures && view.pixelsPerRow() != before;) {
        before = view.pixelsPerRow();
        wheel(view, {double(image.center().x()), double(image.top())}, kNotch, Qt::ControlModifier);
    }
    const double reach = image.height() * 0.9, least = 2 * QApplication::startDragDistance();
    const double step = std::clamp(image.height() * pictures / kFrames, std::min(least, reach), reach);
    return [&view, image, step] {
        const double top = view.region().top;
        const QPointF from(image.center().x(), image.bottom() - 2);
        mouse(view, QEvent::MouseButtonPress, from);
        mouse(view, QEvent::MouseMove, from - QPointF(0, step));
        mouse(view, QEvent::MouseButtonRelease, from - QPointF(0, step));
        return view.region().top != top;
    };
}

Scene zoomInAndOut(MatrixView& view, int places)
{
    fit(view);
    const auto place = std::make_shared<int>(0);
    const auto inwards = std::make_shared<bool>(true);
    return [&view, places, place, inwards] {
        // At the nearest and at the farthest a turn changes nothing: then it goes the other way, or on to the next place.
        while (*place < places) {
            const QRect image = view.imageRect();
            const double share = (*place + 0.5) / places;
            const HeatRegion before = view.region();
            wheel(view, {image.left() + share * image.width(), image.top() + share * image.height()}, *inwards ? kNotch : -kNotch);
            if (view.region() != before)
                return true;
            *place += *inwards ? 0 : 1;
            *inwards = !*inwards;
        }
        return false;
    };
}

Scene dragScrollBar(QAbstractScrollArea& area)
{
    constexpr double kStep = 2; // pixels a frame
    QScrollBar& bar = *area.verticalScrollBar();
    bar.setValue(bar.minimum());
    const auto at = std::make_shared<QPointF>(handleOf(bar).center());
    mouse(bar, QEvent::MouseButtonPress, *at);
    return [&bar, at] {
        const int before = bar.value();
        while (bar.value() == before && at->y() <= bar.height()) {
            *at += QPointF(0, kStep);
            mouse(bar, QEvent::MouseMove, *at);
        }
        if (bar.value() != before)
            return true;
        mouse(bar, QEvent::MouseButtonRelease, *at);
        return false;
    };
}

Scene wheelUpwards(QAbstractScrollArea& area, int turns)
{
    const auto left = std::make_shared<int>(turns);
    return [&area, left] {
        const int before = area.verticalScrollBar()->value();
        wheel(*area.viewport(), QRectF(area.viewport()->rect()).center(), kNotch);
        return --*left >= 0 && area.verticalScrollBar()->value() != before;
    };
}

} // namespace hayloft
