// SPDX-License-Identifier: GPL-3.0-or-later
// A figure on paper of curves: title, plot, caption.
#pragma once

#include "widgets/recall/FigureFile.h"

#include <QFont>
#include <QPicture>
#include <QSize>

namespace hayloft {

/// @param plot records the plot in a size, with a font. Called once; the sheet is painted on any thread.
FigureSheet plotSheet(const QString& title, const QString& caption, const FigureOptions& options,
                      const std::function<QPicture(const QSize&, const QFont&)>& plot);

} // namespace hayloft
