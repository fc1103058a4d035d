// SPDX-License-Identifier: GPL-3.0-or-later
// What every command works with.
#pragma once

#include "app/cli/Cli.h"

namespace hayloft {

struct CliContext {
    std::ostream& out;
    std::ostream& err;
    const CliServices& services;
};

} // namespace hayloft
