// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/Machine.h"

#include "core/memory/RowSearch.h"
#include "core/model/TorchApi.h"

#include <algorithm>
#include <chrono>
#include <dlfcn.h>
#include <fstream>
#include <iomanip>
#include <sstream>
#include <thread>

namespace hayloft {

namespace {

// OpenBLAS is whatever libblas.so.3 stands for: its own functions are there only sometimes.
template <typename Function> Function* loadedFunction(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

std::string cpuName()
{
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);)
        if (line.rfind("model name", 0) == 0 && line.find(':') + 2 < line.size())
            return line.substr(line.find(':') + 2);
    return "unknown";
}

std::string instructionSet()
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        return "avx512";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return "avx2";
    return "sse2";
#elif defined(__aarch64__)
    return "neon";
#else
    return "unknown";
#endif
}

std::string openBlasCore()
{
    const auto core = loadedFunction<char*()>("openblas_get_corename");
    return core ? core() : "";
}

// "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ..." -> "OpenBLAS 0.3.21"
std::string blasName()
{
    if (const auto config = loadedFunction<char*()>("openblas_get_config")) {
        std::istringstream words(config());
        std::string name, version;
        words >> name >> version;
        return name + " " + version;
    }
    return "reference BLAS";
}

double secondsOf(const std::function<void()>& work)
{
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

} // namespace

MachineInfo describeMachine(const std::string& device)
{
    MachineInfo info;
    info.cpu = cpuName();
    info.isa = instructionSet();
    info.blas = blasName();
    info.blasCore = openBlasCore();
    info.threads = computeThreads();
    info.libtorch = HAYLOFT_TORCH_VERSION;
    info.device = device;
    return info;
}

std::vector<std::string> computeDevices()
{
    std::vector<std::string> devices { "cpu" };
    if (hasCudaDriver())
        for (auto& name : torchApi().cudaDevices())
            devices.push_back(std::move(name));
    return devices;
}

double measureGflops(int n, int repeats)
{
    const Matrix a = Matrix::Random(n, n), b = Matrix::Random(n, n);
    Matrix product(n, n);
    double best = 0;
    for (int i = 0; i < repeats; ++i) {
        const double seconds = secondsOf([&] { multiplyTransposed(a, b, product); });
        best = std::max(best, 2.0 * n * n * n / seconds * 1e-9);
    }
    return best;
}

std::string blasAdvice()
{
    const std::string core = openBlasCore();
    if (core.empty())
        return "The slow reference BLAS is in use: install libopenblas0-pthread (up to 77 times faster).";
    if (core == "Prescott" && instructionSet() != "sse2")
        return "OpenBLAS takes this CPU for a Prescott: start the program through bin/ (up to 5 times faster).";
    return "";
}

} // namespace hayloft
