// SPDX-License-Identifier: GPL-3.0-or-later
// What needs LibTorch: training, and models on a GPU. It is loaded when it is asked for, because it takes longer to load
// (0.7 s) than all the rest of a start. Internal.
#pragma once

#include "core/model/ContentTraining.h"
#include "core/model/LatentModel.h"
#include "core/model/Training.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hayloft {

/// What the module offers. Built with the same compiler from the same sources: C++ types may cross.
struct TorchApi {
    const char* version; ///< Hayloft's
    std::unique_ptr<LatentModel> (*open)(const std::filesystem::path& directory, const std::string& device);
    std::vector<std::string> (*cudaDevices)();
    TrainingSummary (*train)(const TrainingOptions& options, const Task& task);
    ContentTrainingSummary (*trainContentKeys)(const ContentTrainingOptions& options, const Task& task);
};

/// Loads the module; the first call takes about a second. @throws Error
const TorchApi& torchApi();
/// Whether this machine has a driver for GPUs that LibTorch could use.
bool hasCudaDriver();

} // namespace hayloft

extern "C" const hayloft::TorchApi* hayloftTorchApi();
