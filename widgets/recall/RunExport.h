// SPDX-License-Identifier: GPL-3.0-or-later
// What the recall panel shows, as figure, table and records in files and for the clipboard.
#pragma once

#include "widgets/Heatmap.h"

#include <QByteArray>
#include <QPicture>
#include <QStringList>
#include <memory>
#include <optional>
#include <string>

namespace hayloft {

/// One row per cell that both runs measured, with recall, hits and trials of both; RFC 4180, header line first.
/// @throws Error when the runs share no cell.
std::string differenceCsv(const RunRecord& a, const RunRecord& b);
/// Writes the record. A difference has no record of its own: with a `b` the records of both runs are written, as
/// NAME-A.json and NAME-B.json. @returns the files' names. @throws Error, also when one of these two exists already
QStringList saveRecords(const QString& path, const RunRecord& a, const RunRecord* b);


/// Everything an export needs, so that it can be painted, compressed and written away from the GUI thread.
struct RunExport {
    HeatmapData heatmap;
    std::optional<QPicture> lengths; ///< the plot by length, to be exported instead of the heatmap
    FigureOptions options;
    std::shared_ptr<const RunRecord> a, b; ///< b of a difference only
};

/// Writes by the suffix: .png, .svg, .pdf (the figure), .csv (its table) or .json (the record; of a difference both
/// records, as NAME-A.json and NAME-B.json). Thread rule: any thread. @returns the files written @throws Error
QStringList writeExport(const RunExport& run, const QString& path);

/// For the clipboard: the image also as PNG, so that nobody compresses it while another program pastes.
struct FigureCopy {
    QImage image;
    QByteArray png;
    QString table;
};

/// Thread rule: any thread. @throws Error
FigureCopy copyOf(const RunExport& run);

} // namespace hayloft

Q_DECLARE_METATYPE(hayloft::RunExport)
