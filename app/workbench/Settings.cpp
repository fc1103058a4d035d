// SPDX-License-Identifier: GPL-3.0-or-later
// Conversions between remembered settings and core's plain values.
#include "app/workbench/Settings.h"

#include "core/recall/GenerativeReader.h"
#include "core/recall/LoadSweep.h"

#include <algorithm>

namespace hayloft {

namespace {

QString text(std::string_view name)
{
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

template <typename Number>
QString joined(const std::vector<Number>& numbers)
{
    QStringList list;
    for (const Number number : numbers)
        list << QString::number(number);
    return list.join(QLatin1Char(','));
}

void rememberTask(Settings& settings, const RecallTask& task)
{
    settings.sweepTask = text(nameOf(task));
    settings.sweepPlacement = text(nameOf(task.placement));
    settings.sweepDigits = task.digits;
}

/// What sweeps over lengths and over loads have in common.
void rememberTrials(Settings& settings, const SweepPlan& plan)
{
    settings.sweepSaved = true;
    settings.sweepDepths = joined(plan.depths);
    settings.sweepTrials = plan.trials;
    settings.sweepControls = plan.controls;
    settings.sweepSeed = plan.seed;
}

/// What was remembered of pseudo-inverse addressing; the defaults where it is out of range.
void recallInverses(const Settings& settings, MemorySettings& memory)
{
    MemorySettings remembered = memory;
    remembered.addressing = Addressing::PseudoInverse; // which has all of it checked
    remembered.keys = KeyKind::Prefix;
    remembered.keyMemory = KeyMemoryKind::Fixed;
    remembered.inverse = settings.newtonSteps > 0 ? InverseMode::Newton : InverseMode::Exact;
    if (settings.newtonSteps > 0)
        remembered.newton = {settings.newtonSteps, settings.newtonScale};
    remembered.reads = settings.reads;
    remembered.observationNoise = static_cast<float>(settings.observationNoise);
    remembered.sampled = settings.sampled;
    remembered.weightLogVariance = static_cast<float>(settings.weightLogVariance);
    try {
        checkGenerative(remembered);
    } catch (const Error&) {
        return;
    }
    remembered.addressing = memory.addressing;
    remembered.keys = memory.keys;
    remembered.keyMemory = memory.keyMemory;
    memory = remembered;
}

} // namespace

MemorySettings memorySettingsOf(const Settings& settings)
{
    MemorySettings memory;
    try {
        memory.keys = keyKindFromName(settings.keys.toStdString());
        memory.keyMemory = keyMemoryKindFromName(settings.keyMemory.toStdString());
        memory.addressing = addressingFromName(settings.addressing.toStdString());
        memory.prompted = decoderPromptFromName(settings.prompted.toStdString());
    } catch (const Error&) {
        // A word of a newer or hand-edited settings file: the defaults stand.
    }
    if (memory.keys == KeyKind::Content)
        memory.prompted = DecoderPrompt::None; // these keys refuse it
    memory.prefixTokens = std::max(0, settings.prefixTokens);
    memory.rows = std::max(1, settings.rows);
    recallInverses(settings, memory);
    return memory;
}

void setMemorySettings(Settings& settings, const MemorySettings& memory)
{
    settings.keys = text(nameOf(memory.keys));
    settings.keyMemory = text(nameOf(memory.keyMemory));
    settings.addressing = text(nameOf(memory.addressing));
    settings.prefixTokens = memory.prefixTokens;
    if (memory.keyMemory != KeyMemoryKind::Prior) // whose rows are the model's, not the user's choice
        settings.rows = static_cast<int>(memory.rows);
    settings.prompted = text(nameOf(memory.prompted));
    settings.newtonSteps = memory.inverse == InverseMode::Newton ? memory.newton.steps : 0;
    settings.newtonScale = memory.newton.scale;
    settings.reads = memory.reads;
    settings.observationNoise = memory.observationNoise;
    settings.sampled = memory.sampled;
    settings.weightLogVariance = memory.weightLogVariance;
}

SegmenterOptions segmenterOf(const Settings& settings, int modelMaxTokens)
{
    SegmenterOptions options;
    try {
        options.kind = segmenterKindFromName(settings.segmenter.toStdString());
    } catch (const Error&) {
        // As above.
    }
    const int wanted = settings.maxTokens > 1 ? settings.maxTokens : modelMaxTokens;
    options.maxTokens = std::clamp(wanted, 2, std::max(2, modelMaxTokens));
    return options;
}

void rememberPlan(Settings& settings, const SweepPlan& plan)
{
    rememberGrid(settings, plan);
    rememberTask(settings, plan.task);
}

void rememberGrid(Settings& settings, const SweepPlan& plan)
{
    rememberTrials(settings, plan);
    settings.sweepOverLoads = false;
    settings.sweepLengths = joined(plan.lengths);
}

void rememberLoads(Settings& settings, const SweepPlan& plan, const std::vector<double>& loads)
{
    rememberTrials(settings, plan);
    rememberTask(settings, plan.task);
    settings.sweepOverLoads = true;
    settings.sweepLoads = joined(loads);
    if (!plan.lengths.empty())
        settings.sweepLoadLength = plan.lengths.front();
}

LoadAxis loadAxisOf(const Settings& settings)
{
    LoadAxis axis;
    axis.on = settings.sweepOverLoads;
    axis.lengthTokens = std::max<qint64>(0, settings.sweepLoadLength);
    try {
        if (!settings.sweepLoads.isEmpty())
            axis.loads = parseLoads(settings.sweepLoads.toStdString());
    } catch (const Error&) {
        // The panel's own loads stand.
    }
    return axis;
}

void recallPlan(const Settings& settings, SweepPlan& plan)
{
    if (!settings.sweepSaved)
        return;
    try {
        SweepPlan remembered = plan;
        setTaskName(remembered.task, settings.sweepTask.toStdString());
        remembered.task.placement = placementFromName(settings.sweepPlacement.toStdString());
        remembered.task.digits = std::clamp(settings.sweepDigits, 1, 18);
        if (!settings.sweepLengths.isEmpty()) // only loads were run
            remembered.lengths = parseLengths(settings.sweepLengths.toStdString());
        remembered.depths = parseDepths(settings.sweepDepths.toStdString());
        remembered.trials = std::max(1, settings.sweepTrials);
        remembered.controls = std::max(0, settings.sweepControls);
        remembered.seed = settings.sweepSeed;
        plan = remembered;
    } catch (const Error&) {
        // The remembered text no longer parses: the panel's own plan is better than none.
    }
}

void rememberFile(Settings& settings, const QString& path)
{
    settings.recentFiles.removeAll(path);
    settings.recentFiles.prepend(path);
    while (settings.recentFiles.size() > kMaxRecentFiles)
        settings.recentFiles.removeLast();
}

} // namespace hayloft
