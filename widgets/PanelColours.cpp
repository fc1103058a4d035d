// SPDX-License-Identifier: GPL-3.0-or-later
// Colours of the custom-painted panels, mixed from the palette.
#include "widgets/PanelColours.h"

#include <cmath>

namespace hayloft {

QColor mixed(const QColor& a, const QColor& b, double t)
{
    const auto channel = [t](int x, int y) { return static_cast<int>(std::lround(x + (y - x) * t)); };
    return QColor(channel(a.red(), b.red()), channel(a.green(), b.green()), channel(a.blue(), b.blue()));
}

bool isDark(const QPalette& palette)
{
    return palette.color(QPalette::Base).lightness() < palette.color(QPalette::Text).lightness();
}

PanelColours panelColours(const QPalette& palette)
{
    const bool dark = isDark(palette);
    PanelColours c;
    c.base = palette.color(QPalette::Base);
    c.text = palette.color(QPalette::Text);
    c.accent = palette.color(QPalette::Highlight);
    c.faint = mixed(c.text, c.base, 0.38);
    c.line = mixed(c.base, c.text, dark ? 0.24 : 0.20);
    c.gutter = mixed(c.base, c.text, dark ? 0.05 : 0.035);
    c.segment[0] = mixed(c.base, c.accent, dark ? 0.25 : 0.16);
    c.segment[1] = mixed(c.base, c.text, dark ? 0.14 : 0.075);
    c.unwritten[0] = mixed(c.base, c.segment[0], 0.40);
    c.unwritten[1] = mixed(c.base, c.segment[1], 0.35);
    // The needle keeps one hue (amber) in every theme; only its lightness follows the palette.
    c.needle = dark ? QColor::fromHsl(38, 235, 140) : QColor::fromHsl(28, 235, 105);
    c.needleFill = mixed(c.base, QColor::fromHsl(42, 255, dark ? 120 : 135), dark ? 0.48 : 0.62);
    const QColor green = QColor::fromHsl(150, 170, dark ? 120 : 100);
    const QColor red = QColor::fromHsl(2, 190, dark ? 130 : 120);
    const QColor violet = QColor::fromHsl(285, 150, dark ? 165 : 125);
    c.hit = mixed(c.base, green, dark ? 0.42 : 0.34);
    c.hitCurrent = mixed(c.base, green, dark ? 0.66 : 0.72);
    c.written = mixed(c.accent, c.base, dark ? 0.10 : 0.20);
    c.shared = violet;
    c.added = mixed(c.base, green, dark ? 0.45 : 0.30);
    c.removed = mixed(c.base, red, dark ? 0.45 : 0.28);
    c.heatCentre = dark ? mixed(c.base, c.text, 0.06) : mixed(c.base, c.text, 0.035);
    return c;
}

} // namespace hayloft
