// SPDX-License-Identifier: GPL-3.0-or-later
// Colours of the custom-painted panels, derived from the palette so that light and dark themes both work.
#pragma once

#include <QColor>
#include <QPalette>

namespace hayloft {

/// a at t = 0, b at t = 1, per channel.
QColor mixed(const QColor& a, const QColor& b, double t);
bool isDark(const QPalette& palette);

struct PanelColours {
    QColor base, text;
    QColor faint;                 ///< secondary text
    QColor line;                  ///< rules, ticks and frames
    QColor gutter;                ///< margins, minimap and other side areas
    QColor segment[2], unwritten[2]; ///< the two alternating tints, written and not yet written
    QColor accent;                ///< current item, outlines
    QColor needle, needleFill;    ///< strong mark; background under text
    QColor hit, hitCurrent;       ///< search hits under text
    QColor written;               ///< rows written, bars
    QColor shared;                ///< rows shared by several segments
    QColor added, removed;        ///< backgrounds of changed words
    QColor heatCentre;            ///< zero of a diverging heat image
};

PanelColours panelColours(const QPalette& palette);

} // namespace hayloft
