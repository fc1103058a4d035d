// SPDX-License-Identifier: GPL-3.0-or-later
// What this machine computes with: CPU, kernels, BLAS, threads, devices.
#pragma once

#include "core/compute/ParallelJobs.h"
#include "core/store/RunRecord.h"

#include <string>
#include <vector>

namespace hayloft {

/// For run records and About.
MachineInfo describeMachine(const std::string& device = "cpu");
/// Names of devices that models run on: "cpu", "cuda:0 NVIDIA ...".
std::vector<std::string> computeDevices();
/// Best of `repeats` float32 matrix products of size n, in GFLOP/s.
double measureGflops(int n = 4096, int repeats = 5);
/// One line of advice when the slow reference BLAS is in use, else empty.
std::string blasAdvice();

} // namespace hayloft
