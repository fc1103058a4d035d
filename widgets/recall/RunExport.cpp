// SPDX-License-Identifier: GPL-3.0-or-later
// What the recall panel shows, as figure, table and records in files and for the clipboard.
#include "widgets/recall/RunExport.h"

#include "core/base/Files.h"
#include "core/base/Format.h"
#include "widgets/recall/LoadExport.h"
#include "widgets/recall/PlotStyle.h"

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
    if (run.sheet)
        return *run.sheet;
    if (!run.lengths)
        return run.grid ? gridSheet(*run.grid, run.options) : heatmapSheet(run.heatmap, run.options);
    const auto play = [picture = *run.lengths](QPainter& painter) { playPicture(painter, picture); };
    return run.grid ? FigureSheet { play, run.grid->title, run.grid->caption } : FigureSheet { play, run.heatmap.title, run.heatmap.caption };
}

bool isDifference(const RunExport& run) { return !run.grid && run.runs.size() == 2; }

std::string tableOf(const RunExport& run)
{
    if (run.loads)
        return loadCsv(*run.loads);
    return isDifference(run) ? differenceCsv(*run.runs[0], *run.runs[1]) : toCsv(run.runs);
}

/// What tells the records' names apart: "A", or "3-niah_single_1", so that they stand in the figure's order.
QString recordMark(const RunExport& run, std::size_t index)
{
    if (run.loads)
        return loadMark(*run.loads, index);
    if (isDifference(run))
        return index == 0 ? QStringLiteral("A") : QStringLiteral("B");
    const RecallTask& task = run.runs[index]->plan.task;
    const std::string_view name = nameOf(task);
    QString mark = QString::fromUtf8(name.data(), qsizetype(name.size()));
    if (task.kind == TaskKind::Passkey)
        mark += QString::number(task.digits);
    const int width = run.runs.size() > 9 ? 2 : 1;
    return QStringLiteral("%1-%2").arg(index + 1, width, 10, QLatin1Char('0')).arg(mark);
}

std::size_t recordCount(const RunExport& run) { return run.loads ? run.loads->size() : run.runs.size(); }

void saveRecord(const RunExport& run, std::size_t index, const std::string& file)
{
    if (run.loads)
        writeFileAtomically(file, toJson(*(*run.loads)[index]));
    else
        saveRunRecord(*run.runs[index], file);
}

QStringList recordNames(const RunExport& run, const QString& path)
{
    const std::size_t count = recordCount(run);
    if (count == 1)
        return { path };
    QStringList names;
    const QFileInfo file(path);
    for (std::size_t i = 0; i < count; ++i)
        names << file.dir().filePath(QStringLiteral("%1-%2.json").arg(file.completeBaseName(), recordMark(run, i)));
    return names;
}

/// The file dialog asked about one name: the others must be new.
void checkNew(const QStringList& names, const QString& asked)
{
    for (const QString& name : names)
        if (name != asked && QFileInfo::exists(name))
            throw Error("an export of several files needs new names, but this file exists", name.toStdString(), "choose another name");
}

QStringList saveRecords(const RunExport& run, const QString& path)
{
    const QStringList names = recordNames(run, path);
    checkNew(names, path);
    for (std::size_t i = 0; i < recordCount(run); ++i)
        saveRecord(run, i, names[qsizetype(i)].toStdString());
    return names;
}

QStringList writeOne(const RunExport& run, const QString& path)
{
    const QString suffix = QFileInfo(path).suffix().toLower();
    if (suffix == QLatin1String("json"))
        return saveRecords(run, path);
    if (suffix == QLatin1String("csv"))
        writeFileAtomically(path.toStdString(), tableOf(run));
    else
        saveSheet(sheetOf(run), path, run.options);
    return { path };
}

QStringList writeTogether(const RunExport& run, const QString& path)
{
    const QFileInfo file(path);
    QStringList names, all;
    for (const char* suffix : { "pdf", "svg", "png", "csv", "json" })
        names << file.dir().filePath(QStringLiteral("%1.%2").arg(file.completeBaseName(), QLatin1String(suffix)));
    checkNew(names.mid(0, 4) + recordNames(run, names.last()), path);
    for (const QString& name : names)
        all += writeOne(run, name);
    return all;
}

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

QStringList writeExport(const RunExport& run, const QString& path)
{
    return run.together ? writeTogether(run, path) : writeOne(run, path);
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
