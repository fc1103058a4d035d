// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/compute/ParallelJobs.h"

#include <algorithm>
#include <atomic>
#include <dlfcn.h>
#include <exception>
#include <mutex>
#include <omp.h>
#include <thread>
#include <vector>

namespace hayloft {

int computeThreads() { return std::max(1, omp_get_max_threads()); }

void useThreads(int threads)
{
    const int count = threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
    omp_set_num_threads(count); // LibTorch takes its number from here too
    // OpenBLAS's own threads don't follow OpenMP's limits, and libblas.so.3 is OpenBLAS only sometimes.
    if (const auto set = reinterpret_cast<void (*)(int)>(::dlsym(RTLD_DEFAULT, "openblas_set_num_threads")))
        set(count);
}

namespace {

class Jobs {
public:
    Jobs(std::size_t count, const std::function<void(std::size_t, int)>& job, const std::function<void(std::size_t)>& between)
        : m_count(count), m_job(job), m_between(between)
    {
    }

    void run(int thread)
    {
        try {
            while (next(thread)) {
                if (thread == 0 && m_between)
                    report();
            }
        } catch (...) {
            m_taken = m_count;
            const std::lock_guard lock(m_errorMutex);
            if (!m_error)
                m_error = std::current_exception();
        }
    }

    std::exception_ptr error() const { return m_error; }

private:
    void report()
    {
        struct Pause {
            explicit Pause(std::atomic<bool>& held) : paused(held) { paused = true; }
            ~Pause()
            {
                paused = false;
                paused.notify_all();
            }
            std::atomic<bool>& paused;
        };
        const Pause pause(m_paused);
        m_between(m_finished.load());
    }

    bool next(int thread)
    {
        m_paused.wait(true);
        const std::size_t job = m_taken.fetch_add(1);
        if (job >= m_count)
            return false;
        m_job(job, thread);
        ++m_finished;
        return true;
    }

    std::size_t m_count;
    const std::function<void(std::size_t, int)>& m_job;
    const std::function<void(std::size_t)>& m_between;
    std::atomic<std::size_t> m_taken = 0, m_finished = 0;
    std::atomic<bool> m_paused = false; ///< while the caller reports
    std::mutex m_errorMutex;
    std::exception_ptr m_error;
};

} // namespace

void runJobs(std::size_t count, int threads, const std::function<void(std::size_t job, int thread)>& job,
             const std::function<void(std::size_t finished)>& between)
{
    Jobs jobs(count, job, between);
    {
        std::vector<std::jthread> others;
        for (int thread = 1; thread < threads && static_cast<std::size_t>(thread) < count; ++thread)
            others.emplace_back([&jobs, thread] { jobs.run(thread); });
        jobs.run(0);
    }
    if (jobs.error())
        std::rethrow_exception(jobs.error());
}

} // namespace hayloft
