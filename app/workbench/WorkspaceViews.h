// SPDX-License-Identifier: GPL-3.0-or-later
// Turns core's values into what the panels show.
#pragma once

#include "app/workbench/WorkspaceTypes.h"
#include "core/recall/DocumentMemory.h"

namespace hayloft {

/// Segments with their rows, for the document panel.
std::shared_ptr<const std::vector<SegmentView>> segmentViews(const DocumentMemory& memory);
/// The values of these rows and the row of every segment.
RowsUpdate rowsUpdate(const DocumentMemory& memory, std::vector<Index> rows);
/// The same into an update whose vectors are empty.
void fillRowsUpdate(RowsUpdate& update, const DocumentMemory& memory, std::vector<Index> rows);
/// A copy of the whole memory.
MemoryView matrixView(const Memory& memory);
AnswerView answerView(const Answer& answer, const QueryRequest& request, const DocumentMemory& memory, const Tokenizer& tokenizer,
                      const std::optional<NeedleState>& needle);
WriteStep writeStep(const WriteReport& report, const DocumentMemory& memory);
/// Whether a query asks for the needle: only then is its answer right or wrong.
bool asksForNeedle(const QString& query, KeyKind keys, const NeedleState& needle);

} // namespace hayloft
