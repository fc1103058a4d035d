// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Interrupt.h"

#include "app/cli/Cli.h"

#include <unistd.h>

namespace hayloft {

Interrupt::Interrupt()
{
    sigemptyset(&m_signals);
    sigaddset(&m_signals, SIGINT);
    sigaddset(&m_signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
    m_watcher = std::jthread([this](const std::stop_token& end) { watch(end); });
}

Interrupt::~Interrupt()
{
    m_watcher.request_stop();
    pthread_kill(m_watcher.native_handle(), SIGTERM); // wakes it
}

void Interrupt::watch(const std::stop_token& end)
{
    for (;;) {
        int signal = 0;
        if (sigwait(&m_signals, &signal) != 0 || end.stop_requested())
            return;
        if (!m_source.request_stop())
            _exit(kExitCancelled);
    }
}

} // namespace hayloft
