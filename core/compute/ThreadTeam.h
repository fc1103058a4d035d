// SPDX-License-Identifier: GPL-3.0-or-later
// Threads that wait for many small pieces of work.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace hayloft {

/// The calling thread and `size` - 1 others that live as long as the team does. One caller at a time.
class ThreadTeam {
public:
    explicit ThreadTeam(int size);
    ~ThreadTeam();
    ThreadTeam(const ThreadTeam&) = delete;
    ThreadTeam& operator=(const ThreadTeam&) = delete;

    int size() const { return static_cast<int>(m_others.size()) + 1; }
    /// work(0 .. size - 1), one a thread; returns when all are done. `work` must not throw.
    void run(const std::function<void(int thread)>& work);

private:
    void serve(int thread);

    std::vector<std::thread> m_others;
    const std::function<void(int)>* m_work = nullptr; ///< null: the end
    std::atomic<unsigned> m_round = 0;
    std::atomic<int> m_busy = 0;
};

} // namespace hayloft
