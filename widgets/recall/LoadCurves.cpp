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
        m_live->curve = int(m_records.size());
        m_records.emplace_back();
        m_sources.push_back({ {}, tr("running") });
    }
    m_records[std::size_t(m_live->curve)].runs.push_back(point);
    update();
}

void LoadCurves::finish(const LoadEntry& entry)
{
    if (!m_live || m_live->curve < 0) {
        m_live.reset();
        open(entry);
        return;
    }
    const auto curve = std::size_t(m_live->curve);
    m_live.reset();
    m_records[curve] = *entry.record;
    m_sources[curve] = { entry.path, {} };
    update();
}

void LoadCurves::end()
{
    if (!m_live)
        return;
    if (m_live->curve >= 0)
        m_sources[std::size_t(m_live->curve)].state = tr("not finished");
    m_live.reset();
    update();
}

void LoadCurves::open(const LoadEntry& entry)
{
    const auto same = std::find_if(m_sources.begin(), m_sources.end(),
                                   [&](const Source& source) { return !entry.path.isEmpty() && source.path == entry.path; });
    if (same != m_sources.end()) {
        m_records[std::size_t(same - m_sources.begin())] = *entry.record;
    } else {
        m_records.push_back(*entry.record);
        m_sources.push_back({ entry.path, {} });
    }
    update();
}

void LoadCurves::remove(int line)
{
    if (line < 0 || line >= int(m_records.size()) || (m_live && m_live->curve == line))
        return;
    m_records.erase(m_records.begin() + line);
    m_sources.erase(m_sources.begin() + line);
    if (m_live && m_live->curve > line)
        --m_live->curve;
    update();
}

void LoadCurves::clear()
{
    const bool keeps = m_live && m_live->curve >= 0;
    std::vector<LoadRecord> records;
    std::vector<Source> sources;
    if (keeps) {
        records.push_back(std::move(m_records[std::size_t(m_live->curve)]));
        sources.push_back(m_sources[std::size_t(m_live->curve)]);
        m_live->curve = 0;
    }
    m_records = std::move(records);
    m_sources = std::move(sources);
    update();
}

std::vector<LoadLine> LoadCurves::lines() const
{
    std::vector<LoadLine> lines;
    for (std::size_t i = 0; i < m_records.size(); ++i) {
        const bool running = m_live && m_live->curve == int(i);
        lines.push_back({ m_figure.curves[i].title, detailOf(m_figure.curves[i], m_records[i], m_sources[i].state), m_sources[i].path, running });
    }
    if (m_live && m_live->curve < 0)
        lines.push_back({ loadCurveTitle(m_live->memory), tr("running"), {}, true });
    return lines;
}

QStringList LoadCurves::paths() const
{
    QStringList paths;
    for (const Source& source : m_sources)
        if (!source.path.isEmpty())
            paths << source.path;
    return paths;
}

void LoadCurves::update()
{
    m_figure = loadFigureOf(m_records);
    if (m_live)
        m_figure.awaited = m_live->loads;
    Q_EMIT changed();
}

} // namespace hayloft
