// SPDX-License-Identifier: GPL-3.0-or-later
// What this machine computes with: CPU, BLAS, threads, devices. No LibTorch in this header.
#pragma once

#include "core/store/RunRecord.h"

#include <string>
#include <vector>

namespace hayloft {

/// Sets ATen's and OpenBLAS's thread count for the calling thread (0 = all cores). Call first on the compute thread.
void useThreads(int threads);
/// For run records and About.
MachineInfo describeMachine(const std::string& device = "cpu");
/// Names of devices LibTorch can use: "cpu", "cuda:0 NVIDIA ...".
std::vector<std::string> computeDevices();
/// Best of `repeats` float32 matrix products of size n, in GFLOP/s.
double measureGflops(int n = 4096, int repeats = 5);
/// One line of advice when the slow reference BLAS is in use, else empty.
std::string blasAdvice();

} // namespace hayloft
