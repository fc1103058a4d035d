// SPDX-License-Identifier: GPL-3.0-or-later
// LibTorch's devices. Internal: includes LibTorch.
#pragma once

#include <string>
#include <torch/torch.h>
#include <vector>

namespace hayloft {

/// The device for "cpu", "cuda", "cuda:N" or "auto". @throws Error when it is not there.
torch::Device deviceFromName(const std::string& name);
/// useThreads, and the same for LibTorch, which else begins with a number of its own.
void useTorchThreads(int threads);
/// "cuda:0 NVIDIA ...": those that LibTorch can use beside the CPU.
std::vector<std::string> cudaDevices();

} // namespace hayloft
