// SPDX-License-Identifier: GPL-3.0-or-later
// Curves of recall by load as table and records.
#pragma once

#include "core/store/LoadRecord.h"

#include <QString>
#include <string>

namespace hayloft {

/// One row per measured load of each curve, with what was counted in it; RFC 4180, header line first.
std::string loadCsv(const LoadRecords& records);
/// What tells a record's file from the others': "2-prefix", "3-prefix-pseudo-inverse".
QString loadMark(const LoadRecords& records, std::size_t index);

} // namespace hayloft
