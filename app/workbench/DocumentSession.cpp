// SPDX-License-Identifier: GPL-3.0-or-later
// The document's jobs and what follows from their results.
#include "app/workbench/DocumentSession.h"

#include <algorithm>

namespace hayloft {

DocumentSession::DocumentSession(ComputeWorker& worker, std::shared_ptr<Workspace> workspace, QObject* parent)
    : QObject(parent), m_worker(worker), m_workspace(std::move(workspace))
{
    m_slowTimer.setInterval(900);
    connect(&m_slowTimer, &QTimer::timeout, this, [this] {
        if (!m_worker.isBusy(JobSlot::Step))
            stepSlowMotion();
    });
}

bool DocumentSession::isWorking() const
{
    return m_worker.isBusy(JobSlot::Document) || m_worker.isBusy(JobSlot::Model);
}

void DocumentSession::openModel(const QString& directory)
{
    m_worker.submit<OpenedModel>(
        JobSlot::Model, JobLevel::Write,
        [workspace = m_workspace, path = std::filesystem::path(directory.toStdU16String())](const JobContext& context) {
            context.task.report({tr("Opening the model").toStdString(), 0, 0, "", ""});
            return workspace->openModel(path);
        },
        [this](const OpenedModel& model) {
            m_model = model.info;
            Q_EMIT workingChanged(isWorking());
            Q_EMIT modelOpened(model.info, model.abilities);
        },
        [this](const JobFailure& failure) {
            Q_EMIT workingChanged(isWorking());
            if (!failure.cancelled)
                Q_EMIT failed(failure.message);
        });
    Q_EMIT workingChanged(true);
}

void DocumentSession::openPaths(const QStringList& paths, const QString& title)
{
    OpenRequest request;
    request.paths = paths;
    request.name = title;
    open(std::move(request));
}

void DocumentSession::openText(const QString& text, const QString& name)
{
    OpenRequest request;
    request.text = text;
    request.name = name;
    open(std::move(request));
}

void DocumentSession::openTrial(const TrialRequest& trial)
{
    OpenRequest request;
    request.trial = trial;
    open(std::move(request));
}

void DocumentSession::reopen()
{
    open({});
}

void DocumentSession::open(OpenRequest request)
{
    request.memory = m_memory;
    request.segmenter = m_segmenter;
    request.needle = m_needle;
    submitWriting([workspace = m_workspace, request = std::move(request)](const JobContext& context, const WriteCallbacks& callbacks) {
        return workspace->open(request, context.task, callbacks);
    });
}

void DocumentSession::setMemory(const MemorySettings& memory)
{
    m_memory = memory;
    if (!m_open)
        return;
    submitWriting([workspace = m_workspace, memory](const JobContext& context, const WriteCallbacks& callbacks) {
        return workspace->rewrite(memory, context.task, callbacks);
    });
}

void DocumentSession::write()
{
    if (m_snapshot.trial)
        reopen();
    else if (m_open && !m_snapshot.complete)
        submitWriting([workspace = m_workspace](const JobContext& context, const WriteCallbacks& callbacks) {
            return workspace->writeRest(context.task, callbacks);
        });
    else
        setMemory(m_memory);
}

void DocumentSession::cancel()
{
    m_worker.cancel(JobSlot::Document);
    m_worker.cancel(JobSlot::Needle);
    m_pendingAsk.reset();
}

WriteCallbacks DocumentSession::callbacks(const JobContext& context)
{
    return {[this, post = context.post](const Snapshot& snapshot) {
                post([this, snapshot] {
                    m_snapshot = snapshot;
                    m_open = true;
                    Q_EMIT shown(snapshot);
                });
            },
            [this, post = context.post](std::shared_ptr<const RowsUpdate> rows) {
                post([this, rows = std::move(rows)] { Q_EMIT rowsWritten(*rows); });
            }};
}

void DocumentSession::submitWriting(std::function<Snapshot(const JobContext&, const WriteCallbacks&)> work)
{
    endSlowMotion();
    m_worker.drop(JobSlot::Row);
    m_worker.drop(JobSlot::Ask);
    m_worker.submit<Snapshot>(
        JobSlot::Document, JobLevel::Write,
        [this, work = std::move(work)](const JobContext& context) { return work(context, callbacks(context)); },
        [this](const Snapshot& snapshot) { finishWriting(snapshot); },
        [this](const JobFailure& failure) {
            Q_EMIT workingChanged(isWorking());
            if (failure.cancelled)
                return;
            m_pendingAsk.reset();
            Q_EMIT failed(failure.message);
        });
    Q_EMIT workingChanged(true);
}

void DocumentSession::finishWriting(const Snapshot& snapshot)
{
    m_snapshot = snapshot;
    m_open = true;
    Q_EMIT workingChanged(isWorking());
    Q_EMIT written(snapshot);
    plantWanted();
    if (const auto pending = std::exchange(m_pendingAsk, std::nullopt); pending && !isWorking())
        submitAsk(*pending);
}

void DocumentSession::setNeedle(const std::optional<NeedleState>& needle)
{
    m_needle = needle;
    if (m_open && m_snapshot.trial)
        reopen();
    else if (m_open && !isWorking())
        plantWanted();
}

void DocumentSession::plantWanted()
{
    if (m_snapshot.trial || m_needle == m_snapshot.needle)
        return;
    endSlowMotion();
    m_worker.submit<NeedleChange>(
        JobSlot::Needle, JobLevel::Write,
        [workspace = m_workspace, needle = m_needle](const JobContext& context) { return workspace->setNeedle(needle, context.task); },
        [this](const NeedleChange& change) {
            m_snapshot = change.snapshot;
            Q_EMIT needleChanged(change);
        },
        [this](const JobFailure& failure) {
            m_needle = m_snapshot.needle;
            Q_EMIT needleRefused(failure.message);
        });
}

void DocumentSession::ask(const QueryRequest& request)
{
    if (!m_open && !isWorking()) {
        Q_EMIT askFailed(tr("No document is open. Open one, or drop one here."));
        return;
    }
    Q_EMIT asking();
    const bool behind = isWorking() || m_slow || !m_snapshot.complete;
    if (!behind) {
        submitAsk(request);
        return;
    }
    m_pendingAsk = request;
    if (!isWorking())
        write();
}

void DocumentSession::submitAsk(const QueryRequest& request)
{
    // A needle that is being planted comes first: the answer must be of the memory that the user sees.
    const JobLevel level = m_worker.isBusy(JobSlot::Needle) ? JobLevel::Write : JobLevel::Ask;
    m_worker.submit<AnswerView>(
        JobSlot::Ask, level,
        [workspace = m_workspace, request](const JobContext& context) { return workspace->ask(request, context.task); },
        [this](const AnswerView& answer) { Q_EMIT answered(answer); },
        [this](const JobFailure& failure) { Q_EMIT askFailed(failure.cancelled ? tr("Cancelled.") : failure.message); });
}

void DocumentSession::lookAtRow(const RowExperiment& experiment)
{
    if (!m_open || experiment.row < 0)
        return;
    m_worker.submit<RowDetail>(
        JobSlot::Row, JobLevel::Ask,
        [workspace = m_workspace, experiment](const JobContext& context) { return workspace->rowDetail(experiment, context.task); },
        [this](const RowDetail& detail) { Q_EMIT rowSeen(detail); }, [](const JobFailure&) {});
}

void DocumentSession::setSlowMotion(bool on)
{
    if (on == m_slow)
        return;
    if (!on) {
        write();
        return;
    }
    if (!m_open || isWorking() || m_snapshot.trial) {
        Q_EMIT slowMotionChanged(false);
        return;
    }
    m_slow = true;
    m_worker.submit<Snapshot>(
        JobSlot::Step, JobLevel::Write, [workspace = m_workspace](const JobContext&) { return workspace->beginSlowMotion(); },
        [this](const Snapshot& snapshot) {
            m_snapshot = snapshot;
            Q_EMIT shown(snapshot);
            stepSlowMotion();
            if (m_slowRuns)
                m_slowTimer.start();
        },
        [this](const JobFailure& failure) {
            endSlowMotion();
            Q_EMIT failed(failure.message);
        });
    Q_EMIT slowMotionChanged(true);
}

void DocumentSession::setSlowMotionRuns(bool runs)
{
    m_slowRuns = runs;
    if (!runs)
        m_slowTimer.stop();
    else if (m_slow)
        m_slowTimer.start();
}

void DocumentSession::stepSlowMotion()
{
    if (!m_slow) {
        m_slowRuns = false;
        setSlowMotion(true);
        return;
    }
    m_worker.submit<SlowStep>(
        JobSlot::Step, JobLevel::Write, [workspace = m_workspace](const JobContext&) { return workspace->slowStep(); },
        [this](const SlowStep& step) {
            if (step.step.segment < 0)
                write(); // all are written: this only brings the state up to date
            else
                Q_EMIT slowStepped(step);
        },
        [this](const JobFailure& failure) {
            endSlowMotion();
            Q_EMIT failed(failure.message);
        });
}

void DocumentSession::endSlowMotion()
{
    m_slowTimer.stop();
    if (!m_slow)
        return;
    m_worker.drop(JobSlot::Step);
    m_slow = false;
    Q_EMIT slowMotionChanged(false);
}

} // namespace hayloft
