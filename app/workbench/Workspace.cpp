// SPDX-License-Identifier: GPL-3.0-or-later
// Opening, writing and asking on the compute thread.
#include "app/workbench/Workspace.h"

#include "app/workbench/WorkspaceViews.h"
#include "core/base/Random.h"
#include "core/base/Sha256.h"
#include "core/compute/PrecisionName.h"
#include "core/model/Machine.h"
#include "core/recall/DocumentMemory.h"
#include "core/recall/LoadSweep.h"
#include "core/recall/TaskHaystack.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <chrono>
#include <cmath>

namespace hayloft {

namespace {

constexpr int kShownTexts = 8; ///< segments of a shared row whose text is shown
/// Rows that are shown at once: copying them into the picture takes the window a few milliseconds.
constexpr std::size_t kRowsAtOnce = 1024;
constexpr auto kShowEvery = std::chrono::milliseconds(50);

std::filesystem::path pathOf(const QString& path)
{
    return std::filesystem::path(path.toStdU16String());
}

QString text(const std::string& utf8)
{
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString translated(const char* source)
{
    return QCoreApplication::translate("hayloft::Workspace", source);
}

/// Tells which rows were written: not after each batch, but often enough to watch, and never too many at once.
class WrittenRows {
public:
    WrittenRows(const DocumentMemory& memory, const WriteCallbacks& callbacks, RowsUpdatePool& updates)
        : m_memory(memory), m_callbacks(callbacks), m_updates(updates)
    {
    }
    void add(Index row)
    {
        m_rows.push_back(row);
        if (m_rows.size() >= kRowsAtOnce)
            tell();
    }
    void tellNowAndThen()
    {
        if (std::chrono::steady_clock::now() - m_told >= kShowEvery)
            tell();
    }
    void tell()
    {
        if (!m_rows.empty()) {
            auto update = m_updates.lend();
            fillRowsUpdate(*update, m_memory, std::exchange(m_rows, {}));
            m_callbacks.written(std::move(update));
        }
        m_told = std::chrono::steady_clock::now();
    }

private:
    const DocumentMemory& m_memory;
    const WriteCallbacks& m_callbacks;
    RowsUpdatePool& m_updates;
    std::vector<Index> m_rows;
    std::chrono::steady_clock::time_point m_told {};
};

} // namespace

/// One document with its memory, and the model that wrote it.
struct Workspace::Session {
    std::shared_ptr<LatentModel> model; ///< first: it must outlive the memory
    std::unique_ptr<DocumentMemory> memory;
    std::optional<NeedleState> needle;
    QString title, path;
    QStringList notices;
    bool trial = false;

    Snapshot snapshot() const
    {
        Snapshot s;
        s.document = {memory->text(), segmentViews(*memory), memory->tokens(), title, notices};
        s.path = path;
        s.rows = memory->memory().rows();
        s.columns = memory->memory().latentSize();
        s.complete = memory->complete();
        s.trial = trial;
        s.memory = memory->settings();
        s.prefixTokens = memory->prefixTokens();
        s.needle = needle;
        if (const auto& planted = memory->needle()) {
            s.depthAchieved = planted->depthAchieved;
            s.tokenPosition = planted->tokenPosition;
            s.needleSegment = planted->firstSegment;
        }
        return s;
    }

