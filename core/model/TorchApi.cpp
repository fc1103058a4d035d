// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/TorchApi.h"

#include "core/base/Error.h"
#include "core/text/ProgramFiles.h"

#include <dlfcn.h>

namespace hayloft {

const TorchApi& torchApi()
{
    const auto path = findProgramFile("hayloft_torch.so", "HAYLOFT_TORCH_MODULE");
    // Never closed: LibTorch keeps threads and static objects. Opening it again gives the same module.
    void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!handle)
        throw Error("LibTorch's module cannot be loaded", ::dlerror(), "build or install Hayloft again");
    const auto entry = reinterpret_cast<decltype(&hayloftTorchApi)>(::dlsym(handle, "hayloftTorchApi"));
    if (!entry || std::string(entry()->version) != HAYLOFT_VERSION)
        throw Error("LibTorch's module is of another version", path.string(), "build or install Hayloft again");
    return *entry();
}

bool hasCudaDriver()
{
    std::error_code none;
    return std::filesystem::exists("/proc/driver/nvidia/version", none) || std::filesystem::exists("/dev/nvidiactl", none)
        || std::filesystem::exists("/dev/dxg", none);
}

TrainingSummary trainModel(const TrainingOptions& options, const Task& task) { return torchApi().train(options, task); }

ContentTrainingSummary trainContentKeys(const ContentTrainingOptions& options, const Task& task)
{
    return torchApi().trainContentKeys(options, task);
}

} // namespace hayloft
