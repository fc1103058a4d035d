// SPDX-License-Identifier: GPL-3.0-or-later
// Everything the workbench remembers between starts, in one typed place.
#pragma once

#include "core/recall/SweepPlan.h"
#include "widgets/recall/LoadSettings.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace hayloft {

enum class ThemeChoice { System, Light, Dark };

/// What the user chose, as plain values. The defaults are those of a first start.
struct Settings {
    ThemeChoice theme = ThemeChoice::System;
    QByteArray geometry;  ///< QMainWindow::saveGeometry
    QByteArray layout;    ///< QMainWindow::saveState
    QStringList recentFiles;
    QString lastFolder;
    QString modelDirectory; ///< empty = the bundled model
    bool slowMotionRuns = true; ///< slow motion goes on by itself (else step by step)
    int slowMotionMs = 900;

    QString needleText, needlePrefix, needleQuestion; ///< empty = the San Francisco needle
    double needleDepth = 50;                          ///< percent

    QString keys = QStringLiteral("prefix");
    QString keyMemory = QStringLiteral("grow");
    QString addressing = QStringLiteral("nearest");
    int prefixTokens = 0; ///< 0 = the model's default
    int rows = 4096;      ///< K of a fixed key memory
    QString prompted = QStringLiteral("none");
    int newtonSteps = 0;  ///< 0 = exact inverses
    double newtonScale = NewtonSettings().scale;
    int reads = 1;
    double observationNoise = 0;
    bool sampled = false;
    double weightLogVariance = 0;
    QString segmenter = QStringLiteral("sentence");
    int maxTokens = 0;    ///< 0 = the model's longest segment

    bool sweepSaved = false; ///< the sweep fields below hold a plan that was run
    QString sweepTask = QStringLiteral("passkey");
    int sweepDigits = 4;
    QString sweepLengths, sweepDepths; ///< comma-separated
    QString sweepPlacement = QStringLiteral("boundary");
    int sweepTrials = 10, sweepControls = 0;
    quint64 sweepSeed = 1;
    bool sweepOverLoads = false;
    QString sweepLoads;          ///< comma-separated, N/K; empty = the panel's own
    qint64 sweepLoadLength = 0;  ///< tokens; 0 = the panel's own
    QStringList loadCurves;      ///< files of the curves in the chart by load
    QStringList sweepTaskSet; ///< keys of the tasks that were last run as a set; empty = RULER's

    bool operator==(const Settings&) const = default;
};

inline constexpr int kMaxRecentFiles = 12;

/// The memory settings of the query panel.
MemorySettings memorySettingsOf(const Settings& settings);
void setMemorySettings(Settings& settings, const MemorySettings& memory);
/// Segmenter options; maxTokens falls back to (and never exceeds) the model's.
SegmenterOptions segmenterOf(const Settings& settings, int modelMaxTokens);
/// Copies the plan's grid and task into the settings.
void rememberPlan(Settings& settings, const SweepPlan& plan);
/// Copies its grid only: a set's tasks are not the one that the panel shows.
void rememberGrid(Settings& settings, const SweepPlan& plan);
/// Copies the loads, and the plan but for its lengths: the grid's own are remembered beside them.
void rememberLoads(Settings& settings, const SweepPlan& plan, const std::vector<double>& loads);
/// What was remembered of them; bad remembered text gives no loads.
LoadAxis loadAxisOf(const Settings& settings);
/// Applies the remembered grid and task to a plan (its needles stay). Bad remembered text leaves the plan as it was.
void recallPlan(const Settings& settings, SweepPlan& plan);
/// Puts a file at the head of the recent files.
void rememberFile(Settings& settings, const QString& path);

} // namespace hayloft
