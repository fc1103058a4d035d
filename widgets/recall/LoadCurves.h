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
    /// Of the figure's curves, in their order.
    const std::vector<LoadRecord>& records() const { return m_records; }
    /// The figure's curves, and the one under way that has no point yet.
    std::vector<LoadLine> lines() const;
    /// Files of the curves that have one.
    QStringList paths() const;

Q_SIGNALS:
    void changed();

private:
    struct Source {
        QString path;
        QString state; ///< "running", "not finished", or empty
    };
    struct Live {
        MemorySettings memory;
        std::vector<double> loads;
        int curve = -1; ///< none before the first point
    };
    void update();

    std::vector<LoadRecord> m_records; ///< each with a point or more
    std::vector<Source> m_sources;     ///< of the records
    std::optional<Live> m_live;
    LoadFigure m_figure;
};

} // namespace hayloft
