// SPDX-License-Identifier: GPL-3.0-or-later
// Starts the workbench with parsed options.
#pragma once

#include "app/workbench/StartOptions.h"

namespace hayloft {

/// Names, version and desktop entry of the application; settings and runs are kept under this name.
void nameApplication();
/// Runs the event loop. Needs a QApplication. @returns the program's exit code.
int runWorkbench(const StartOptions& options);

} // namespace hayloft
