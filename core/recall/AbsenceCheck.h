// SPDX-License-Identifier: GPL-3.0-or-later
// Which of a trial's answers hold too little of their question to be answers: "not in this document".
#pragma once

#include "core/recall/TrialSolver.h"

#include <optional>
#include <string>

namespace hayloft {

/// Judges with the model's calibrated rule (AbsenceRule), answer by answer, by the query that read it. Recall is counted
/// without it; what it would cost and save is counted beside. Holds references only.
class AbsenceCheck {
public:
    AbsenceCheck(const SweepPlan& plan, const LatentModel& model);
    /// Only where content keys are used and the model's rule is calibrated.
    bool judges() const { return m_keys != nullptr; }
    /// The answers that are left, merged; nothing when all are absent. Call only where it judges.
    std::optional<std::string> upheld(const TrialNeedle& needle, const std::vector<RowAnswer>& answers) const;

private:
    const SweepPlan& m_plan;
    const ContentKeys* m_keys;
};

} // namespace hayloft
