// SPDX-License-Identifier: GPL-3.0-or-later
// Curves of recall by load as table and records.
#include "widgets/recall/LoadExport.h"

#include "core/base/Format.h"
#include "widgets/recall/LoadPlot.h"

namespace hayloft {

namespace {

std::string quoted(const std::string& text)
{
    std::string field = "\"";
    for (const char c : text) {
        if (c == '"')
            field += '"';
        field += c;
    }
    return field + '"';
}

std::string row(const LoadRun& point)
{
    const LoadCounts counts = countsOf(point.run);
    const SweepPlan& plan = point.run.plan;
    return formatted("%.10g,%lld,%lld,%d,%d,%.10g,%.10g,%.10g,%d,%d,%d,%.10g,%lld,", point.load, static_cast<long long>(point.segments),
               static_cast<long long>(point.run.result.rows), counts.hits, counts.trials, counts.recall, counts.ci95.low, counts.ci95.high,
               counts.rowWrong, counts.rowShared, counts.decodeWrong, counts.rowSegments, static_cast<long long>(plan.lengths.front()))
        + std::string(nameOf(plan.task)) + "," + std::string(nameOf(plan.memory.keys)) + "," + std::string(nameOf(plan.memory.addressing)) + ","
        + std::to_string(plan.seed);
}

} // namespace

std::string loadCsv(const LoadRecords& records)
{
    const LoadFigure figure = loadFigureOf(records);
    std::string csv = "curve,load,segments,rows,hits,trials,recall,ci95_low,ci95_high,row_wrong,row_shared,decode_wrong,row_segments_median,"
                      "length_tokens,task,keys,addressing,seed\r\n";
    for (std::size_t i = 0; i < records.size(); ++i)
        for (const LoadRun& point : records[i]->runs)
            csv += quoted(figure.curves[i].title.toStdString()) + "," + row(point) + "\r\n";
    return csv;
}

QString loadMark(const LoadRecords& records, std::size_t index)
{
    const MemorySettings& memory = records[index]->runs.front().run.plan.memory;
    QString mark = QString::fromStdString(std::string(nameOf(memory.keys)));
    if (memory.addressing == Addressing::PseudoInverse)
        mark += QStringLiteral("-pseudo-inverse");
    return QStringLiteral("%1-%2").arg(index + 1, records.size() > 9 ? 2 : 1, 10, QLatin1Char('0')).arg(mark);
}

} // namespace hayloft
