// SPDX-License-Identifier: GPL-3.0-or-later
// The compute thread's loop, its queue and the way back to the GUI thread.
#include "app/workbench/ComputeWorker.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QThread>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <new>

#ifdef Q_OS_LINUX
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace hayloft {

namespace {

constexpr qint64 kProgressEveryMs = 50;

/// Linux ignores QThread's priorities under its default scheduler; a thread's nice value counts.
void lowerThreadPriority()
{
#ifdef Q_OS_LINUX
    setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), 5);
#endif
}

JobFailure failureOf(std::exception_ptr thrown)
{
    try {
        std::rethrow_exception(thrown);
    } catch (const Cancelled&) {
        return {{}, true};
    } catch (const std::bad_alloc&) {
        return {QCoreApplication::translate("ComputeWorker", "Not enough memory for this; try a shorter text or fewer rows"), false};
    } catch (const std::exception& error) {
        return {QString::fromUtf8(error.what()), false};
    } catch (...) {
        return {QCoreApplication::translate("ComputeWorker", "An unknown error stopped the computation"), false};
    }
}

} // namespace

struct ComputeWorker::Job {
    JobSlot slot;
    JobLevel level;
    Work work;
    std::function<void(const JobFailure&)> failed;
    std::stop_source stop;
    std::atomic<bool> dropped{false}; ///< its generation is over: nothing of it may reach the window
};

/// What both threads hold: it outlives the window when a computation cannot be stopped in time.
struct ComputeWorker::Shared {
    std::mutex mutex;
    std::condition_variable wake;
    std::deque<std::shared_ptr<Job>> queue;
    bool paused = false;
    bool stopping = false;
    std::function<void()> prepare, finish;
    /// Takes what is posted to the GUI thread; null once the worker is gone.
    Deliveries* gate = nullptr;
    ComputeWorker* worker = nullptr; ///< GUI thread only

    void post(std::function<void()> function)
    {
        const std::lock_guard lock(mutex);
        if (gate)
            gate->post(std::move(function));
    }

    /// The first waiting job above `level` (-1 = any), highest level first. Called with the lock held.
    std::shared_ptr<Job> take(int level)
    {
        auto best = queue.end();
        for (auto it = queue.begin(); it != queue.end(); ++it) {
            if (static_cast<int>((*it)->level) > level
                && (best == queue.end() || (*it)->level > (*best)->level))
                best = it;
        }
        if (best == queue.end())
            return {};
        auto job = *best;
        queue.erase(best);
        return job;
    }

    void loop(const std::shared_ptr<Shared>& self)
    {
        lowerThreadPriority();
        if (prepare)
            prepare();
        for (;;) {
            std::shared_ptr<Job> job;
            {
                std::unique_lock lock(mutex);
                wake.wait(lock, [&] { return stopping || !queue.empty(); });
                if (stopping)
                    break;
                job = take(-1);
            }
            run(self, job);
        }
        if (finish)
            finish();
    }

    /// Runs waiting jobs above the running one's level; blocks here while a sweep is paused.
    void serve(const std::shared_ptr<Shared>& self, const Job& running)
    {
        for (;;) {
            std::shared_ptr<Job> next;
            {
                std::unique_lock lock(mutex);
                next = take(static_cast<int>(running.level));
                if (!next) {
                    const bool waits = paused && running.level == JobLevel::Sweep && !stopping && !running.stop.stop_requested();
                    if (!waits)
                        return;
                    wake.wait(lock);
                    continue;
                }
            }
            run(self, next);
        }
    }

    void run(const std::shared_ptr<Shared>& self, const std::shared_ptr<Job>& job)
    {
        JobContext context;
        context.task.stop = job->stop.get_token();
        context.post = [self, job](std::function<void()> function) {
            self->post([job, function = std::move(function)] {
                if (!job->dropped)
                    function();
            });
        };
        QElapsedTimer sinceReport;
        context.task.progress = [&, this](const Progress& progress) {
            if (!sinceReport.isValid() || sinceReport.elapsed() >= kProgressEveryMs) {
                sinceReport.start();
                context.post([self, slot = job->slot, progress] {
                    if (self->worker)
                        Q_EMIT self->worker->progressed(slot, progress);
                });
            }
            serve(self, *job);
        };
        std::function<void()> deliver;
        try {
            context.task.check();
            deliver = job->work(context);
        } catch (...) {
            deliver = [job, failure = failureOf(std::current_exception())] { job->failed(failure); };
        }
        // What the work captured must not be destroyed on the GUI thread (it may hold the model).
        job->work = nullptr;
        context.post([self, job, deliver = std::move(deliver)] {
            if (self->worker) {
                auto& current = self->worker->m_current[static_cast<std::size_t>(job->slot)];
                if (current == job)
                    current.reset();
            }
            deliver();
        });
    }
};

ComputeWorker::ComputeWorker(std::function<void()> prepare, std::function<void()> finish, QObject* parent)
    : QObject(parent), m_shared(std::make_shared<Shared>())
{
    m_shared->prepare = std::move(prepare);
    m_shared->finish = std::move(finish);
    m_shared->gate = &m_deliveries;
    m_shared->worker = this;
    m_thread = QThread::create([shared = m_shared] { shared->loop(shared); });
    m_thread->setObjectName(QStringLiteral("compute"));
    m_thread->start(QThread::LowPriority);
}

ComputeWorker::~ComputeWorker()
{
    // A computation that cannot be stopped keeps its thread and shared state until the process ends.
    if (stop())
        delete m_thread;
}

void ComputeWorker::enqueue(JobSlot slot, JobLevel level, Work work, std::function<void(const JobFailure&)> failed)
{
    drop(slot);
    auto job = std::make_shared<Job>();
    job->slot = slot;
    job->level = level;
    job->work = std::move(work);
    job->failed = std::move(failed);
    m_current[static_cast<std::size_t>(slot)] = job;
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->queue.push_back(std::move(job));
    }
    m_shared->wake.notify_all();
}

void ComputeWorker::cancel(JobSlot slot)
{
    if (const auto& job = m_current[static_cast<std::size_t>(slot)]) {
        const std::lock_guard lock(m_shared->mutex);
        job->stop.request_stop();
    }
    m_shared->wake.notify_all();
}

void ComputeWorker::drop(JobSlot slot)
{
    cancel(slot);
    if (auto& job = m_current[static_cast<std::size_t>(slot)]) {
        job->dropped = true;
        job.reset();
    }
}

bool ComputeWorker::isBusy(JobSlot slot) const
{
    return m_current[static_cast<std::size_t>(slot)] != nullptr;
}

void ComputeWorker::setPaused(bool paused)
{
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->paused = paused;
    }
    m_shared->wake.notify_all();
}

bool ComputeWorker::stop(int milliseconds)
{
    for (std::size_t slot = 0; slot < m_current.size(); ++slot)
        drop(static_cast<JobSlot>(slot));
    {
        const std::lock_guard lock(m_shared->mutex);
        m_shared->stopping = true;
        m_shared->gate = nullptr;
        m_shared->worker = nullptr;
    }
    m_shared->wake.notify_all();
    return m_thread->isFinished() || m_thread->wait(milliseconds);
}

} // namespace hayloft
