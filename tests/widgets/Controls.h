// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the controls of a panel as a user would, and moves the mouse over them.
#pragma once

#include <QApplication>
#include <QMouseEvent>
#include <QString>
#include <QStringList>
#include <QWidget>

namespace hayloft::test {

/// The control a user of a screen reader would find; null when there is none.
template <typename Widget = QWidget>
Widget* named(const QWidget* root, const QString& accessibleName)
{
    for (Widget* widget : root->findChildren<Widget*>())
        if (widget->accessibleName() == accessibleName)
            return widget;
    return nullptr;
}

/// Names of keyboard-reachable controls without an accessible name or tooltip.
inline QStringList unnamedControls(const QWidget* root)
{
    QStringList found;
    for (const QWidget* widget : root->findChildren<QWidget*>()) {
        const QWidget* parent = widget->parentWidget();
        const bool partOfControl = widget->objectName().startsWith(QLatin1String("qt_"))
            || (parent && (parent->inherits("QAbstractSpinBox") || parent->inherits("QComboBox") || parent->inherits("QAbstractScrollArea")
                           || parent->inherits("QComboBoxPrivateContainer") || parent->inherits("QTabBar") || parent->inherits("QLineEdit")
                           || parent->inherits("QCustomPlot") || parent->inherits("QTabWidget")));
        if (partOfControl || !(widget->focusPolicy() & Qt::TabFocus) || widget->isWindow())
            continue;
        if (widget->inherits("QTabWidget") || widget->inherits("QTabBar"))
            continue;
        if (widget->accessibleName().isEmpty() || widget->toolTip().isEmpty())
            found << QStringLiteral("%1 \"%2\"").arg(QLatin1String(widget->metaObject()->className()), widget->accessibleName());
    }
    return found;
}

inline void moveTo(QWidget* widget, const QPoint& at, Qt::MouseButtons buttons = Qt::NoButton)
{
    QMouseEvent event(QEvent::MouseMove, at, widget->mapToGlobal(at), Qt::NoButton, buttons, Qt::NoModifier);
    QApplication::sendEvent(widget, &event);
}

} // namespace hayloft::test
