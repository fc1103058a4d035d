// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compute/ThreadTeam.h"

#include <chrono>
#include <thread>

namespace hayloft {

namespace {

/// Before a thread goes to sleep. On virtual machines waking one up takes as long as a product of a large network does, and
/// there are fifty of those in a token.
constexpr std::chrono::microseconds kAwake { 300 };
constexpr int kLooks = 64; ///< between two looks at the clock

void pause()
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#else
    std::this_thread::yield();
#endif
}

/// Returns when `value` is no longer `old`.
template <typename T> void waitForChange(const std::atomic<T>& value, T old)
{
    const auto end = std::chrono::steady_clock::now() + kAwake;
    do {
        for (int look = 0; look < kLooks; ++look) {
            if (value.load(std::memory_order_acquire) != old)
                return;
            pause();
        }
    } while (std::chrono::steady_clock::now() < end);
    value.wait(old, std::memory_order_acquire);
}

} // namespace

ThreadTeam::ThreadTeam(int size)
{
    for (int thread = 1; thread < size; ++thread)
        m_others.emplace_back([this, thread] { serve(thread); });
}

ThreadTeam::~ThreadTeam()
{
    m_work = nullptr;
    ++m_round;
    m_round.notify_all();
    for (auto& thread : m_others)
        thread.join();
}

void ThreadTeam::serve(int thread)
{
    for (unsigned round = 0;; ++round) {
        waitForChange(m_round, round);
        if (!m_work)
            return;
        (*m_work)(thread);
        --m_busy;
        m_busy.notify_one();
    }
}

void ThreadTeam::run(const std::function<void(int thread)>& work)
{
    m_work = &work;
    m_busy = static_cast<int>(m_others.size());
    ++m_round;
    m_round.notify_all();
    work(0);
    for (int busy = m_busy; busy > 0; busy = m_busy)
        waitForChange(m_busy, busy);
}

} // namespace hayloft
