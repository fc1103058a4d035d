// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli: the headless workbench.
#include "app/cli/Cli.h"
#include "app/cli/Interrupt.h"
#include "app/cli/RankGroup.h"

#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string_view>
#include <unistd.h>

namespace {

using namespace hayloft;

/// All but the first process print nothing: what they have to say goes to it.
int runRank(RankGroup& ranks, int argc, char** argv, CliServices services)
{
    std::ostringstream out, err;
    services.ranks = &ranks;
    if (ranks.isFirst())
        return ranks.finish(runCli(argc, argv, std::cout, std::cerr, services), "");
    services.progressBar = false;
    const int code = runCli(argc, argv, out, err, services);
    return ranks.finish(code, code == 0 ? "" : errorIn(err.str()));
}

int runSweep(int argc, char** argv, CliServices services)
{
    std::unique_ptr<RankGroup> ranks;
    try {
        ranks = RankGroup::join(services.stop);
    } catch (const std::exception& error) {
        const char* rank = std::getenv("OMPI_COMM_WORLD_RANK");
        if (!rank || std::string_view(rank) == "0") // once, not once for each process
            std::cerr << "hayloft-cli: " << error.what() << std::endl;
        return kExitFailed;
    }
    if (!ranks)
        return runCli(argc, argv, std::cout, std::cerr, services);
    writeErrorsToTheTerminalOfMpirun();
    services.progressBar = ::isatty(STDERR_FILENO) != 0;
    return runRank(*ranks, argc, argv, services);
}

} // namespace

int main(int argc, char** argv)
{
    const Interrupt interrupt;
    const CliServices services { &openModel, interrupt.token(), ::isatty(STDERR_FILENO) != 0, nullptr };
    // Only sweeps are split over processes.
    if (argc > 1 && std::string_view(argv[1]) == "sweep")
        return runSweep(argc, argv, services);
    return runCli(argc, argv, std::cout, std::cerr, services);
}
