// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows several queries read together, each row once.
#pragma once

#include "core/recall/ReadingRules.h"

#include <vector>

namespace hayloft {

/// Adds the rows that a query reads, nearest first. A row that an earlier query reads too goes to the one whose nearest row it
/// is; if to both or neither, to the one that it is nearer to, the earlier where both are as near: its answer is judged by the
/// question that it answers.
void addRows(std::vector<ChosenRow>& chosen, const std::vector<Neighbour>& rows, std::size_t query);

} // namespace hayloft
