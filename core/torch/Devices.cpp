// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/Devices.h"

#include "core/base/Error.h"
#include "core/compute/ParallelJobs.h"

#include <filesystem>
#include <fstream>

namespace hayloft {

namespace {

// One a device, in the driver's order; LibTorch's own names need headers that only a CUDA build has.
std::vector<std::string> nvidiaNames()
{
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& gpu : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", none)) {
        std::ifstream information(gpu.path() / "information");
        for (std::string line; std::getline(information, line);)
            if (line.rfind("Model:", 0) == 0)
                names.push_back(line.substr(std::min(line.size(), line.find_first_not_of(" \t", 6))));
    }
    return names;
}

} // namespace

torch::Device deviceFromName(const std::string& name)
{
    if (name == "cpu")
        return torch::kCPU;
    if (name == "auto")
        return torch::cuda::is_available() ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
    if (name.rfind("cuda", 0) == 0) {
        if (!torch::cuda::is_available())
            throw Error("no CUDA device", name, "use --device cpu, or a LibTorch built with CUDA");
        return torch::Device(name == "cuda" ? "cuda:0" : name);
    }
    throw Error("unknown device", name, "use cpu, cuda or auto");
}

void useTorchThreads(int threads)
{
    useThreads(threads);
    at::set_num_threads(computeThreads());
}

std::vector<std::string> cudaDevices()
{
    std::vector<std::string> devices;
    if (!torch::cuda::is_available())
        return devices;
    const auto names = nvidiaNames();
    const std::size_t count = torch::cuda::device_count();
    for (std::size_t i = 0; i < count; ++i)
        devices.push_back("cuda:" + std::to_string(i) + (names.size() == count ? " " + names[i] : ""));
    return devices;
}

} // namespace hayloft
