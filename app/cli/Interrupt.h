// SPDX-License-Identifier: GPL-3.0-or-later
// Turns Ctrl-C and SIGTERM into a stop request.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace hayloft {

/// Make one before any other thread starts: the signals are blocked in all threads and waited for in one of its own.
/// Threads that libraries started before hand them on.
/// A second signal ends the program at once.
class Interrupt {
public:
    Interrupt();
    ~Interrupt();
    Interrupt(const Interrupt&) = delete;
    Interrupt& operator=(const Interrupt&) = delete;

    std::stop_token token() const { return m_source.get_token(); }

private:
    void watch(const std::stop_token& end);

    sigset_t m_signals {};
    std::stop_source m_source;
    std::jthread m_watcher; // last: it ends before what it uses
};

} // namespace hayloft
