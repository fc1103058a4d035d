// SPDX-License-Identifier: GPL-3.0-or-later
// What the recall panel shows, as figure, table and records in files and for the clipboard.
#pragma once

#include "core/store/LoadRecord.h"
#include "widgets/recall/FigureFile.h"

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

/// Everything an export needs, so that it can be painted, compressed and written away from the GUI thread.
struct RunExport {
    HeatmapData heatmap;
    std::optional<HeatmapGrid> grid; ///< small multiples, instead of the heatmap
    std::optional<QPicture> lengths; ///< the plot by length, to be exported instead of either
    std::optional<FigureSheet> sheet; ///< made on the GUI thread: the chart by load, to be exported instead of all of them
    std::optional<LoadRecords> loads; ///< its records
    FigureOptions options;
    std::vector<std::shared_ptr<const RunRecord>> runs; ///< one; A and B of a difference; all of small multiples
    bool together = false; ///< figure in all three formats, table and records at once
};

/// Writes by the suffix: .png, .svg, .pdf (the figure), .csv (its table) or .json (the record). Several runs have a record
/// each: NAME-A.json and NAME-B.json of a difference, NAME-1-TASK.json and so on of small multiples, NAME-1-KEYS.json of several curves by load. `together` writes
/// all of it beside the name, whatever its suffix. Names that the user was not asked about are never overwritten.
/// Thread rule: any thread. @returns the files written @throws Error
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
