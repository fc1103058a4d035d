// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli info: versions, BLAS and kernel, threads, devices, speed, and the bundled model's card.
#include "app/cli/Commands.h"
#include "core/base/Files.h"
#include "core/base/Format.h"
#include "core/base/Paths.h"
#include "core/model/Machine.h"

#include <ostream>

#ifdef HAYLOFT_FIGURES
#include <QtGlobal>
#endif

namespace hayloft {

namespace {

struct InfoSettings {
    int threads = 0;
    bool quick = false;
};

std::string qtVersion()
{
#ifdef HAYLOFT_FIGURES
    return qVersion();
#else
    return "built without";
#endif
}

std::string bundledCard()
{
    const auto directory = modelDirectory("larimar-mini");
    std::error_code ignored;
    if (!std::filesystem::exists(directory / "MODEL_CARD.md", ignored))
        return "No bundled model: " + directory.string() + "; train one with hayloft-cli train.\n";
    return "Bundled model: " + directory.string() + "\n\n" + readFile(directory / "MODEL_CARD.md", std::size_t { 1 } << 20);
}

void runInfo(const InfoSettings& settings, const CliContext& context)
{
    useThreads(settings.threads);
    const MachineInfo machine = describeMachine();
    std::ostream& out = context.out;
    out << "Hayloft        " << HAYLOFT_VERSION << "\n"
        << "LibTorch       " << machine.libtorch << "\n"
        << "Eigen          " << EIGEN_WORLD_VERSION << "." << EIGEN_MAJOR_VERSION << "." << EIGEN_MINOR_VERSION << "\n"
        << "sentencepiece  " << HAYLOFT_SENTENCEPIECE_VERSION << "\n"
        << "Qt             " << qtVersion() << "\n"
        << "CPU            " << machine.cpu << " (" << machine.isa << ")\n"
        << "BLAS           " << machine.blas << (machine.blasCore.empty() ? "" : ", kernel " + machine.blasCore) << "\n"
        << "threads        " << machine.threads << "\n";
    for (const std::string& device : computeDevices())
        out << "device         " << device << "\n";
    if (!settings.quick)
        out << formatted("sgemm 4096^3   %.1f GFLOP/s (best of 5)\n", measureGflops(4096, 5));
    if (const std::string advice = blasAdvice(); !advice.empty())
        out << advice << "\n";
    out << "\n" << bundledCard();
}

} // namespace

void addInfoCommand(CLI::App& app, CliContext& context)
{
    CLI::App* command = app.add_subcommand("info", "Versions, BLAS and kernel, threads, devices, speed, the bundled model");
    const auto settings = std::make_shared<InfoSettings>();
    command->add_option("--threads", settings->threads, "CPU threads (0: one per core)")->capture_default_str()->type_name("N");
    command->add_flag("--quick", settings->quick, "Leave out the measurement of matrix products");
    command->footer("Examples:\n"
                    "  hayloft-cli info\n"
                    "  OPENBLAS_CORETYPE=Haswell hayloft-cli info   # try another kernel");
    command->callback([settings, &context] { runInfo(*settings, context); });
}

} // namespace hayloft
