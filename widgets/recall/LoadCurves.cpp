// SPDX-License-Identifier: GPL-3.0-or-later
// The curves that stand in one chart of recall by load: finished, opened, and the one under way.
#include "widgets/recall/LoadCurves.h"

#include <QLocale>

#include <algorithm>

namespace hayloft {

namespace {

QString detailOf(const LoadCurve& curve, const LoadRecord& record, const QString& state)
{
    qint64 hits = 0, trials = 0;
    for (const LoadCurvePoint& point : curve.points) {
        hits += point.hits;
        trials += point.trials;
    }
    const QLocale locale;
    const auto load = [](double value) { return QString::number(value, 'g', 4); };
    const double first = curve.points.front().load, last = curve.points.back().load;
    const std::string_view task = nameOf(record.runs.front().run.plan.task);
    QStringList words { first == last ? LoadCurves::tr("load %1").arg(load(first)) : LoadCurves::tr("loads %1 to %2").arg(load(first), load(last)),
                        LoadCurves::tr("%1/%2 hits").arg(locale.toString(hits), locale.toString(trials)),
                        state.isEmpty() ? QString::fromUtf8(task.data(), qsizetype(task.size())) : state };
    return words.join(QStringLiteral(" · "));
}

} // namespace

LoadCurves::Curve LoadCurves::curveOf(const LoadEntry& entry) { return { entry.record, loadPointsOf(*entry.record), entry.path }; }

void LoadCurves::begin(const SweepPlan& plan, const std::vector<double>& loads)
{
    end();
    m_live = Live { plan.memory, loads };
    update();
}

void LoadCurves::add(const LoadRun& point)
{
    if (!m_live)
        return;
    if (m_live->curve < 0) {
        m_live->curve = int(m_curves.size());
        m_live->record = std::make_shared<LoadRecord>();
        m_curves.push_back({ m_live->record, {}, {}, tr("running") });
    }
    m_live->record->runs.push_back(point);
    m_curves[std::size_t(m_live->curve)].points.push_back(loadPointOf(point));
    update();
}

void LoadCurves::finish(const LoadEntry& entry)
{
    if (!m_live || m_live->curve < 0) {
        m_live.reset();
        open(entry);
        return;
    }
    m_curves[std::size_t(m_live->curve)] = curveOf(entry);
    m_live.reset();
    update();
}

void LoadCurves::end()
{
    if (!m_live)
        return;
    if (m_live->curve >= 0)
        m_curves[std::size_t(m_live->curve)].state = tr("not finished");
    m_live.reset();
    update();
}

void LoadCurves::open(const LoadEntry& entry)
{
    const auto same = std::find_if(m_curves.begin(), m_curves.end(),
                                   [&](const Curve& curve) { return !entry.path.isEmpty() && curve.path == entry.path; });
    if (same == m_curves.end())
        m_curves.push_back(curveOf(entry));
    else
        *same = curveOf(entry);
    update();
}

void LoadCurves::remove(int line)
{
    if (line < 0 || line >= int(m_curves.size()) || isRunning(std::size_t(line)))
        return;
    m_curves.erase(m_curves.begin() + line);
    if (m_live && m_live->curve > line)
        --m_live->curve;
    update();
}

void LoadCurves::clear()
{
    std::vector<Curve> kept;
    if (m_live && m_live->curve >= 0) {
        kept.push_back(std::move(m_curves[std::size_t(m_live->curve)]));
        m_live->curve = 0;
    }
    m_curves = std::move(kept);
    update();
}

LoadRecords LoadCurves::records() const
{
    LoadRecords records;
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        records.push_back(isRunning(i) ? std::make_shared<const LoadRecord>(*m_curves[i].record) : m_curves[i].record);
    return records;
}

std::vector<LoadLine> LoadCurves::lines() const
{
    std::vector<LoadLine> lines;
    for (std::size_t i = 0; i < m_curves.size(); ++i)
        lines.push_back({ m_figure.curves[i].title, detailOf(m_figure.curves[i], *m_curves[i].record, m_curves[i].state), m_curves[i].path, isRunning(i) });
    if (m_live && m_live->curve < 0)
        lines.push_back({ loadCurveTitle(m_live->memory), tr("running"), {}, true });
    return lines;
}

QStringList LoadCurves::paths() const
{
    QStringList paths;
    for (const Curve& curve : m_curves)
        if (!curve.path.isEmpty())
            paths << curve.path;
    return paths;
}

void LoadCurves::update()
{
    LoadRecords records;
    std::vector<std::vector<LoadCurvePoint>> points;
    for (const Curve& curve : m_curves) {
        records.push_back(curve.record);
        points.push_back(curve.points);
    }
    m_figure = loadFigureOf(records, points);
    if (m_live)
        m_figure.awaited = m_live->loads;
    Q_EMIT changed();
}

} // namespace hayloft
