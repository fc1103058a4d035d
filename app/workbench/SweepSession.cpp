// SPDX-License-Identifier: GPL-3.0-or-later
// Sweep jobs, the time left, and the folder of saved runs.
#include "app/workbench/SweepSession.h"

#include "core/base/Files.h"

#include <QDateTime>
#include <QDir>
#include <QFileInfo>

namespace hayloft {

namespace {

constexpr int kHistoryLength = 40;
constexpr QLatin1String kLoadPrefix("load-"); ///< of the files of sweeps over loads: they are no lines of the history

std::filesystem::path pathOf(const QString& path)
{
    return std::filesystem::path(path.toStdU16String());
}

QString newName() { return QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz")) + QStringLiteral(".json"); }

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
    begin();
    startNext();
}

void SweepSession::begin()
{
    m_records.clear();
    m_loads.reset();
    m_pausedMs = 0;
    m_clock.invalidate();
    m_worker.setPaused(false);
    setState(SweepState::Running);
}

void SweepSession::runLoads(const SweepPlan& plan, const std::vector<double>& loads)
{
    if (m_state != SweepState::Idle || loads.empty())
        return;
    m_plans = {plan};
    begin();
    m_loads = std::make_unique<LoadProgress>(plan, loads);
    m_clock.start();
    m_worker.submit<LoadEntry>(
        JobSlot::Sweep, JobLevel::Sweep,
        [this, workspace = m_workspace, plan, loads, file = QDir(m_runsFolder).filePath(kLoadPrefix + newName())](const JobContext& context) {
            LoadEntry entry;
            entry.record = std::make_shared<const LoadRecord>(workspace->sweepLoads(plan, loads, context.task, [&](const LoadRun& point) {
                context.post([this, shared = std::make_shared<const LoadRun>(point)] {
                    m_loads->next();
                    Q_EMIT loadMeasured(*shared);
                });
            }));
            if (save(toJson(*entry.record), file, context))
                entry.path = file;
            return entry;
        },
        [this](const LoadEntry& entry) {
            Q_EMIT loadsAvailable(entry, RecordOrigin::Measured); // its points are under way until the state says that nothing is
            setState(SweepState::Idle);
        },
        [this](const JobFailure& failure) { fail(failure); });
    Q_EMIT loadsBegun(plan, loads);
}

void SweepSession::startNext()
{
    const SweepPlan& plan = m_plans[m_records.size()];
    m_clock.invalidate();
    m_pausedMs = 0;
    if (m_state == SweepState::Paused)
        m_pauseClock.start();
    m_worker.submit<RunView>(
        JobSlot::Sweep, JobLevel::Sweep,
        [this, workspace = m_workspace, plan, file = QDir(m_runsFolder).filePath(newName())](const JobContext& context) {
            RunView view;
            auto record = std::make_shared<RunRecord>(workspace->sweep(plan, context.task, [&](const Cell& cell) {
                context.post([this, shared = std::make_shared<const Cell>(cell)] { Q_EMIT cellMeasured(*shared); });
            }));
            view.record = record;
            if (save(toJson(*record), file, context))
                view.path = file;
            return view;
        },
        [this](const RunView& view) { finish(view); }, [this](const JobFailure& failure) { fail(failure); });
    Q_EMIT begun(plan, int(m_records.size()) + 1, int(m_plans.size()));
}

/// On the compute thread. What was measured is good whatever the disk says: it is shown, and the message tells that it is not saved.
bool SweepSession::save(const std::string& record, const QString& file, const JobContext& context)
{
    try {
        QDir().mkpath(QFileInfo(file).path());
        writeFileAtomically(pathOf(file), record);
        return true;
    } catch (const Error& error) {
        const QString message = tr("The run was not saved: %1").arg(QString::fromUtf8(error.what()));
        context.post([this, message] { Q_EMIT failed(message); });
        return false;
    }
}

void SweepSession::finish(const RunView& view)
{
    m_records.push_back(view.record);
    if (m_records.size() < m_plans.size()) {
        Q_EMIT runAvailable(view, RecordOrigin::Measured);
        startNext();
        return;
    }
    const bool wholeSet = m_plans.size() > 1;
    setState(SweepState::Idle);
    Q_EMIT runAvailable(view, RecordOrigin::Measured);
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

SweepSession::OpenedRecord SweepSession::read(const QString& path)
{
    if (isLoadRecord(pathOf(path)))
        return {{}, LoadEntry{path, std::make_shared<const LoadRecord>(readLoadRecord(pathOf(path)))}};
    return {RunView{{}, path, std::make_shared<const RunRecord>(loadRunRecord(pathOf(path)))}, {}};
}

void SweepSession::tell(const std::vector<OpenedRecord>& records, RecordOrigin origin)
{
    for (const OpenedRecord& record : records) {
        if (record.run)
            Q_EMIT runAvailable(*record.run, origin);
        else
            Q_EMIT loadsAvailable(*record.loads, origin);
    }
}

void SweepSession::openRecords(const QStringList& paths)
{
    m_worker.submit<std::vector<OpenedRecord>>(
        JobSlot::Files, JobLevel::Write,
        [this, paths](const JobContext& context) {
            std::vector<OpenedRecord> records;
            for (const QString& path : paths) {
                context.task.check();
                try {
                    records.push_back(read(path));
                } catch (const Error& error) {
                    context.post([this, message = QString::fromUtf8(error.what())] { Q_EMIT failed(message); });
                }
            }
            return records;
        },
        [this](const std::vector<OpenedRecord>& records) { tell(records, RecordOrigin::Opened); },
        [this](const JobFailure& failure) {
            if (!failure.cancelled)
                Q_EMIT failed(failure.message);
        });
}

void SweepSession::restoreHistory(const QStringList& loadRecords)
{
    m_worker.submit<std::vector<OpenedRecord>>(
        JobSlot::History, JobLevel::Write,
        [folder = m_runsFolder, loadRecords](const JobContext& context) {
            QStringList files;
            for (const QFileInfo& file : QDir(folder).entryInfoList({QStringLiteral("*.json")}, QDir::Files, QDir::Name))
                if (!file.fileName().startsWith(kLoadPrefix))
                    files << file.filePath();
            files = files.mid(std::max<qsizetype>(0, files.size() - kHistoryLength)) + loadRecords;
            std::vector<OpenedRecord> records;
            for (const QString& file : files) {
                context.task.check();
                try {
                    records.push_back(read(file));
                } catch (const Error&) {
                    // A damaged record of an earlier time must not keep the others out of the history.
                }
            }
            return records;
        },
        [this](const std::vector<OpenedRecord>& records) { tell(records, RecordOrigin::Restored); }, [](const JobFailure&) {});
}

void SweepSession::setState(SweepState state)
{
    m_state = state;
    Q_EMIT stateChanged(state);
}

void SweepSession::tellPhase(const Progress& progress)
{
    const QString name = QString::fromStdString(progress.phase);
    Q_EMIT phase(progress.total > 0 ? tr("%1: %2 %").arg(name).arg(int(100 * progress.done / progress.total)) : name);
}

double SweepSession::secondsLeft(double share) const
{
    const double seconds = double(m_clock.elapsed() - m_pausedMs) / 1000;
    return share > 0 && seconds > 0.5 ? seconds * (1 - share) / share : -1;
}

void SweepSession::onProgress(const Progress& progress)
{
    if (m_state == SweepState::Idle)
        return;
    if (m_loads) {
        const bool trials = m_loads->take(progress);
        if (!trials)
            tellPhase(progress);
        else if (m_phaseTold) // once: the panel has other messages, too
            Q_EMIT phase({});
        m_phaseTold = !trials;
        Q_EMIT progressed(m_loads->trialsDone(), m_loads->trialsInAll(), secondsLeft(m_loads->share()));
        return;
    }
    if (progress.unit != "trials") {
        tellPhase(progress);
        return;
    }
    if (!m_clock.isValid()) {
        Q_EMIT phase({});
        m_clock.start();
    }
    Q_EMIT progressed(qint64(progress.done), qint64(progress.total), secondsLeft(progress.total > 0 ? progress.done / progress.total : 0));
}

} // namespace hayloft
