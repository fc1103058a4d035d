// SPDX-License-Identifier: GPL-3.0-or-later
// Fusion, with outlines that stay visible in a dark palette.
#pragma once

#include <QProxyStyle>

namespace hayloft {

/// Fusion derives its outlines by darkening the window's colour: on a dark window an empty check box, a radio button, a
/// field and a menu lose their edges. They get a lighter line here; a light palette is drawn as Fusion draws it.
class WorkbenchStyle : public QProxyStyle {
    Q_OBJECT
public:
    WorkbenchStyle();
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* returned) const override;
};

} // namespace hayloft
