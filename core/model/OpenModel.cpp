// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/CpuLarimar.h"
#include "core/compute/PrecisionName.h"
#include "core/model/TorchApi.h"

namespace hayloft {

std::unique_ptr<LatentModel> openModel(const std::filesystem::path& directory, const std::string& device, Precision precision)
{
    if (device == "cpu" || (device == "auto" && (!hasCudaDriver() || torchApi().cudaDevices().empty())))
        return std::make_unique<CpuLarimar>(directory, bestKernels(), precision);
    if (device != "auto" && device.rfind("cuda", 0) != 0)
        throw Error("unknown device", device, "use cpu, cuda or auto");
    if (precision != Precision::Float32)
        throw Error("models on a GPU compute in float32", "--precision " + std::string(nameOf(precision)), "leave it out, or use --device cpu");
    return torchApi().open(directory, device);
}

} // namespace hayloft
