// SPDX-License-Identifier: GPL-3.0-or-later
// The curves that stand in one chart of recall by load: finished, opened, and the one under way.
#pragma once

#include "widgets/recall/LoadPlot.h"

#include <QObject>
#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

namespace hayloft {

/// A record of a sweep over loads, and its file.
struct LoadEntry {
    QString path; ///< may be empty
    std::shared_ptr<const LoadRecord> record;
};

/// How a curve stands in a list.
struct LoadLine {
    QString title, detail;
    QString path;         ///< may be empty
    bool running = false; ///< cannot be removed
};

class LoadCurves : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    /// A sweep begins: its points come by add(), its record by finish(), or end() ends it without one.
    void begin(const SweepPlan& plan, const std::vector<double>& loads);
    void add(const LoadRun& point);
    /// Of the sweep under way; with none, as open().
    void finish(const LoadEntry& entry);
    void end();
    /// Adds a curve; a file that has one already is read anew in its place.
    void open(const LoadEntry& entry);
    /// Takes a line out, unless its sweep is running. The record's file stays.
    void remove(int line);
    /// All but the one that is running.
    void clear();

    const LoadFigure& figure() const { return m_figure; }
    /// Of the figure's curves, in their order: shared, but for a copy of the one that still grows.
    LoadRecords records() const;
    /// The figure's curves, and the one under way that has no point yet.
    std::vector<LoadLine> lines() const;
    /// Files of the curves that have one.
    QStringList paths() const;

Q_SIGNALS:
    void changed();

private:
    struct Curve {
        std::shared_ptr<const LoadRecord> record; ///< with a point or more
        std::vector<LoadCurvePoint> points;       ///< of the record: its trials are counted when they come, and not again
        QString path {};
        QString state {}; ///< "running", "not finished", or empty
    };
    struct Live {
        MemorySettings memory;
        std::vector<double> loads;
        std::shared_ptr<LoadRecord> record {}; ///< its curve's, while it grows
        int curve = -1;                        ///< none before the first point
    };
    static Curve curveOf(const LoadEntry& entry);
    bool isRunning(std::size_t curve) const { return m_live && m_live->curve == int(curve); }
    void update();

    std::vector<Curve> m_curves;
    std::optional<Live> m_live;
    LoadFigure m_figure;
};

} // namespace hayloft
