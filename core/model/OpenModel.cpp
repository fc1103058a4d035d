// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/CpuLarimar.h"
#include "core/model/TorchApi.h"

namespace hayloft {

std::unique_ptr<LatentModel> openModel(const std::filesystem::path& directory, const std::string& device)
{
    if (device == "cpu" || (device == "auto" && (!hasCudaDriver() || torchApi().cudaDevices().empty())))
        return std::make_unique<CpuLarimar>(directory);
    if (device != "auto" && device.rfind("cuda", 0) != 0)
        throw Error("unknown device", device, "use cpu, cuda or auto");
    return torchApi().open(directory, device);
}

} // namespace hayloft