    std::vector<Index> needleRows() const
    {
        std::vector<Index> rows;
        for (const DocumentSegment& segment : memory->segments()) {
            if (segment.needle && segment.row >= 0)
                rows.push_back(segment.row);
        }
        return rows;
    }
};

Workspace::Workspace(ModelFactory factory) : m_factory(std::move(factory)), m_updates(std::make_shared<RowsUpdatePool>()) {}

Workspace::~Workspace() = default;

void Workspace::close()
{
    m_session.reset();
    m_haystack.reset();
    m_model.reset();
}

Workspace::Session& Workspace::session() const
{
    if (!m_session)
        throw Error("no document is open", "", "open one first");
    return *m_session;
}

const LatentModel& Workspace::model() const
{
    if (!m_model)
        throw Error("no model is open", "", "choose a model folder with Memory > Open model folder");
    return *m_model;
}

OpenedModel Workspace::openModel(const std::filesystem::path& directory)
{
    m_model = m_factory(directory);
    const Matrix* prior = m_model->prior();
    return {m_model->info(), {prior ? qint64(prior->rows()) : 0, m_model->info().promptTokens > 0}};
}

std::shared_ptr<Workspace::Session> Workspace::load(const OpenRequest& request, const Task& task)
{
    auto haystack = m_haystack;
    if (!request.paths.isEmpty()) {
        std::vector<std::filesystem::path> paths;
        for (const QString& path : request.paths)
            paths.push_back(pathOf(path));
        haystack = std::make_shared<const Document>(paths.size() == 1 ? loadDocument(paths[0], task) : loadDocuments(paths, task));
    } else if (!request.name.isEmpty()) {
        haystack = std::make_shared<const Document>(documentFromText(request.text.toStdString(), request.name.toStdString()));
    }
    if (!haystack)
        throw Error("no document is open", "", "open one first");
    auto session = std::make_shared<Session>();
    session->model = m_model;
    session->memory = std::make_unique<DocumentMemory>(model(), haystack->text, request.segmenter, request.memory);
    session->memory->segment(task);
    if (request.needle)
        session->memory->plant(request.needle->needle.text, request.needle->depth, Placement::Boundary, task);
    session->needle = request.needle;
    session->title = request.name.isEmpty() ? text(haystack->name) : request.name;
    session->path = QString::fromStdString(haystack->path.string());
    for (const std::string& notice : haystack->notices)
        session->notices << text(notice);
    m_haystack = haystack;
    return session;
}

std::shared_ptr<const Document> Workspace::haystackOf(const RunRecord& record) const
{
    const HaystackInfo& recorded = record.result.haystack;
    std::shared_ptr<const Document> haystack = m_haystack;
    const bool makes = makesHaystack(record.plan.task);
    if (makes || recorded.source == kFillerName)
        haystack = std::make_shared<const Document>(makes ? taskHaystack(record.plan) : fillerHaystack(record.plan));
    if (!haystack || (!recorded.sha256.empty() && sha256(haystack->text) != recorded.sha256)) {
        if (makes)
            throw Error("this version of Hayloft makes another haystack than the run's", recorded.source, "run the task again");
        throw Error("this run used another haystack", recorded.source, "open that document to load its trials");
    }
    return haystack;
}

std::shared_ptr<Workspace::Session> Workspace::loadTrial(const OpenRequest& request, const Task& task)
{
    const TrialRequest& trial = *request.trial;
    const RunRecord& record = *trial.record;
    const auto haystack = haystackOf(record);
    const auto cell = std::find_if(record.result.cells.begin(), record.result.cells.end(), [&](const Cell& c) {
        return c.lengthTokens == trial.lengthTokens && std::abs(c.depthPercent - trial.depthPercent) < 5e-4;
    });
    // Samples of identical trials were dropped, so the seed tells which trial a sample is.
    int number = trial.sample;
    if (cell != record.result.cells.end() && trial.sample < static_cast<int>(cell->samples.size())) {
        for (int t = 0; t < record.plan.trials; ++t) {
            if (trialSeed(record.plan.seed, cell->lengthTokens, cell->depthPercent, t) == cell->samples[static_cast<std::size_t>(trial.sample)].seed)
                number = t;
        }
    }
    const AssembledContext context = assembleTrial(record.plan, *haystack, model().tokenizer(), trial.lengthTokens,
                                                   trial.depthPercent, number);
    auto session = std::make_shared<Session>();
    session->model = m_model;
    session->trial = true;
    session->memory = std::make_unique<DocumentMemory>(model(), context.text, record.plan.segmenter, record.plan.memory, record.plan.seed,
                                                       trialSeed(record.plan.seed, trial.lengthTokens, trial.depthPercent, number));
    session->memory->segment(task, context.restarts);
    session->memory->markNeedle(context.needleBegin, context.needleEnd, trial.depthPercent, context.depthAchieved);
    if (const ModelInfo& open = model().info(); record.model.sha256 != open.sha256 || record.model.precision != open.precision)
        session->notices << translated("This trial was run with %1 in %2; what is shown is what %3 in %4 makes of it.")
                                .arg(text(record.model.name), text(std::string(nameOf(record.model.precision))), text(open.name), text(std::string(nameOf(open.precision))));
    session->needle = NeedleState{{context.needle.text, context.needle.prefix, context.needle.question}, record.plan.task.kind,
                                  context.needle.expected, trial.depthPercent, context.needle.values};
    const QLocale locale;
    session->title = translated("Trial %1: %2 tokens, depth %3 %")
                         .arg(number + 1).arg(locale.toString(qlonglong(trial.lengthTokens)), locale.toString(trial.depthPercent));
    return session;
}

Snapshot Workspace::open(const OpenRequest& request, const Task& task, const WriteCallbacks& callbacks)
{
    task.report({translated("Opening").toStdString(), 0, 0, "", ""});
    model();
    m_session = request.trial ? loadTrial(request, task) : load(request, task);
    // Jobs that run between batches may open another document: this one is kept until its own writing ends.
    const auto session = m_session;
    return write(*session, task, callbacks);
}

Snapshot Workspace::write(Session& session, const Task& task, const WriteCallbacks& callbacks)
{
    Snapshot begin = session.snapshot();
    begin.matrix = matrixView(session.memory->memory());
    callbacks.segmented(begin);
    Index from = 0;
    WrittenRows written(*session.memory, callbacks, *m_updates);
    try {
        session.memory->write(task, [&](Index to) {
            for (; from < to; ++from)
                written.add(session.memory->segments()[static_cast<std::size_t>(from)].row);
            written.tellNowAndThen();
        });
    } catch (const Cancelled&) {
        written.tell(); // what is written stays
        throw;
    }
    written.tell();
    return session.snapshot();
}

Snapshot Workspace::rewrite(const MemorySettings& memory, const Task& task, const WriteCallbacks& callbacks)
{
    session();
    const auto keep = m_session;
    keep->memory->setMemory(memory);
    return write(*keep, task, callbacks);
}

Snapshot Workspace::writeRest(const Task& task, const WriteCallbacks& callbacks)
{
    session();
    const auto keep = m_session;
    keep->memory->write(task, [&](Index) {});
    Snapshot snapshot = keep->snapshot();
    WrittenRows written(*keep->memory, callbacks, *m_updates);
    for (Index row = 0; row < snapshot.rows; ++row)
        written.add(row);
    written.tell();
    return snapshot;
}

NeedleChange Workspace::setNeedle(const std::optional<NeedleState>& needle, const Task& task)
{
    Session& s = session();
    if (s.trial)
        throw Error("a trial's needle cannot be moved", text(s.title.toStdString()).toStdString(), "choose Write to bring your document back");
    std::vector<Index> rows = s.needleRows();
    if (needle)
        s.memory->plant(needle->needle.text, needle->depth, Placement::Boundary, task);
    else
        s.memory->removeNeedle(task);
    s.needle = needle;
    for (const Index row : s.needleRows())
        rows.push_back(row);
    return {s.snapshot(), rowsUpdate(*s.memory, std::move(rows))};
}

AnswerView Workspace::ask(const QueryRequest& request, const Task& task) const
{
    const Session& s = session();
    const Answer answer = s.memory->ask(request.text.toStdString(), 5, task);
    return answerView(answer, request, *s.memory, s.model->answerTokenizer(), s.needle);
}

RowDetail Workspace::rowDetail(const RowExperiment& experiment, const Task& task) const
{
    const Session& s = session();
    const Memory& memory = s.memory->memory();
    RowDetail detail;
    detail.row = experiment.row;
    if (experiment.row < 0 || experiment.row >= memory.rows())
        throw Error("the memory has no row " + std::to_string(experiment.row), "", "");
    RowVector latent = memory.row(experiment.row);
    detail.norm = latent.norm();
    detail.latent.assign(latent.data(), latent.data() + latent.size());
    for (const Index segment : s.memory->segmentsOnRow(experiment.row)) {
        detail.segments.push_back(segment);
        if (detail.segmentTexts.size() < kShownTexts)
            detail.segmentTexts << text(s.memory->segmentText(segment));
    }
    latent *= static_cast<float>(experiment.scale);
    if (experiment.noise != 0) {
        Random random(experiment.seed);
        for (Index i = 0; i < latent.size(); ++i)
            latent[i] += static_cast<float>(experiment.noise * random.normal());
    }
    if (experiment.mix != 0 && experiment.mixRow >= 0 && experiment.mixRow < memory.rows())
        latent += static_cast<float>(experiment.mix) * RowVector(memory.row(experiment.mixRow));
    if (memory.count(experiment.row) > 0 || latent.squaredNorm() > 0)
        detail.decoded = text(s.memory->decodeLatent(latent, task).text);
    return detail;
}

Snapshot Workspace::beginSlowMotion()
{
    Session& s = session();
    s.memory->setMemory(s.memory->settings());
    Snapshot snapshot = s.snapshot();
    snapshot.matrix = matrixView(s.memory->memory());
    return snapshot;
}

SlowStep Workspace::slowStep()
{
    Session& s = session();
    SlowStep slow;
    const auto report = s.memory->writeNext();
    if (report) {
        slow.step = writeStep(*report, *s.memory);
        slow.rows = rowsUpdate(*s.memory, {report->row});
    } else {
        slow.rows = rowsUpdate(*s.memory, {});
    }
    return slow;
}

std::shared_ptr<const Document> Workspace::haystackOf(const SweepPlan& plan) const
{
    const auto haystack = makesHaystack(plan.task) ? std::make_shared<const Document>(taskHaystack(plan)) : m_haystack;
    if (!haystack)
        throw Error("no document is open", "", "open one first");
    return haystack;
}

RunRecord Workspace::sweep(const SweepPlan& plan, const Task& task, const CellFn& onCell) const
{
    const auto haystack = haystackOf(plan);
    const auto keep = m_model;
    SweepResult result = runSweep(plan, *haystack, model(), task, onCell);
    return makeRunRecord(plan, std::move(result), keep->info(), describeMachine(keep->info().device));
}

LoadRecord Workspace::sweepLoads(const SweepPlan& plan, const std::vector<double>& loads, const Task& task,
                                 const std::function<void(const LoadRun&)>& onLoad) const
{
    const auto haystack = haystackOf(plan);
    const auto keep = m_model;
    const MachineInfo machine = describeMachine(model().info().device);
    LoadRecord record;
    runLoadSweep(plan, loads, *haystack, model(), task, [&](const LoadPoint& point) {
        record.runs.push_back({point.load, point.segments, makeRunRecord(point.plan, point.result, keep->info(), machine)});
        onLoad(record.runs.back());
    });
    return record;
}

} // namespace hayloft
