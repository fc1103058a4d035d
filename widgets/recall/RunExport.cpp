// SPDX-License-Identifier: GPL-3.0-or-later
// What the recall panel shows, as figure, table and records in files and for the clipboard.
#include "widgets/recall/RunExport.h"

#include "core/base/Files.h"
#include "core/base/Format.h"
#include "widgets/recall/FigureFile.h"

#include <QDir>
#include <QFileInfo>
#include <QPainter>

namespace hayloft {

namespace {

/// "Passkey, 4 digits · prefix keys · larimar-mini, seed 1", quoted because it holds commas.
std::string runField(const RunRecord& record)
{
    std::string field = "\"";
    for (const char c : runTitle(record).toStdString()) {
        if (c == '"')
            field += '"';
        field += c;
    }
    return field + ", seed " + std::to_string(record.plan.seed) + '"';
}

FigureSheet sheetOf(const RunExport& run)
{
    if (!run.lengths)
        return heatmapSheet(run.heatmap, run.options);
    const auto play = [picture = *run.lengths](QPainter& painter) mutable {
        // Qt keeps a picture's size in inches; the sheet counts logical pixels.
        painter.scale(qreal(picture.logicalDpiX()) / painter.device()->logicalDpiX(), qreal(picture.logicalDpiY()) / painter.device()->logicalDpiY());
        picture.play(&painter);
    };
    return { play, run.heatmap.title, run.heatmap.caption };
}

std::string tableOf(const RunExport& run) { return run.b ? differenceCsv(*run.a, *run.b) : toCsv(*run.a); }

} // namespace

std::string differenceCsv(const RunRecord& a, const RunRecord& b)
{
    const HeatmapData map = differenceOf(a, b);
    const std::string runs = runField(a) + "," + runField(b);
    std::string csv = "length_tokens,depth_percent,recall_a,recall_b,difference,ci95_low,ci95_high,"
                      "hits_a,trials_a,hits_b,trials_b,run_a,run_b\r\n";
    for (std::size_t i = 0; i < map.cells.size(); ++i) {
        const HeatmapCell& cell = map.cells[i];
        if (!cell.measured)
            continue;
        csv += formatted("%lld,%.10g,%.10g,%.10g,%.10g,%.10g,%.10g,%d,%d,%d,%d,", static_cast<long long>(map.lengths[i / map.depths.size()]),
            map.depths[i % map.depths.size()], double(cell.hits) / cell.trials, double(cell.otherHits) / cell.otherTrials, cell.value,
            cell.ci95.low, cell.ci95.high, cell.hits, cell.trials, cell.otherHits, cell.otherTrials);
        csv += runs + "\r\n";
    }
    return csv;
}

QStringList saveRecords(const QString& path, const RunRecord& a, const RunRecord* b)
{
    if (!b) {
        saveRunRecord(a, path.toStdString());
        return { path };
    }
    const QFileInfo file(path);
    const auto beside = [&file](const QString& letter) {
        return file.dir().filePath(QStringLiteral("%1-%2.json").arg(file.completeBaseName(), letter));
    };
    const QStringList paths { beside(QStringLiteral("A")), beside(QStringLiteral("B")) };
    for (const QString& name : paths) // the file dialog asked about another name
        if (QFileInfo::exists(name))
            throw Error("the two records of a difference need new names, but this file exists", name.toStdString(), "choose another name");
    saveRunRecord(a, paths[0].toStdString());
    saveRunRecord(*b, paths[1].toStdString());
    return paths;
}

QStringList writeExport(const RunExport& run, const QString& path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == QLatin1String("json"))
        return saveRecords(path, *run.a, run.b.get());
    if (suffix == QLatin1String("csv"))
        writeFileAtomically(path.toStdString(), tableOf(run));
    else
        saveSheet(sheetOf(run), path, run.options);
    return { path };
}

FigureCopy copyOf(const RunExport& run)
{
    FigureCopy copy;
    copy.image = sheetImage(sheetOf(run), run.options);
    copy.png = pngBytes(copy.image);
    copy.table = QString::fromStdString(tableOf(run));
    return copy;
}

} // namespace hayloft
