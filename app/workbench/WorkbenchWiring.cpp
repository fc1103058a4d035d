// SPDX-License-Identifier: GPL-3.0-or-later
// Every connection between panels and sessions.
#include "app/workbench/WorkbenchController.h"

#include "core/model/Machine.h"
#include "widgets/DocumentPanel.h"
#include "widgets/MemoryPanel.h"
#include "widgets/QueryPanel.h"
#include "widgets/RecallPanel.h"

#include <QFileInfo>
#include <QLocale>
#include <QStatusBar>

namespace hayloft {

namespace {

constexpr int kHintMs = 4000; ///< how long a hint stands in the status line

} // namespace

void WorkbenchController::connectDocument()
{
    DocumentPanel* panel = &m_window->documentPanel();
    connect(panel, &DocumentPanel::segmentChosen, this, &WorkbenchController::selectSegment);
    connect(panel, &DocumentPanel::plantRequested, this, &WorkbenchController::plantAt);
    connect(panel, &DocumentPanel::plantPreviewed, this, [this](double depth) {
        const auto token = qint64(depth / 100 * double(m_document->snapshot().document.tokens));
        m_window->statusBar()->showMessage(tr("Needle at %1 %, about token %2").arg(depth, 0, 'f', 1).arg(QLocale().toString(token)), kHintMs);
    });
    connect(panel, &DocumentPanel::segmentHovered, this, [this](qint64 segment) {
        if (segment < 0 || segment >= qint64(m_segmentRows.size()))
            m_window->statusBar()->clearMessage();
        else if (const qint64 row = m_segmentRows[std::size_t(segment)]; row < 0)
            m_window->statusBar()->showMessage(tr("Segment %1, not written").arg(QLocale().toString(segment)));
        else
            m_window->statusBar()->showMessage(tr("Segment %1, row %2").arg(QLocale().toString(segment), QLocale().toString(row)));
    });
    connect(m_window.get(), &MainWindow::filesDropped, this, &WorkbenchController::openPaths);
}

void WorkbenchController::connectMemory()
{
    MemoryPanel* panel = &m_window->memoryPanel();
    connect(panel, &MemoryPanel::rowChosen, this, &WorkbenchController::selectRow);
    connect(panel, &MemoryPanel::experimentChanged, this, &WorkbenchController::lookAt);
    connect(panel, &MemoryPanel::slowMotionRequested, m_document, &DocumentSession::setSlowMotion);
    connect(panel, &MemoryPanel::slowMotionStepRequested, this, [this] {
        m_document->setSlowMotionRuns(false);
        m_document->stepSlowMotion();
    });
}

void WorkbenchController::connectQuery()
{
    QueryPanel* panel = &m_window->queryPanel();
    connect(panel, &QueryPanel::askRequested, m_document, &DocumentSession::ask);
    connect(panel, &QueryPanel::settingsChanged, this, [this](const MemorySettings& memory) {
        setMemorySettings(m_settings, memory);
        m_window->queryPanel().setMessage(tr("The memory is written anew with these settings; ask again when it is done."));
        m_document->setMemory(memory);
    });
    connect(panel, &QueryPanel::rowChosen, this, &WorkbenchController::selectRow);
    connect(panel, &QueryPanel::segmentChosen, this, &WorkbenchController::selectSegment);
}

void WorkbenchController::connectRecall()
{
    RecallPanel* panel = &m_window->recallPanel();
    connect(panel, &RecallPanel::runRequested, m_sweep, &SweepSession::run);
    connect(panel, &RecallPanel::loadsRequested, m_sweep, &SweepSession::runLoads);
    connect(panel, &RecallPanel::taskSetRequested, this, [this, panel](const std::vector<SweepPlan>& plans) {
        m_settings.sweepTaskSet = panel->taskSet();
        m_sweep->runSet(plans);
    });
    connect(panel, &RecallPanel::pauseRequested, m_sweep, &SweepSession::setPaused);
    connect(panel, &RecallPanel::cancelRequested, m_sweep, &SweepSession::cancel);
    connect(panel, &RecallPanel::trialChosen, this,
            [this](const std::shared_ptr<const RunRecord>& record, qint64 length, double depth, int trial) {
                loadTrial({record, length, depth, trial});
            });
    connect(panel, &RecallPanel::needleFileRequested, m_needleFiles, &NeedleFiles::read);
    connect(m_needleFiles, &NeedleFiles::wasRead, panel, &RecallPanel::setNeedleFile);
    connect(m_needleFiles, &NeedleFiles::failed, panel, &RecallPanel::setNeedleFileProblem);
    connect(panel, &RecallPanel::openRecordRequested, m_window->action(Command::OpenRecord), &QAction::trigger);
    connect(panel, &RecallPanel::exportRequested, m_exports, &RunExports::write);
    connect(panel, &RecallPanel::copyRequested, m_exports, &RunExports::copy);
    connect(m_exports, &RunExports::written, panel, &RecallPanel::setExported);
    connect(m_exports, &RunExports::copied, panel, &RecallPanel::setCopied);
    connect(m_exports, &RunExports::failed, panel, &RecallPanel::setNotExported);
    connect(m_exports, &RunExports::written, this, [this](const QStringList& files) {
        m_window->statusBar()->showMessage(tr("Saved %1").arg(files.join(tr(" and "))), kHintMs);
    });
}

void WorkbenchController::connectDocumentSession()
{
    connect(m_document, &DocumentSession::modelOpened, this, [this](const ModelInfo& model, const ModelAbilities& abilities) {
        m_window->queryPanel().setModel(abilities);
        m_window->recallPanel().setModel(abilities);
        m_document->setSegmenter(segmenterOf(m_settings, model.maxTokens));
        const StartRequest start = std::exchange(m_start, {});
        if (m_document->isOpen())
            m_document->reopen();
        else if (areRecords(start.paths)) // which come without their text
            openSamples();
        if (!start.paths.isEmpty())
            openPaths(start.paths);
        describeMachineInBackground();
    });
    connect(m_document, &DocumentSession::needleChanged, this, [this](const NeedleChange& change) {
        m_window->queryPanel().outdateAnswer();
        showSnapshot(change.snapshot);
        showRows(change.rows);
        if (change.snapshot.needleSegment >= 0)
            selectSegment(change.snapshot.needleSegment);
    });
    connect(m_document, &DocumentSession::needleRefused, this, [this](const QString& message) {
        // The step that was refused leaves the stack; undoing it asks for what is planted already.
        if (m_undo.canUndo()) {
            const_cast<QUndoCommand*>(m_undo.command(m_undo.index() - 1))->setObsolete(true);
            m_undo.undo();
        }
        showNeedle(m_document->snapshot());
        if (!message.isEmpty())
            showError(message);
    });
    connect(m_document, &DocumentSession::failed, this, &WorkbenchController::showError);
    connect(m_document, &DocumentSession::workingChanged, this, [this](bool working) {
        m_window->setWorking(working, m_document->isOpen());
        if (!working)
            m_window->setProgress({});
    });
}

void WorkbenchController::connectWriting()
{
    connect(m_document, &DocumentSession::shown, this, [this](const Snapshot& snapshot) {
        m_window->hideMessage();
        m_rowDetail = {};
        m_window->queryPanel().outdateAnswer();
        m_window->queryPanel().setSettings(snapshot.memory); // a trial brings its own, and takes them with it
        showSnapshot(snapshot);
        m_window->memoryPanel().setMemory(snapshot.matrix);
        m_window->setWorking(true, true);
        if (!snapshot.path.isEmpty() && QFileInfo::exists(snapshot.path)) {
            rememberFile(m_settings, snapshot.path);
            m_window->setRecentFiles(m_settings.recentFiles);
        }
    });
    connect(m_document, &DocumentSession::rowsWritten, this, &WorkbenchController::showRows);
    connect(m_document, &DocumentSession::written, this, [this](const Snapshot& snapshot) {
        showSnapshot(snapshot);
        if (snapshot.trial) {
            m_window->showMessage(MessageBar::Kind::Information,
                                  tr("%1 is shown. Write brings your document back.").arg(snapshot.document.title));
            m_window->queryPanel().setQuery(QString::fromStdString(snapshot.memory.keys != KeyKind::Prefix
                                                ? snapshot.needle->needle.question : snapshot.needle->needle.prefix),
                                            snapshot.memory.keys);
        }
        if (snapshot.needleSegment >= 0)
            selectSegment(snapshot.needleSegment);
        if (std::exchange(m_askAfterWriting, false))
            ask();
    });
    connect(m_worker.get(), &ComputeWorker::progressed, this, [this](JobSlot slot, const Progress& progress) {
        if (slot == JobSlot::Document || slot == JobSlot::Model)
            m_window->setProgress(QString::fromStdString(progress.phase), progress.done, progress.total);
    });
    connect(m_document, &DocumentSession::slowMotionChanged, this, [this](bool on) {
        m_window->memoryPanel().setSlowMotion(on);
        if (on)
            m_window->queryPanel().clearAnswer(); // it spoke of rows that are empty now
        m_window->action(Command::SlowMotion)->setChecked(on);
    });
    connect(m_document, &DocumentSession::slowStepped, this, [this](const SlowStep& step) {
        showRows(step.rows);
        m_window->documentPanel().setCurrentSegment(step.step.segment);
        m_window->memoryPanel().setCurrentRow(step.step.row);
        m_window->memoryPanel().setWriteStep(step.step);
        lookAt({step.step.row});
    });
}

void WorkbenchController::connectAnswers()
{
    connect(m_document, &DocumentSession::asking, this, [this] { m_window->queryPanel().setBusy(true); });
    connect(m_document, &DocumentSession::answered, this, [this](const AnswerView& answer) {
        m_window->queryPanel().setBusy(false);
        m_window->queryPanel().setAnswer(answer);
        selectRow(answer.answers.front().row);
        m_window->memoryPanel().flashRow(answer.answers.front().row);
    });
    connect(m_document, &DocumentSession::askFailed, this, [this](const QString& message) {
        m_window->queryPanel().setBusy(false);
        m_window->queryPanel().setMessage(message);
    });
    connect(m_document, &DocumentSession::rowSeen, this, [this](const RowDetail& detail) {
        m_rowDetail = detail;
        m_window->memoryPanel().setRowDetail(detail);
    });
}

void WorkbenchController::connectSweepSession()
{
    RecallPanel* panel = &m_window->recallPanel();
    connect(m_sweep, &SweepSession::begun, this, [this, panel](const SweepPlan& plan, int number, int count) {
        if (count > 1)
            rememberGrid(m_settings, plan);
        else
            rememberPlan(m_settings, plan);
        panel->setPlaceInSet(number, count);
        panel->beginRun(plan);
    });
    connect(m_sweep, &SweepSession::setFinished, panel, [panel](const std::vector<std::shared_ptr<const RunRecord>>& records) {
        panel->showTogether(records);
        panel->setMessage(tr("All %1 tasks are done; each is a run of its own in the history.").arg(records.size()));
    });
    connect(m_sweep, &SweepSession::stateChanged, this, [this, panel](SweepState state) {
        panel->setState(state);
        const bool running = state != SweepState::Idle;
        m_window->setSweepRunning(running, state == SweepState::Paused);
    });
    connect(m_sweep, &SweepSession::progressed, panel, &RecallPanel::setProgress);
    connect(m_sweep, &SweepSession::phase, panel, &RecallPanel::setMessage);
    connect(m_sweep, &SweepSession::cellMeasured, panel, &RecallPanel::addCell);
    connect(m_sweep, &SweepSession::runAvailable, this, [this, panel](const RunView& run, RecordOrigin origin) {
        panel->addRun(run);
        if (origin == RecordOrigin::Opened)
            panel->showLoads(false);
        panel->setMessage(origin != RecordOrigin::Measured || run.path.isEmpty() ? QString() : tr("Saved as %1").arg(run.path));
    });
    connectLoads();
    connect(m_sweep, &SweepSession::cancelled, panel, [panel] { panel->setMessage(tr("Cancelled.")); });
    connect(m_sweep, &SweepSession::failed, this, &WorkbenchController::showError);
}

void WorkbenchController::connectLoads()
{
    RecallPanel* panel = &m_window->recallPanel();
    connect(m_sweep, &SweepSession::loadsBegun, this, [this, panel](const SweepPlan& plan, const std::vector<double>& loads) {
        rememberLoads(m_settings, plan, loads);
        panel->setPlaceInSet(1, 1);
        panel->setMessage({});
        panel->loads().begin(plan, loads);
        panel->showLoads(true);
    });
    connect(m_sweep, &SweepSession::loadMeasured, &panel->loads(), &LoadCurves::add);
    connect(m_sweep, &SweepSession::loadsAvailable, this, [panel](const LoadEntry& entry, RecordOrigin origin) {
        if (origin == RecordOrigin::Measured)
            panel->loads().finish(entry);
        else
            panel->loads().open(entry);
        if (origin == RecordOrigin::Opened)
            panel->showLoads(true);
        panel->setMessage(origin != RecordOrigin::Measured || entry.path.isEmpty() ? QString() : tr("Saved as %1").arg(entry.path));
    });
    connect(&panel->loads(), &LoadCurves::changed, this, [this, panel] { m_settings.loadCurves = panel->loads().paths(); });
}

} // namespace hayloft
