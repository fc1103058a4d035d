// SPDX-License-Identifier: GPL-3.0-or-later
// What the compute thread owns: the model, the haystack and the written document.
#pragma once

#include "app/workbench/RowsUpdatePool.h"
#include "core/model/LatentModel.h"
#include "core/recall/SweepRunner.h"
#include "core/store/LoadRecord.h"

#include <functional>

namespace hayloft {

class DocumentMemory;

using ModelFactory = std::function<std::unique_ptr<LatentModel>(const std::filesystem::path& directory)>;

/// Called between batches while a document is written.
struct WriteCallbacks {
    std::function<void(const Snapshot&)> segmented; ///< cut and shown, nothing written yet
    std::function<void(std::shared_ptr<const RowsUpdate>)> written; ///< after each batch
};

/// Thread rule: made anywhere, everything else on the compute thread. Everything throws Error or Cancelled.
class Workspace {
public:
    explicit Workspace(ModelFactory factory);
    ~Workspace();
    /// Frees the model and the memory (on the compute thread, where LibTorch worked).
    void close();

    /// Opens a model; the document that is open stays with the old one until it is opened again.
    OpenedModel openModel(const std::filesystem::path& directory);
    /// Loads, cuts, plants and writes. The old document stays when loading or cutting fails.
    Snapshot open(const OpenRequest& request, const Task& task, const WriteCallbacks& callbacks);
    /// Empties the memory, takes the settings, and writes everything again (latents are kept).
    Snapshot rewrite(const MemorySettings& memory, const Task& task, const WriteCallbacks& callbacks);
    /// Writes what is not written.
    Snapshot writeRest(const Task& task, const WriteCallbacks& callbacks);
    /// Plants or moves (or, with none, removes) the needle by exact removal and insertion.
    NeedleChange setNeedle(const std::optional<NeedleState>& needle, const Task& task);

    AnswerView ask(const QueryRequest& request, const Task& task) const;
    /// What a row, changed by the experiment, decodes to.
    RowDetail rowDetail(const RowExperiment& experiment, const Task& task) const;

    /// Empties the memory for slow motion.
    Snapshot beginSlowMotion();
    SlowStep slowStep();

    /// Runs a sweep over the haystack (never over a loaded trial), or over the one that the task makes itself.
    RunRecord sweep(const SweepPlan& plan, const Task& task, const CellFn& onCell) const;
    /// The same at each load (runLoadSweep); onLoad gets each load's run as soon as it is measured.
    LoadRecord sweepLoads(const SweepPlan& plan, const std::vector<double>& loads, const Task& task,
                          const std::function<void(const LoadRun&)>& onLoad) const;

private:
    struct Session;

    std::shared_ptr<Session> load(const OpenRequest& request, const Task& task);
    std::shared_ptr<Session> loadTrial(const OpenRequest& request, const Task& task);
    /// What a run was swept over: made anew if Hayloft made it, else the open document. @throws Error when that is another
    std::shared_ptr<const Document> haystackOf(const RunRecord& record) const;
    /// What a plan is swept over: the open document, or what its task makes. @throws Error without either
    std::shared_ptr<const Document> haystackOf(const SweepPlan& plan) const;
    Snapshot write(Session& session, const Task& task, const WriteCallbacks& callbacks);
    Session& session() const;
    const LatentModel& model() const;

    ModelFactory m_factory;
    std::shared_ptr<LatentModel> m_model;
    std::shared_ptr<RowsUpdatePool> m_updates;
    std::shared_ptr<const Document> m_haystack;
    std::shared_ptr<Session> m_session;
};

} // namespace hayloft
