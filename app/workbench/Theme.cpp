// SPDX-License-Identifier: GPL-3.0-or-later
// The palettes' colours; contrast of text on its ground is at least 7:1, of disabled text 3:1.
#include "app/workbench/Theme.h"

#include "app/workbench/WorkbenchStyle.h"

#include <QApplication>
#include <QToolTip>

namespace hayloft {

namespace {

struct Colours {
    QRgb window, base, alternate, button, text, disabled, mid, light, dark, shadow, highlight, highlightedText, link, visited,
        toolTip, placeholder;
};

QPalette paletteOf(const Colours& c)
{
    QPalette p;
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        p.setColor(role, c.text);
        p.setColor(QPalette::Disabled, role, c.disabled);
    }
    p.setColor(QPalette::Window, c.window);
    p.setColor(QPalette::Base, c.base);
    p.setColor(QPalette::Disabled, QPalette::Base, c.window);
    p.setColor(QPalette::AlternateBase, c.alternate);
    p.setColor(QPalette::Button, c.button);
    p.setColor(QPalette::Light, c.light);
    p.setColor(QPalette::Midlight, c.light);
    p.setColor(QPalette::Mid, c.mid);
    p.setColor(QPalette::Dark, c.dark);
    p.setColor(QPalette::Shadow, c.shadow);
    p.setColor(QPalette::BrightText, QColor(0xff, 0xff, 0xff));
    p.setColor(QPalette::Highlight, c.highlight);
    p.setColor(QPalette::Disabled, QPalette::Highlight, c.mid);
    p.setColor(QPalette::HighlightedText, c.highlightedText);
    p.setColor(QPalette::Disabled, QPalette::HighlightedText, c.disabled);
    p.setColor(QPalette::Link, c.link);
    p.setColor(QPalette::LinkVisited, c.visited);
    p.setColor(QPalette::ToolTipBase, c.toolTip);
    p.setColor(QPalette::PlaceholderText, c.placeholder);
    return p;
}

} // namespace

QPalette lightPalette()
{
    return paletteOf({.window = 0xf3f4f6, .base = 0xffffff, .alternate = 0xf0f3f8, .button = 0xf0f1f4, .text = 0x1b1f24,
                      .disabled = 0x868d96, .mid = 0xc3c8d0, .light = 0xffffff, .dark = 0xa3a9b3, .shadow = 0x6b727c,
                      .highlight = 0x1f5fb8, .highlightedText = 0xffffff, .link = 0x1a56a8, .visited = 0x6a3fa0,
                      .toolTip = 0xffffff, .placeholder = 0x6d747d});
}

QPalette darkPalette()
{
    return paletteOf({.window = 0x22262c, .base = 0x191c21, .alternate = 0x20242a, .button = 0x2d323a, .text = 0xe6e9ed,
                      .disabled = 0x7d858f, .mid = 0x454c56, .light = 0x3a414b, .dark = 0x14171b, .shadow = 0x0c0e11,
                      .highlight = 0x2f6ec4, .highlightedText = 0xffffff, .link = 0x7db4ff, .visited = 0xc4a2f5,
                      .toolTip = 0x2d323a, .placeholder = 0x98a0aa});
}

void applyTheme(ThemeChoice choice)
{
    // The style's own palette is the desktop's (or Fusion's light one): taken before any of ours is set.
    static const bool fusion = [] {
        QApplication::setStyle(new WorkbenchStyle);
        return true;
    }();
    Q_UNUSED(fusion)
    bool dark = choice == ThemeChoice::Dark;
    if (choice == ThemeChoice::System) {
        QApplication::setPalette(QPalette());
        const QPalette system = QApplication::palette();
        dark = system.color(QPalette::WindowText).lightness() > system.color(QPalette::Window).lightness();
    }
    const QPalette palette = dark ? darkPalette() : lightPalette();
    QApplication::setPalette(palette);
    QToolTip::setPalette(palette);
}

} // namespace hayloft
