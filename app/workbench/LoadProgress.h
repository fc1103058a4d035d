// SPDX-License-Identifier: GPL-3.0-or-later
// How far a sweep over loads has come, from the reports of its single runs.
#pragma once

#include "core/base/Progress.h"
#include "core/recall/SweepPlan.h"

#include <cstdint>
#include <vector>

namespace hayloft {

class LoadProgress {
public:
    LoadProgress(const SweepPlan& plan, std::vector<double> loads);
    /// A load is measured; the next one begins.
    void next();
    /// A report of the run under way. @returns whether it counts trials
    bool take(const Progress& progress);
    std::int64_t trialsDone() const;
    std::int64_t trialsInAll() const { return m_trials * std::int64_t(m_loads.size()); }
    /// 0 to 1, of the work: with pseudo-inverse addressing a higher load has a longer context.
    double share() const;

private:
    double work(std::size_t load) const;

    bool m_longer; ///< contexts grow with the load
    std::vector<double> m_loads;
    std::int64_t m_trials; ///< of one load
    std::size_t m_done = 0; ///< loads
    double m_part = 0;      ///< trials of the load under way, 0 to 1
};

} // namespace hayloft
