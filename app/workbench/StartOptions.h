// SPDX-License-Identifier: GPL-3.0-or-later
// The workbench's command line.
#pragma once

#include "app/workbench/WorkbenchController.h"

#include <QSize>
#include <optional>

namespace hayloft {

struct StartOptions {
    StartRequest start;
    QString modelDirectory;
    Precision precision = Precision::Float32;
    std::optional<ThemeChoice> theme;
    QString screenshot;      ///< file to write; empty = an interactive start
    QString scene;           ///< "overview", "recall", "tasks", "memory", "slow"
    QString guiBench;        ///< file for the figures of the GUI's bench; empty = no bench
    qint64 startedNs = 0;    ///< of the monotonic clock: when whoever benches started the program
    QSize size;              ///< of the window; empty = as remembered
    QString error;           ///< one line; then nothing is to be started
};

/// Parses the arguments (the program's name first). --help and --version print and end the program.
StartOptions parseStartOptions(const QStringList& arguments);

} // namespace hayloft
