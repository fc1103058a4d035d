// SPDX-License-Identifier: GPL-3.0-or-later
// Sweep jobs, the time left, and the folder of saved runs.
#include "app/workbench/SweepSession.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>

namespace hayloft {

namespace {

constexpr int kHistoryLength = 40;

std::filesystem::path pathOf(const QString& path)
{
    return std::filesystem::path(path.toStdU16String());
}

} // namespace

SweepSession::SweepSession(ComputeWorker& worker, std::shared_ptr<Workspace> workspace, QString runsFolder, QObject* parent)
    : QObject(parent), m_worker(worker), m_workspace(std::move(workspace)), m_runsFolder(std::move(runsFolder))
{
    connect(&m_worker, &ComputeWorker::progressed, this, [this](JobSlot slot, const Progress& progress) {
        if (slot == JobSlot::Sweep)
            onProgress(progress);
    });
}

void SweepSession::runSet(std::vector<SweepPlan> plans)
{
    if (m_state != SweepState::Idle || plans.empty())
        return;
    m_plans = std::move(plans);
    m_records.clear();
    m_worker.setPaused(false);
    setState(SweepState::Running);
    startNext();
}

void SweepSession::startNext()
{
    const SweepPlan& plan = m_plans[m_records.size()];
    m_clock.invalidate();
    m_pausedMs = 0;
    if (m_state == SweepState::Paused)
        m_pauseClock.start();
    const QString name = QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz")) + QStringLiteral(".json");
    m_worker.submit<RunView>(
        JobSlot::Sweep, JobLevel::Sweep,
        [this, workspace = m_workspace, plan, folder = m_runsFolder, name](const JobContext& context) {
            RunView view;
            auto record = std::make_shared<RunRecord>(workspace->sweep(plan, context.task, [&](const Cell& cell) {
                context.post([this, shared = std::make_shared<const Cell>(cell)] { Q_EMIT cellMeasured(*shared); });
            }));
            view.record = record;
            const QString path = QDir(folder).filePath(name);
            try {
                QDir().mkpath(folder);
                saveRunRecord(*record, pathOf(path));
                view.path = path;
            } catch (const Error& error) {
                // The run itself is good: it is shown, and the message says that it is not on disk.
                const QString message = tr("The run was not saved: %1").arg(QString::fromUtf8(error.what()));
                context.post([this, message] { Q_EMIT failed(message); });
            }
            return view;
        },
        [this](const RunView& view) { finish(view); }, [this](const JobFailure& failure) { fail(failure); });
    Q_EMIT begun(plan, int(m_records.size()) + 1, int(m_plans.size()));
}

void SweepSession::finish(const RunView& view)
{
    m_records.push_back(view.record);
    if (m_records.size() < m_plans.size()) {
        Q_EMIT runAvailable(view, false);
        startNext();
        return;
    }
    const bool wholeSet = m_plans.size() > 1;
    setState(SweepState::Idle);
    Q_EMIT runAvailable(view, false);
    if (wholeSet)
        Q_EMIT setFinished(m_records);
}

void SweepSession::fail(const JobFailure& failure)
{
    setState(SweepState::Idle);
    if (failure.cancelled)
        Q_EMIT cancelled();
    else
        Q_EMIT failed(failure.message);
}

void SweepSession::setPaused(bool paused)
{
    if (m_state == SweepState::Idle || paused == (m_state == SweepState::Paused))
        return;
    if (paused)
        m_pauseClock.start();
    else
        m_pausedMs += m_pauseClock.elapsed();
    m_worker.setPaused(paused);
    setState(paused ? SweepState::Paused : SweepState::Running);
}

void SweepSession::cancel()
{
    // Also when the run under way has just ended and nothing is left of it to cancel.
    if (m_plans.size() > m_records.size() + 1)
        m_plans.resize(m_records.size() + 1);
    m_worker.cancel(JobSlot::Sweep);
    m_worker.setPaused(false);
}

void SweepSession::openRecord(const QString& path)
{
    m_worker.submit<RunView>(
        JobSlot::Files, JobLevel::Write,
        [path](const JobContext&) {
            return RunView{{}, path, std::make_shared<const RunRecord>(loadRunRecord(pathOf(path)))};
        },
        [this](const RunView& view) { Q_EMIT runAvailable(view, true); },
        [this](const JobFailure& failure) {
            if (!failure.cancelled)
                Q_EMIT failed(failure.message);
        });
}

void SweepSession::restoreHistory()
{
    m_worker.submit<std::vector<RunView>>(
        JobSlot::History, JobLevel::Write,
        [folder = m_runsFolder](const JobContext& context) {
            std::vector<RunView> runs;
            QFileInfoList files = QDir(folder).entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Name);
            files = files.mid(std::max<qsizetype>(0, files.size() - kHistoryLength));
            for (const QFileInfo& file : files) {
                context.task.check();
                try {
                    runs.push_back({{}, file.filePath(), std::make_shared<const RunRecord>(loadRunRecord(pathOf(file.filePath())))});
                } catch (const Error&) {
                    // A damaged record of an earlier time must not keep the others out of the history.
                }
            }
            return runs;
        },
        [this](const std::vector<RunView>& runs) {
            for (const RunView& run : runs)
                Q_EMIT runAvailable(run, true);
        },
        [](const JobFailure&) {});
}

void SweepSession::setState(SweepState state)
{
    m_state = state;
    Q_EMIT stateChanged(state);
}

void SweepSession::onProgress(const Progress& progress)
{
    if (m_state == SweepState::Idle)
        return;
    if (progress.unit != "trials") {
        const QString name = QString::fromStdString(progress.phase);
        Q_EMIT phase(progress.total > 0 ? tr("%1: %2 %").arg(name).arg(int(100 * progress.done / progress.total)) : name);
        return;
    }
    if (!m_clock.isValid()) {
        Q_EMIT phase({});
        m_clock.start();
    }
    const double seconds = double(m_clock.elapsed() - m_pausedMs) / 1000;
    const double left = progress.done > 0 && seconds > 0.5 ? seconds * (progress.total - progress.done) / progress.done : -1;
    Q_EMIT progressed(qint64(progress.done), qint64(progress.total), left);
}

} // namespace hayloft
