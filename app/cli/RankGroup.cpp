// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/RankGroup.h"

#include "app/cli/Cli.h"
#include "app/cli/mpi/MpiModule.h"
#include "core/base/Error.h"
#include "core/text/ProgramFiles.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <sched.h>
#include <string_view>
#include <thread>
#include <unistd.h>

namespace hayloft {

namespace {

using namespace std::chrono_literals;

constexpr int kToFirst = 1, kFromFirst = 2; // tags
constexpr char kResult = 'R', kFailure = 'F', kCancelled = 'C';
constexpr char kStop = 'S', kEnd = 'E';
constexpr auto kPause = 2ms;       // MPI's own waiting would take a whole core from the process that still computes
constexpr auto kPatience = 5000ms; // with processes that don't answer after a stop was requested

int numberOf(const char* variable, int missing)
{
    const std::string_view text = std::getenv(variable) ? std::getenv(variable) : "";
    int number = missing;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

const HayloftMpiApi& loadApi()
{
    std::string path;
    try {
        path = findProgramFile("hayloft_mpi.so", "HAYLOFT_MPI_MODULE").string();
    } catch (const Error&) {
        throw Error("this hayloft-cli was built without MPI", "mpirun", "build it with libopenmpi-dev, or use sweep --shard i/n and merge");
    }
    // Open MPI's own modules look for its symbols among the global ones.
    void* handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
    if (!handle)
        throw Error("MPI cannot be loaded", ::dlerror(), "install libopenmpi3 and openmpi-bin");
    const auto entry = reinterpret_cast<decltype(&hayloftMpiApi)>(::dlsym(handle, HAYLOFT_MPI_ENTRY));
    if (!entry || entry()->abi != HAYLOFT_MPI_ABI)
        throw Error("the MPI module is of another version", path, "build or install Hayloft again");
    return *entry();
}

int coresOf(pid_t process)
{
    cpu_set_t cores;
    return ::sched_getaffinity(process, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : static_cast<int>(std::thread::hardware_concurrency());
}

/// mpirun itself is not bound to what it binds its processes to.
int coresAShare()
{
    return std::max(1, std::max(coresOf(::getppid()), coresOf(0)) / std::max(1, numberOf("OMPI_COMM_WORLD_LOCAL_SIZE", 1)));
}

} // namespace

std::unique_ptr<RankGroup> RankGroup::join(std::stop_token stop)
{
    if (numberOf("OMPI_COMM_WORLD_SIZE", 1) < 2)
        return nullptr;
    return std::unique_ptr<RankGroup>(new RankGroup(std::move(stop)));
}

RankGroup::RankGroup(std::stop_token stop)
    : m_mpi(loadApi())
    , m_stop(std::move(stop))
{
    m_mpi.start(&m_rank, &m_ranks);
}

int RankGroup::usualThreads() const
{
    return std::min(coresAShare(), std::max(1, coresOf(0)));
}

std::string RankGroup::notice() const
{
    const int bound = coresOf(0), share = coresAShare();
    if (bound >= share)
        return "";
    return "mpirun binds each process to " + std::to_string(bound) + (bound == 1 ? " core" : " cores") + " of the " + std::to_string(share)
        + " it could have; mpirun --bind-to none leaves it all of them";
}

void RankGroup::poll()
{
    int from = 0;
    std::size_t size = 0;
    if (isFirst()) {
        takeReports();
        return;
    }
    while (m_mpi.waits(kFromFirst, &from, &size)) {
        std::string message(size, '\0');
        m_mpi.receive(from, kFromFirst, message.data(), size);
        throw Cancelled(); // all that can come before this process's report
    }
}

void RankGroup::takeReports()
{
    int from = 0;
    std::size_t size = 0;
    while (m_mpi.waits(kToFirst, &from, &size)) {
        std::string& report = m_reports[from];
        report.resize(size);
        m_mpi.receive(from, kToFirst, report.data(), size);
        if (report.front() == kCancelled)
            throw Cancelled();
        if (report.front() == kFailure)
            throw Error(report.substr(1));
    }
}

std::vector<std::string> RankGroup::gather()
{
    while (static_cast<int>(m_reports.size()) < m_ranks - 1) {
        takeReports();
        if (m_stop.stop_requested())
            throw Cancelled();
        std::this_thread::sleep_for(kPause);
    }
    std::vector<std::string> results;
    for (const auto& [rank, report] : m_reports)
        results.push_back(report.substr(1));
    return results;
}

void RankGroup::report(char kind, const std::string& text)
{
    const std::string message = kind + text;
    m_reported = true;
    m_mpi.send(0, kToFirst, message.data(), message.size());
}

void RankGroup::send(const std::string& result)
{
    report(kResult, result);
}

int RankGroup::finish(int code, const std::string& error)
{
    if (isFirst()) {
        if (code != 0)
            tellOthers(std::string(1, kStop), true);
        awaitReports();
        tellOthers(kEnd + std::to_string(code), false);
    } else {
        if (!m_reported)
            report(code == 0 ? kResult : code == kExitCancelled ? kCancelled : kFailure, error);
        code = awaitEnd();
    }
    m_mpi.finish();
    return code;
}

/// @param onlySilent those that have not reported yet
void RankGroup::tellOthers(const std::string& message, bool onlySilent)
{
    for (int rank = 1; rank < m_ranks; ++rank) {
        if (!onlySilent || !m_reports.contains(rank))
            m_mpi.send(rank, kFromFirst, message.data(), message.size());
    }
}

/// What failed first has been told: further failures are taken and left.
void RankGroup::awaitReports()
{
    while (static_cast<int>(m_reports.size()) < m_ranks - 1) {
        try {
            takeReports();
        } catch (const std::exception&) {
        }
        pause();
    }
}

int RankGroup::awaitEnd()
{
    for (;;) {
        int from = 0;
        std::size_t size = 0;
        while (m_mpi.waits(kFromFirst, &from, &size)) {
            std::string message(size, '\0');
            m_mpi.receive(from, kFromFirst, message.data(), size);
            if (message.front() == kEnd)
                return std::atoi(message.c_str() + 1);
        }
        pause();
    }
}

/// A process that died cannot answer; whoever waits for it ends all.
void RankGroup::pause()
{
    std::this_thread::sleep_for(kPause);
    if (m_stop.stop_requested() && (m_stopped += kPause) > kPatience)
        m_mpi.abort(kExitCancelled);
}

void writeErrorsToTheTerminalOfMpirun()
{
    if (numberOf("OMPI_COMM_WORLD_RANK", -1) != 0 || ::isatty(STDERR_FILENO))
        return;
    const std::string file = "/proc/" + std::to_string(::getppid()) + "/fd/2";
    const int terminal = ::open(file.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (terminal < 0)
        return;
    if (::isatty(terminal)) {
        ::fcntl(terminal, F_SETFL, ::fcntl(terminal, F_GETFL) & ~O_NONBLOCK);
        ::dup2(terminal, STDERR_FILENO);
    }
    ::close(terminal);
}

} // namespace hayloft
