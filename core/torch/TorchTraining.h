// SPDX-License-Identifier: GPL-3.0-or-later
// What trainModel and trainContentKeys do once LibTorch is loaded. Internal.
#pragma once

#include "core/model/ContentTraining.h"
#include "core/model/Training.h"

namespace hayloft {

TrainingSummary trainWithTorch(const TrainingOptions& options, const Task& task);
ContentTrainingSummary trainContentKeysWithTorch(const ContentTrainingOptions& options, const Task& task);

} // namespace hayloft
