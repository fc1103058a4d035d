// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks that come ready-made: passkeys, the San Francisco needle and RULER's, and sets of them.
#include "widgets/recall/TaskPresets.h"

#include <QCoreApplication>

namespace hayloft {

namespace {

QString text(const char* source) { return QCoreApplication::translate("hayloft::TaskPresets", source); }

QString nameText(RulerTask task)
{
    const std::string_view name = nameOf(task);
    return QString::fromLatin1(name.data(), qsizetype(name.size()));
}

} // namespace

QString taskTitle(const RecallTask& task)
{
    if (task.kind == TaskKind::Passkey)
        return task.digits == 1 ? text("Passkey, 1 digit") : text("Passkey, %1 digits").arg(task.digits);
    if (task.kind == TaskKind::Ruler)
        return text("RULER %1").arg(nameText(task.ruler));
    if (task.needles.size() == 1 && task.needles.front().text == sanFranciscoNeedle().text)
        return text("San Francisco needle");
    if (task.needles.size() > 1)
        return text("%1 needles").arg(task.needles.size());
    return text("One needle");
}

QString shortTaskTitle(const RecallTask& task)
{
    return task.kind == TaskKind::Ruler ? nameText(task.ruler) : taskTitle(task);
}

RecallTask passkeyTask(int digits)
{
    RecallTask task;
    task.digits = digits;
    return task;
}

RecallTask sanFranciscoTask()
{
    RecallTask task;
    task.kind = TaskKind::Needle;
    task.needles = { sanFranciscoNeedle() };
    return task;
}

RecallTask rulerTask(RulerTask ruler)
{
    RecallTask task;
    task.kind = TaskKind::Ruler;
    task.ruler = ruler;
    return task;
}

std::vector<TaskPreset> taskPresets()
{
    std::vector<TaskPreset> presets;
    for (const int digits : { 3, 4, 7 })
        presets.push_back({ QStringLiteral("passkey-%1").arg(digits), passkeyTask(digits) });
    presets.push_back({ QStringLiteral("san-francisco"), sanFranciscoTask() });
    for (const RulerTask task : kRulerTasks)
        presets.push_back({ nameText(task), rulerTask(task) });
    return presets;
}

std::vector<TaskSet> taskSets()
{
    TaskSet classic { text("Passkey 3, 4, 7 + San Francisco"), {} }, ruler { text("RULER needle family"), {} }, all { text("All"), {} };
    for (const TaskPreset& preset : taskPresets()) {
        (preset.task.kind == TaskKind::Ruler ? ruler : classic).keys << preset.key;
        all.keys << preset.key;
    }
    return { classic, ruler, all };
}

} // namespace hayloft
