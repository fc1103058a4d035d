// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli bench gui
#pragma once

#include "app/cli/CliContext.h"

#include <CLI/CLI.hpp>

namespace hayloft {

/// Adds `gui` to the benches.
void addGuiBench(CLI::App& bench, CliContext& context);

} // namespace hayloft
