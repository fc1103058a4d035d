// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli: the headless workbench.
#include "app/cli/Cli.h"
#include "app/cli/Interrupt.h"

#include <iostream>
#include <unistd.h>

int main(int argc, char** argv)
{
    const hayloft::Interrupt interrupt;
    const bool terminal = ::isatty(STDERR_FILENO) != 0;
    return hayloft::runCli(argc, argv, std::cout, std::cerr, { &hayloft::openModel, interrupt.token(), terminal });
}
