// SPDX-License-Identifier: GPL-3.0-or-later
// Times the stages of a sweep without the time its caller spends in progress callbacks (pauses, other queries).
#pragma once

#include "core/base/Progress.h"

#include <chrono>

namespace hayloft {

class SweepClock {
public:
    /// Seconds since construction, callbacks left out.
    double now() const { return raw() - m_excluded; }
    /// Runs `callback` with the clock stopped.
    template <typename Callback>
    void stopped(const Callback& callback)
    {
        const double begin = raw();
        try {
            callback();
        } catch (...) {
            m_excluded += raw() - begin;
            throw;
        }
        m_excluded += raw() - begin;
    }

private:
    double raw() const
    {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count();
    }
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    double m_excluded = 0;
};

/// Adds the time it lives to `seconds`.
class StageTimer {
public:
    StageTimer(const SweepClock& clock, double& seconds) : m_clock(clock), m_seconds(seconds), m_begin(clock.now()) {}
    ~StageTimer() { m_seconds += m_clock.now() - m_begin; }
    StageTimer(const StageTimer&) = delete;
    StageTimer& operator=(const StageTimer&) = delete;

private:
    const SweepClock& m_clock;
    double& m_seconds;
    double m_begin;
};

} // namespace hayloft
