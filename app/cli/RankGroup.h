// SPDX-License-Identifier: GPL-3.0-or-later
// The processes that mpirun started for one sweep: each measures a shard, the first puts them together.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

struct HayloftMpiApi;

namespace hayloft {

/// MPI is loaded when mpirun started this process and not before, so that hayloft-cli starts as fast without it. Every
/// process sends the first one a single report, its result or its failure, and then waits to be told how all ended.
/// All calls on one thread.
class RankGroup {
public:
    /// nullptr unless mpirun started several processes. @throws Error when this Hayloft was built without MPI
    static std::unique_ptr<RankGroup> join(std::stop_token stop);
    RankGroup(const RankGroup&) = delete;
    RankGroup& operator=(const RankGroup&) = delete;

    int rank() const { return m_rank; }
    int ranks() const { return m_ranks; }
    bool isFirst() const { return m_rank == 0; }
    /// CPU threads of each process: the cores of the machine over the processes on it, as far as mpirun binds it to so many.
    int usualThreads() const;
    /// Advice when mpirun binds each process to fewer cores than its share, else empty.
    std::string notice() const;

    /// To be called often. @throws Error (another process's failure, at the first one), Cancelled (because of one)
    void poll();
    /// The first process: waits for the others' results, by rank from 1 on. @throws as poll
    std::vector<std::string> gather();
    /// The others: hands over the result.
    void send(const std::string& result);
    /// Ends MPI. Call last, whatever happened. @param error one line, "" if there was none
    /// @returns the exit code of all: the first process's
    int finish(int code, const std::string& error);

private:
    explicit RankGroup(std::stop_token stop);
    void report(char kind, const std::string& text);
    void takeReports();
    void awaitReports();
    int awaitEnd();
    void tellOthers(const std::string& message, bool onlySilent);
    void pause();

    const HayloftMpiApi& m_mpi;
    std::stop_token m_stop;
    int m_rank = 0, m_ranks = 1;
    bool m_reported = false;
    std::map<int, std::string> m_reports; ///< at the first process, by rank: a letter, then the text
    std::chrono::milliseconds m_stopped { 0 }; ///< how long pauses lasted since the stop was requested
};

/// The process that mpirun started has an error stream that leads to it. The first one writes its progress straight to the
/// terminal that mpirun's own error stream is, if it is one.
void writeErrorsToTheTerminalOfMpirun();

} // namespace hayloft
