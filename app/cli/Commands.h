// SPDX-License-Identifier: GPL-3.0-or-later
// The subcommands of hayloft-cli, one file each. Each function adds its options and what to do when it is chosen.
#pragma once

#include "app/cli/CliContext.h"

#include <CLI/CLI.hpp>

namespace hayloft {

void addSegmentCommand(CLI::App& app, CliContext& context);
void addQueryCommand(CLI::App& app, CliContext& context);
void addSweepCommand(CLI::App& app, CliContext& context);
void addMergeCommand(CLI::App& app, CliContext& context);
void addFigureCommand(CLI::App& app, CliContext& context);
void addTrainCommand(CLI::App& app, CliContext& context);
void addBenchCommand(CLI::App& app, CliContext& context);
void addImportCheckpointCommand(CLI::App& app, CliContext& context);
void addInfoCommand(CLI::App& app, CliContext& context);

} // namespace hayloft
