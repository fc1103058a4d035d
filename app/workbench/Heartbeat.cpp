// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/workbench/Heartbeat.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace hayloft {

namespace {

constexpr int kIntervalMs = 2;

double threadCpuMs()
{
#ifdef CLOCK_THREAD_CPUTIME_ID
    timespec time {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
#else
    return 0;
#endif
}

} // namespace

Heartbeat::Heartbeat(QObject* parent) : QObject(parent)
{
    m_clock.start();
    m_cpuAtBeat = threadCpuMs();
    startTimer(kIntervalMs, Qt::PreciseTimer);
}

void Heartbeat::beat()
{
    const double wall = static_cast<double>(m_clock.nsecsElapsed()) / 1e6, cpu = threadCpuMs();
    m_longest.wallMs = std::max(m_longest.wallMs, wall);
    m_longest.cpuMs = std::max(m_longest.cpuMs, cpu - m_cpuAtBeat);
    m_clock.start();
    m_cpuAtBeat = cpu;
}

LoopBlock Heartbeat::lap()
{
    beat();
    return std::exchange(m_longest, {});
}

void Heartbeat::timerEvent(QTimerEvent*) { beat(); }

} // namespace hayloft
