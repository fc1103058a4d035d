// SPDX-License-Identifier: GPL-3.0-or-later
// What one trial's outcome counts for.
#pragma once

#include "core/recall/SweepResult.h"
#include "core/recall/TrialSolver.h"

namespace hayloft {

/// The trial's entry in the record: scores, rows, and why it missed. Absence is judged elsewhere (AbsenceCheck).
Sample sampleOf(const SweepPlan& plan, const Trial& trial, const TrialOutcome& outcome);
/// Whether a control's answer looks like a find: see Controls::falseAnswers.
bool isFalseAnswer(const SweepPlan& plan, const Trial& trial, const TrialOutcome& outcome);

} // namespace hayloft
