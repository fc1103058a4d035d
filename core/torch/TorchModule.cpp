// SPDX-License-Identifier: GPL-3.0-or-later
// The module's entry: see TorchApi.
#include "core/base/Error.h"
#include "core/model/TorchApi.h"
#include "core/torch/Devices.h"
#include "core/torch/TorchLarimar.h"
#include "core/torch/TorchTraining.h"

namespace hayloft {

namespace {

std::unique_ptr<LatentModel> openOnDevice(const std::filesystem::path& directory, const std::string& device)
{
    try {
        return std::make_unique<TorchLarimar>(directory, device);
    } catch (const c10::Error& e) {
        throw Error(std::string("LibTorch could not load the model (") + e.what_without_backtrace() + ")", directory.string(), "check the model folder");
    }
}

const TorchApi kApi { HAYLOFT_VERSION, openOnDevice, cudaDevices, trainWithTorch, trainContentKeysWithTorch };

} // namespace

} // namespace hayloft

extern "C" const hayloft::TorchApi* hayloftTorchApi() { return &hayloft::kApi; }
