// SPDX-License-Identifier: GPL-3.0-or-later
// How long computations report and are cancelled.
#pragma once

#include "core/base/Error.h"

#include <functional>
#include <stop_token>
#include <string>

namespace hayloft {

/// One report of a long computation.
struct Progress {
    std::string phase; ///< what is being done, e.g. "encode"
    double done = 0;   ///< units done, in `unit`s
    double total = 0;  ///< units in all; 0 when unknown
    std::string unit;  ///< "tokens", "trials", "steps"
    std::string note;  ///< extra text, e.g. "loss 0.41"
};

/// Called on the computing thread between batches (every 20-50 ms of work). It may block (pause) and may
/// run other short computations on the same thread before it returns (a query asked during a sweep).
using ProgressFn = std::function<void(const Progress&)>;

/// The pair every long computation takes last. Default: silent and never cancelled.
struct Task {
    std::stop_token stop;
    ProgressFn progress;

    /// @throws Cancelled when a stop was requested.
    void check() const
    {
        if (stop.stop_requested())
            throw Cancelled();
    }
    /// Reports, then checks for cancellation. @throws Cancelled
    void report(const Progress& p) const
    {
        if (progress)
            progress(p);
        check();
    }
};

} // namespace hayloft
