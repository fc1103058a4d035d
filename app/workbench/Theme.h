// SPDX-License-Identifier: GPL-3.0-or-later
// Light and dark palettes for the Fusion style.
#pragma once

#include "app/workbench/Settings.h"

#include <QPalette>

namespace hayloft {

QPalette lightPalette();
QPalette darkPalette();
/// Installs the Fusion style (once) and the palette of the choice; System takes the desktop's own colours.
void applyTheme(ThemeChoice choice);

} // namespace hayloft
