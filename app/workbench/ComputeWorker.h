// SPDX-License-Identifier: GPL-3.0-or-later
// One low-priority thread that runs all computing, so that the window never waits.
#pragma once

#include "app/workbench/Deliveries.h"
#include "core/base/Progress.h"

#include <QObject>
#include <QString>
#include <array>
#include <functional>
#include <memory>

class QThread;

namespace hayloft {

/// A job may be interrupted, between two of its batches, by jobs of a higher level.
enum class JobLevel { Sweep, Write, Ask };

/// What a job is about. A new job in a slot replaces the one before it there.
enum class JobSlot { Model, Document, Needle, Ask, Row, Step, Sweep, Files, History, Machine, ShippedNeedles, NeedleFile, Count };

/// Why a job gave no result.
struct JobFailure {
    QString message; ///< one line for the user; empty when cancelled
    bool cancelled = false;
};

/// What a job works with on the compute thread.
struct JobContext {
    Task task;
    /// Runs a function on the GUI thread unless the job has been replaced or dropped by then.
    std::function<void(std::function<void()>)> post;
};

/// Queue of jobs on one dedicated thread. Results come back on the GUI thread; those of a replaced job are dropped
/// (each carries its slot's generation). Exceptions become values before they cross threads.
/// Thread rule: every public function on the GUI thread.
class ComputeWorker : public QObject {
    Q_OBJECT
public:
    /// @param prepare first thing that runs on the compute thread, @param finish the last.
    explicit ComputeWorker(std::function<void()> prepare = {}, std::function<void()> finish = {}, QObject* parent = nullptr);
    /// Stops the thread as stop() does.
    ~ComputeWorker() override;

    template <typename Result>
    void submit(JobSlot slot, JobLevel level, std::function<Result(const JobContext&)> work,
                std::function<void(Result)> done, std::function<void(const JobFailure&)> failed)
    {
        enqueue(slot, level, [work = std::move(work), done = std::move(done)](const JobContext& context) {
            // shared_ptr: std::function asks for copyable captures, a result need not be.
            auto result = std::make_shared<Result>(work(context));
            return std::function<void()>([done, result] { done(std::move(*result)); });
        }, std::move(failed));
    }

    /// Asks the slot's job to stop; its `failed` is then called with `cancelled`.
    void cancel(JobSlot slot);
    /// Stops the slot's job and drops whatever it still returns.
    void drop(JobSlot slot);
    /// Whether the slot has a job waiting or running.
    bool isBusy(JobSlot slot) const;
    /// Pauses jobs of level Sweep between batches; higher levels go on.
    void setPaused(bool paused);
    /// Cancels everything and waits at most `milliseconds`. @returns whether the thread has ended.
    bool stop(int milliseconds = 2000);

Q_SIGNALS:
    /// At most every 50 ms while the slot's job runs.
    void progressed(hayloft::JobSlot slot, const hayloft::Progress& progress);

private:
    using Work = std::function<std::function<void()>(const JobContext&)>;
    struct Job;
    struct Shared;

    void enqueue(JobSlot slot, JobLevel level, Work work, std::function<void(const JobFailure&)> failed);

    Deliveries m_deliveries;
    std::shared_ptr<Shared> m_shared;
    std::array<std::shared_ptr<Job>, static_cast<std::size_t>(JobSlot::Count)> m_current;
    QThread* m_thread = nullptr;
};

} // namespace hayloft
