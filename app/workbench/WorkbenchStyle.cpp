// SPDX-License-Identifier: GPL-3.0-or-later
// The lighter outlines, drawn over Fusion's own.
#include "app/workbench/WorkbenchStyle.h"

#include "widgets/PanelColours.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

namespace hayloft {

namespace {

constexpr double kFieldRadius = 2; ///< Fusion's

/// 3:1 on the window for what is enabled: the least contrast of a control's edge (WCAG 1.4.11).
QColor edgeColour(const QStyleOption& option)
{
    const QPalette& palette = option.palette;
    const bool enabled = option.state & QStyle::State_Enabled;
    return mixed(palette.color(QPalette::Window), palette.color(QPalette::WindowText), enabled ? 0.42 : 0.22);
}

/// Fusion marks the focus by a coloured outline of its own.
bool needsEdge(const QStyleOption& option)
{
    return isDark(option.palette) && !(option.state & QStyle::State_HasFocus);
}

enum class Shape { Box, Field, Disc };

void drawEdge(QPainter& painter, const QStyleOption& option, const QRect& rect, Shape shape)
{
    const QRectF line = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, shape != Shape::Box);
    painter.setPen(edgeColour(option));
    painter.setBrush(Qt::NoBrush);
    if (shape == Shape::Disc)
        painter.drawEllipse(line);
    else if (shape == Shape::Field)
        painter.drawRoundedRect(line, kFieldRadius, kFieldRadius);
    else
        painter.drawRect(rect.adjusted(0, 0, -1, -1));
    painter.restore();
}

} // namespace

WorkbenchStyle::WorkbenchStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void WorkbenchStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    // An open menu has the focus, but no outline for it.
    if (element == PE_PanelMenu ? !isDark(option->palette) : !needsEdge(*option))
        return;
    switch (element) {
    case PE_IndicatorCheckBox:
    case PE_Frame:
    case PE_PanelMenu:
        drawEdge(*painter, *option, option->rect, Shape::Box);
        break;
    case PE_FrameLineEdit:
        drawEdge(*painter, *option, option->rect, Shape::Field);
        break;
    case PE_IndicatorRadioButton:
        drawEdge(*painter, *option, option->rect, Shape::Disc);
        break;
    default:
        break;
    }
}

void WorkbenchStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const
{
    if (element != CE_ToolBar || !isDark(option->palette))
        return QProxyStyle::drawControl(element, option, painter, widget);
    // Fusion's highlight along the upper edge is a white line: on a dark window the brightest thing there.
    const QColor window = option->palette.color(QPalette::Window);
    painter->fillRect(option->rect, window);
    painter->fillRect(QRect(option->rect.left(), option->rect.bottom(), option->rect.width(), 1),
                      mixed(window, option->palette.color(QPalette::WindowText), 0.12));
}

void WorkbenchStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const
{
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
    if (control == CC_SpinBox && spin && spin->frame && needsEdge(*option))
        drawEdge(*painter, *option, option->rect.adjusted(0, 1, 0, -1), Shape::Field);
}

int WorkbenchStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* returned) const
{
    // Etched text is written twice, which blurs it on a dark ground.
    return hint == SH_EtchDisabledText ? 0 : QProxyStyle::styleHint(hint, option, widget, returned);
}

} // namespace hayloft
