// SPDX-License-Identifier: GPL-3.0-or-later
// Independent jobs over the cores.
#pragma once

#include <cstddef>
#include <functional>

namespace hayloft {

/// The calling thread's number of threads (useThreads).
int computeThreads();
/// Sets it, for the calling thread, and OpenBLAS's; 0 = all cores.
void useThreads(int threads);

/// Calls job(i, thread) for i = 0 .. count - 1, in any order, on up to `threads` threads of which the caller is number 0.
/// The caller calls `between` after each of its own jobs with the number of all finished ones; meanwhile the others
/// begin nothing new, so that a pause in it is a pause of all. What is thrown by either ends the rest and is rethrown.
void runJobs(std::size_t count, int threads, const std::function<void(std::size_t job, int thread)>& job,
             const std::function<void(std::size_t finished)>& between = {});

} // namespace hayloft
