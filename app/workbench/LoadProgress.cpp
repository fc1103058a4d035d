// SPDX-License-Identifier: GPL-3.0-or-later
// How far a sweep over loads has come, from the reports of its single runs.
#include "app/workbench/LoadProgress.h"

#include <algorithm>

namespace hayloft {

namespace {

constexpr double kWorkOfTrials = 0.3; ///< of a load's trials, beside encoding a context of load 1

} // namespace

LoadProgress::LoadProgress(const SweepPlan& plan, std::vector<double> loads)
    : m_longer(plan.memory.addressing == Addressing::PseudoInverse)
    , m_loads(std::move(loads))
    , m_trials(std::int64_t(plan.depths.size()) * plan.trials + plan.controls)
{
}

void LoadProgress::next()
{
    m_done = std::min(m_done + 1, m_loads.size());
    m_part = 0;
}

bool LoadProgress::take(const Progress& progress)
{
    // "load 0.5: trials"; that they are drawn is told in trials too.
    if (progress.unit != "trials" || !progress.phase.ends_with("trials"))
        return false;
    m_part = progress.total > 0 ? std::clamp(progress.done / progress.total, 0.0, 1.0) : 0;
    return true;
}

std::int64_t LoadProgress::trialsDone() const
{
    return std::int64_t(m_done) * m_trials + std::int64_t(m_part * double(m_trials));
}

double LoadProgress::work(std::size_t load) const { return m_longer ? m_loads[load] + kWorkOfTrials : 1; }

double LoadProgress::share() const
{
    double done = 0, all = 0;
    for (std::size_t i = 0; i < m_loads.size(); ++i) {
        all += work(i);
        done += i < m_done ? work(i) : i == m_done ? m_part * work(i) : 0;
    }
    return all > 0 ? done / all : 0;
}

} // namespace hayloft
