// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Interrupt.h"

#include "app/cli/Cli.h"

#include <ucontext.h>
#include <unistd.h>

namespace hayloft {

namespace {

/// Libraries start threads of their own while they are loaded, before anything can be blocked. One of them that gets the
/// signal blocks it for good and hands it on: to another such thread, in the end to the one that waits for it.
void handOn(int signal, siginfo_t*, void* context)
{
    sigaddset(&static_cast<ucontext_t*>(context)->uc_sigmask, signal);
    kill(getpid(), signal);
}

} // namespace

Interrupt::Interrupt()
{
    sigemptyset(&m_signals);
    sigaddset(&m_signals, SIGINT);
    sigaddset(&m_signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &m_signals, nullptr);
    struct sigaction action {};
    action.sa_sigaction = &handOn;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    action.sa_mask = m_signals;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
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
