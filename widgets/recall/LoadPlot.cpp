// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/recall/LoadPlot.h"

#include "core/compute/PrecisionName.h"
#include "core/store/RunRecordWords.h"
#include "widgets/recall/LoadChart.h"
#include "widgets/recall/PlotSheet.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>
#include <set>

namespace hayloft {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("hayloft::LoadPlot", text); }

const MemorySettings& memoryOf(const LoadRecord& record) { return record.runs.front().run.plan.memory; }

bool readsNearest(const LoadRecord& record) { return memoryOf(record).addressing == Addressing::NearestRow; }

/// What differs between records of the same kind of keys.
QString distinction(const LoadRecord& record)
{
    const SweepPlan& plan = record.runs.front().run.plan;
    QString words = QStringLiteral("%1, %2, seed %3").arg(QString::fromStdString(std::string(nameOf(plan.task))),
        lengthLabel(plan.lengths.front())).arg(plan.seed);
    const Precision precision = record.runs.front().run.model.precision;
    for (const std::string& more : { promptWords(plan.memory), precision == Precision::Float32 ? std::string() : std::string(nameOf(precision)),
             plan.memory.latents == LatentFormat::Float32 ? std::string() : "latents of " + std::string(nameOf(plan.memory.latents)), plan.memory.addressing == Addressing::PseudoInverse ? inverseWords(plan.memory) : std::string() })
        if (!more.empty())
            words += QStringLiteral(", ") + QString::fromStdString(more);
    return words;
}

QPicture plotPicture(const LoadFigure& figure, const QSize& size, const QFont& font)
{
    QCustomPlot plot;
    plot.resize(size);
    drawLoads(plot, figure, coloursOf(paperPalette()), font);
    return pictureOf(plot, size);
}

/// The same sweep twice still makes two names.
void numberTheSame(std::vector<LoadCurve>& curves)
{
    std::map<QString, int> seen;
    for (LoadCurve& curve : curves)
        if (const int times = ++seen[curve.title]; times > 1)
            curve.title += tr(" no. %1").arg(times);
}

} // namespace

QString loadCurveTitle(const MemorySettings& memory)
{
    const QString keys = tr("%1 keys").arg(QString::fromStdString(std::string(nameOf(memory.keys))));
    return memory.addressing == Addressing::PseudoInverse ? tr("%1, pseudo-inverse").arg(keys) : keys;
}

LoadCurvePoint loadPointOf(const LoadRun& point)
{
    const LoadCounts counts = countsOf(point.run);
    return { point.load, counts.hits, counts.trials, counts.ci95, point.segments, point.run.result.rows };
}

std::vector<LoadCurvePoint> loadPointsOf(const LoadRecord& record)
{
    std::vector<LoadCurvePoint> points;
    for (const LoadRun& point : record.runs)
        points.push_back(loadPointOf(point));
    return points;
}

LoadFigure loadFigureOf(const LoadRecords& records)
{
    std::vector<std::vector<LoadCurvePoint>> points;
    for (const auto& record : records)
        points.push_back(loadPointsOf(*record));
    return loadFigureOf(records, points);
}

LoadFigure loadFigureOf(const LoadRecords& records, const std::vector<std::vector<LoadCurvePoint>>& points)
{
    LoadFigure figure;
    const bool nearest = std::all_of(records.begin(), records.end(), [](const auto& record) { return readsNearest(*record); });
    const auto titleOf = [nearest](const LoadRecord& record) {
        const QString title = loadCurveTitle(memoryOf(record));
        return !nearest && readsNearest(record) ? tr("%1, nearest row").arg(title) : title;
    };
    std::multiset<QString> kinds;
    for (const auto& record : records)
        kinds.insert(titleOf(*record));
    for (std::size_t i = 0; i < records.size(); ++i) {
        QString title = titleOf(*records[i]);
        if (kinds.count(title) > 1)
            title += QStringLiteral(" (%1)").arg(distinction(*records[i]));
        figure.curves.push_back({ title, points[i] });
    }
    numberTheSame(figure.curves);
    figure.title = nearest ? tr("Recall by load of fixed key memories") : tr("Recall by load");
    figure.caption = QString::fromStdString(captionOf(records));
    if (records.size() > 1)
        figure.caption += tr(" Points of one load stand side by side.");
    figure.caption.replace(QStringLiteral(" = "), QStringLiteral("\u00a0=\u00a0")); // no line ends within "N = 716"
    return figure;
}

QSize loadFigureSize() { return { 760, 520 }; }

FigureSheet loadSheet(const LoadFigure& figure, const FigureOptions& options)
{
    return plotSheet(figure.title, figure.caption, options, [&](const QSize& size, const QFont& font) { return plotPicture(figure, size, font); });
}

} // namespace hayloft
