// SPDX-License-Identifier: GPL-3.0-or-later
// One line of progress with rate and time left, redrawn in place on a terminal.
#pragma once

#include "core/base/Progress.h"

#include <chrono>
#include <iosfwd>

namespace hayloft {

class ProgressBar {
public:
    using Clock = std::chrono::steady_clock;

    /// @param enabled false (not a terminal) prints nothing at all
    ProgressBar(std::ostream& stream, bool enabled, int columns = 100);
    /// Takes the line away.
    ~ProgressBar();
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    /// Redraws at most ten times a second. Rate and time left count from the phase's first report.
    void update(const Progress& progress, Clock::time_point now = Clock::now());
    void clear();
    /// Progress to this bar, cancelled by `stop`. The bar must outlive it.
    Task task(std::stop_token stop);

private:
    std::string line(const Progress& progress, double seconds) const;

    std::ostream& m_stream;
    bool m_enabled;
    int m_columns;
    bool m_drawn = false;
    std::string m_phase;
    double m_phaseBegan = 0; ///< units done at the phase's first report
    Clock::time_point m_start, m_last;
};

/// The width of the terminal that the error stream is, or 100.
int terminalColumns();

} // namespace hayloft
