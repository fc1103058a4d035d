// SPDX-License-Identifier: GPL-3.0-or-later
// Monochrome icons painted in the palette's text colour, so that they follow light and dark.
#pragma once

#include <QIcon>
#include <QString>

namespace hayloft {

/// Icon `name` of resources/icons; its colour is looked up each time it is painted.
QIcon themedIcon(const QString& name);
/// The application's own icon in all its sizes.
QIcon applicationIcon();

} // namespace hayloft
