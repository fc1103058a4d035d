// SPDX-License-Identifier: GPL-3.0-or-later
// The tasks that come ready-made: passkeys, the San Francisco needle and RULER's, and sets of them.
#pragma once

#include "core/recall/RecallTask.h"

#include <QString>
#include <QStringList>
#include <vector>

namespace hayloft {

/// "Passkey, 4 digits", "RULER niah_single_1", "San Francisco needle", "3 needles".
QString taskTitle(const RecallTask& task);
/// The same, but RULER's own name of its tasks: "niah_single_1".
QString shortTaskTitle(const RecallTask& task);
RecallTask passkeyTask(int digits);
RecallTask sanFranciscoTask();
RecallTask rulerTask(RulerTask task);

/// A task that a set can hold.
struct TaskPreset {
    QString key; ///< "passkey-4", "san-francisco", or RULER's name: for settings
    RecallTask task;
};
/// Passkeys of 3, 4 and 7 digits, San Francisco, and RULER's eight.
std::vector<TaskPreset> taskPresets();

/// Tasks that are run together, by the keys of their presets.
struct TaskSet {
    QString title;
    QStringList keys;
};
std::vector<TaskSet> taskSets();

} // namespace hayloft
