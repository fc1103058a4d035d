// SPDX-License-Identifier: GPL-3.0-or-later
// The haystacks that Hayloft makes itself: RULER's noise and look-alike needles, and the passkey paper's filler.
#pragma once

#include "core/recall/SweepPlan.h"
#include "core/text/Document.h"

namespace hayloft {

/// Whether the task hides its needles in a haystack of its own, whatever document there is.
bool makesHaystack(const RecallTask& task);
/// That haystack, as long as the plan's greatest length: the same plan makes the same text. @throws Error for a task that
/// makes none
Document taskHaystack(const SweepPlan& plan);

/// Name of the filler, for commands and run records.
inline constexpr std::string_view kFillerName = "filler";
/// The passkey paper's sentences, as long as the plan's greatest length (8 MiB at most; what is missing is repeated).
Document fillerHaystack(const SweepPlan& plan);

} // namespace hayloft
