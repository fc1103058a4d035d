// SPDX-License-Identifier: GPL-3.0-or-later
// The table and the records of a run, or of two runs that are compared.
#pragma once

#include "core/store/RunRecord.h"

#include <QStringList>
#include <string>

namespace hayloft {

/// One row per cell that both runs measured, with recall, hits and trials of both; RFC 4180, header line first.
/// @throws Error when the runs share no cell.
std::string differenceCsv(const RunRecord& a, const RunRecord& b);
/// Writes the record. A difference has no record of its own: with a `b` the records of both runs are written, as
/// NAME-A.json and NAME-B.json. @returns the files' names. @throws Error, also when one of these two exists already
QStringList saveRecords(const QString& path, const RunRecord& a, const RunRecord* b);

} // namespace hayloft
