// SPDX-License-Identifier: GPL-3.0-or-later
// What the workbench does; which signal leads where is in WorkbenchWiring.cpp.
#include "app/workbench/WorkbenchController.h"

#include "app/workbench/NeedleCommand.h"
#include "app/workbench/Theme.h"
#include "core/base/Paths.h"
#include "core/model/Machine.h"
#include "widgets/DocumentPanel.h"
#include "widgets/MemoryPanel.h"
#include "widgets/QueryPanel.h"
#include "widgets/RecallPanel.h"

#include <QDir>
#include <QFileInfo>
#include <QLocale>

namespace hayloft {

namespace {

QString text(const std::filesystem::path& path)
{
    return QString::fromStdU16String(path.u16string());
}

QString text(const std::string& utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

} // namespace

WorkbenchController::WorkbenchController(const WorkbenchConfig& config, QObject* parent)
    : QObject(parent)
    , m_store(config.settingsFile.isEmpty() ? SettingsStore() : SettingsStore(config.settingsFile))
    , m_settings(m_store.load())
    , m_workspace(std::make_shared<Workspace>(config.openModel))
{
    applyTheme(m_settings.theme);
    m_worker = std::make_unique<ComputeWorker>([] { useThreads(0); }, [workspace = m_workspace] { workspace->close(); });
    m_window = std::make_unique<MainWindow>();
    m_document = new DocumentSession(*m_worker, m_workspace, this);
    m_sweep = new SweepSession(*m_worker, m_workspace, config.runsFolder, this);
    m_needleFiles = new NeedleFiles(*m_worker, this);
    m_exports = new RunExports(this);
    connectDocument();
    connectMemory();
    connectQuery();
    connectRecall();
    connectDocumentSession();
    connectWriting();
    connectAnswers();
    connectSweepSession();
    applySettings(config);
    m_needleFiles->readShipped(needlesFile());
    describeMachineInBackground();
}

WorkbenchController::~WorkbenchController()
{
    shutDown();
}

void WorkbenchController::applySettings(const WorkbenchConfig& config)
{
    if (m_settings.geometry.isEmpty() || !m_window->restoreGeometry(m_settings.geometry))
        m_window->resize(1280, 800);
    m_window->restoreLayout(m_settings.layout);
    m_window->setRecentFiles(m_settings.recentFiles);
    m_modelDirectory = config.modelDirectory.isEmpty() ? m_settings.modelDirectory : config.modelDirectory;
    if (m_modelDirectory.isEmpty() || !QFileInfo::exists(m_modelDirectory))
        m_modelDirectory = config.modelDirectory.isEmpty() ? text(modelDirectory("larimar-mini")) : config.modelDirectory;
    m_window->queryPanel().setSettings(memorySettingsOf(m_settings));
    m_document->setMemory(memorySettingsOf(m_settings));
    m_document->setSlowMotionInterval(m_settings.slowMotionMs);
    m_document->setSlowMotionRuns(m_settings.slowMotionRuns);
    SweepPlan plan = m_window->recallPanel().plan();
    if (m_settings.sweepSaved) {
        recallPlan(m_settings, plan);
        if (plan.task.kind == TaskKind::Needle && plan.task.needles.empty())
            plan.task.needles = {sanFranciscoNeedle()};
        m_window->recallPanel().setPlan(plan);
    }
    m_window->recallPanel().setAxis(loadAxisOf(m_settings));
    m_window->recallPanel().setTaskSet(m_settings.sweepTaskSet);
    listModels();
}

void WorkbenchController::listModels()
{
    QList<QPair<QString, QString>> models;
    const auto add = [&](const QString& folder) {
        if (!models.contains({QFileInfo(folder).fileName(), folder}))
            models.append({QFileInfo(folder).fileName(), folder});
    };
    const QDir bundled = QFileInfo(text(modelDirectory("larimar-mini"))).dir();
    for (const QFileInfo& folder : bundled.entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        if (QFileInfo::exists(folder.filePath() + QStringLiteral("/config.json")))
            add(folder.filePath());
    }
    add(m_modelDirectory);
    m_window->setModels(models, m_modelDirectory);
}

void WorkbenchController::start(const StartRequest& request)
{
    m_start = request;
    m_sweep->restoreHistory(m_settings.loadCurves);
    if (request.needle)
        m_document->setNeedle(request.needle);
    else if (request.plantDefault)
        m_document->setNeedle(currentNeedle());
    if (!request.question.isEmpty()) {
        m_window->queryPanel().setQuery(request.question, KeyKind::Content);
        m_document->setMemory(m_window->queryPanel().settings());
    }
    m_document->openModel(m_modelDirectory);
}

bool WorkbenchController::areRecords(const QStringList& paths)
{
    return std::all_of(paths.begin(), paths.end(), [](const QString& path) { return QFileInfo(path).suffix().compare(QLatin1String("json"), Qt::CaseInsensitive) == 0; });
}

void WorkbenchController::openPaths(const QStringList& paths)
{
    if (!paths.isEmpty() && areRecords(paths)) {
        m_sweep->openRecords(paths);
        return;
    }
    m_settings.lastFolder = QFileInfo(paths.value(0)).absolutePath();
    m_document->openPaths(paths);
}

void WorkbenchController::openSamples()
{
    QStringList paths;
    const QDir folder(text(sampleHaystacksDirectory()));
    for (const QFileInfo& file : folder.entryInfoList({QStringLiteral("*.txt")}, QDir::Files, QDir::Name))
        paths << file.filePath();
    if (paths.isEmpty())
        showError(tr("No sample haystack: %1; open a document of your own").arg(folder.path()));
    else
        m_document->openPaths(paths, tr("Sample haystack"));
}

void WorkbenchController::openText(const QString& content, const QString& name)
{
    if (content.trimmed().isEmpty())
        showError(tr("Nothing to paste: the clipboard holds no text; copy some first"));
    else
        m_document->openText(content, name);
}

void WorkbenchController::openModel(const QString& directory)
{
    m_modelDirectory = directory;
    listModels();
    m_document->openModel(directory);
}

NeedleState WorkbenchController::currentNeedle() const
{
    if (m_document->needle())
        return *m_document->needle();
    if (m_settings.needleText.isEmpty())
        return needleState(sanFranciscoNeedle(), m_settings.needleDepth);
    return needleState({m_settings.needleText.toStdString(), m_settings.needlePrefix.toStdString(),
                        m_settings.needleQuestion.toStdString()}, m_settings.needleDepth);
}

void WorkbenchController::changeNeedle(const std::optional<NeedleState>& needle)
{
    if (needle == m_document->needle()) {
        if (m_document->isOpen())
            showNeedle(m_document->snapshot());
        return;
    }
    m_undo.push(new NeedleCommand(m_document->needle(), needle, [this](const std::optional<NeedleState>& wanted) {
        m_document->setNeedle(wanted);
    }));
}

void WorkbenchController::plantAt(double depthPercent)
{
    NeedleState needle = currentNeedle();
    needle.depth = std::clamp(depthPercent, 0.0, 100.0);
    changeNeedle(needle);
}

void WorkbenchController::ask()
{
    m_document->ask(m_window->queryPanel().request());
}

void WorkbenchController::runOrCancelSweep()
{
    if (m_sweep->state() != SweepState::Idle) {
        m_sweep->cancel();
        return;
    }
    m_window->recallPanel().requestRun();
}

void WorkbenchController::loadTrial(const TrialRequest& trial)
{
    m_askAfterWriting = true;
    m_document->openTrial(trial);
}

void WorkbenchController::showSnapshot(const Snapshot& snapshot)
{
    if (snapshot.document.text != m_shownText)
        m_window->documentPanel().setDocument(snapshot.document);
    m_shownText = snapshot.document.text;
    m_segmentRows.assign(snapshot.document.segments->size(), -1);
    for (std::size_t i = 0; i < m_segmentRows.size(); ++i)
        m_segmentRows[i] = (*snapshot.document.segments)[i].row;
    std::vector<qint64> shared;
    for (const SegmentView& segment : *snapshot.document.segments)
        shared.push_back(segment.rowSegments);
    m_window->documentPanel().setRows(m_segmentRows, shared);
    showNeedle(snapshot);
    m_window->setWindowTitle(snapshot.document.title.isEmpty() ? tr("Hayloft") : tr("%1 - Hayloft").arg(snapshot.document.title));
    m_window->setCounts(snapshot.document.tokens, qint64(m_segmentRows.size()), snapshot.rows);
}

void WorkbenchController::showNeedle(const Snapshot& snapshot)
{
    const auto& needle = snapshot.needle;
    m_window->documentPanel().setNeedle(needle.has_value(), snapshot.depthAchieved, snapshot.tokenPosition);
    m_window->setNeedle(needle ? text(needle->needle.text) : QString(), needle && !snapshot.trial,
                        needle ? needle->depth : m_settings.needleDepth);
    m_window->queryPanel().setSuggestions(needle ? text(needle->needle.prefix) : QString(),
                                          needle ? text(needle->needle.question) : QString());
}

void WorkbenchController::showRows(const RowsUpdate& rows)
{
    m_segmentRows = rows.segmentRows;
    m_window->documentPanel().setRows(rows.segmentRows, rows.rowSegments);
    m_window->memoryPanel().updateRows(rows.rows, rows.values, rows.counts, rows.totalRows, rows.columns);
    m_window->setCounts(m_document->snapshot().document.tokens, qint64(m_segmentRows.size()), rows.totalRows);
}

void WorkbenchController::selectSegment(qint64 segment)
{
    if (segment < 0 || segment >= qint64(m_segmentRows.size()))
        return;
    m_window->documentPanel().setCurrentSegment(segment);
    const qint64 row = m_segmentRows[std::size_t(segment)];
    m_window->memoryPanel().setCurrentRow(row);
    lookAt({row});
}

void WorkbenchController::selectRow(qint64 row)
{
    if (row < 0)
        return;
    m_window->memoryPanel().setCurrentRow(row);
    const auto segment = std::find(m_segmentRows.begin(), m_segmentRows.end(), row);
    m_window->documentPanel().setCurrentSegment(segment == m_segmentRows.end() ? -1 : segment - m_segmentRows.begin());
    lookAt({row});
}

void WorkbenchController::lookAt(const RowExperiment& experiment)
{
    if (experiment.row == m_rowDetail.row && experiment.row >= 0) {
        m_rowDetail.decodedIsCurrent = false;
        m_window->memoryPanel().setRowDetail(m_rowDetail);
    }
    m_document->lookAtRow(experiment);
}

void WorkbenchController::setTheme(ThemeChoice theme)
{
    m_settings.theme = theme;
    applyTheme(theme);
    Q_EMIT themeChanged();
}

void WorkbenchController::showError(const QString& message)
{
    m_window->showMessage(MessageBar::Kind::Error, message, diagnostics());
}

void WorkbenchController::saveSettings()
{
    m_settings.geometry = m_window->saveGeometry();
    m_settings.layout = m_window->saveLayout();
    m_settings.modelDirectory = m_modelDirectory == text(modelDirectory("larimar-mini")) ? QString() : m_modelDirectory;
    m_store.save(m_settings);
}

bool WorkbenchController::shutDown()
{
    m_exports->finish();
    return m_worker->stop();
}

} // namespace hayloft
