// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/CheckpointImport.h"

#include "core/base/Error.h"
#include "core/base/Format.h"
#include "core/model/ImportedFolder.h"
#include "core/model/ImportWriter.h"
#include "core/model/ModelFolder.h"

#include <algorithm>
#include <map>

namespace hayloft {

namespace {

constexpr std::size_t kProblemsInAMessage = 3;

void checkOptions(const ImportOptions& options)
{
    const bool pair = !options.encoder.empty() || !options.decoder.empty();
    if (options.checkpoint.empty() != pair || options.encoder.empty() != options.decoder.empty())
        throw Error("nothing clear to import", "", "give a checkpoint, or --encoder and --decoder");
    if (options.out.empty())
        throw Error("no folder to write to", "", "give --out DIR");
    if (options.latent < 1 || options.latent > (1 << 16) || options.memoryRows < 1 || options.memoryRows > (1 << 20))
        throw Error("impossible size of the latent vectors or of the memory", "", "use 1 to 65,536 numbers and 1 to 1,048,576 rows");
    if (options.maxTokens < 1)
        throw Error("impossible longest segment", std::to_string(options.maxTokens), "give --max-tokens 1 or more");
    if (options.answerTokens < 0)
        throw Error("impossible longest answer", std::to_string(options.answerTokens), "give --answer-tokens 1 or more");
    if (options.type != TensorType::Float32 && options.type != TensorType::Float16 && options.type != TensorType::BFloat16)
        throw Error("weights cannot be written as " + nameOf(options.type), "", "use float32, float16 or bfloat16");
}

/// The names of many tensors as one: the numbers of layers and the last parts left out.
std::string familyOf(const std::string& name)
{
    std::string family;
    for (const char c : name)
        if (c >= '0' && c <= '9') {
            if (!family.ends_with('*'))
                family += '*';
        } else
            family += c;
    return family;
}

std::vector<ImportSkipped> skippedIn(const ImportedModel& model)
{
    std::set<std::string> used;
    for (const auto& source : model.sources)
        used.insert(source->used().begin(), source->used().end());
    std::map<std::pair<std::string, std::string>, std::size_t> families; // by reason first, so that the unknown stand on top
    for (const OpenedTensors& opened : model.files)
        for (const TensorView& tensor : opened.file->tensors())
            if (!used.contains(tensor.name))
                ++families[{ reasonToSkip(tensor.name), familyOf(shown(tensor.name)) }];
    std::vector<ImportSkipped> skipped;
    for (const auto& [family, tensors] : families)
        skipped.push_back({ family.second, tensors, family.first });
    for (const OpenedTensors& opened : model.files)
        for (const std::string& key : opened.otherKeys)
            skipped.push_back({ key, 0, key == "hyper_parameters" ? "kept in config.json" : "the trainer's own state" });
    return skipped;
}

ImportReport reportOf(const ImportedModel& model, const ImportOptions& options)
{
    ImportReport report;
    for (const OpenedTensors& opened : model.files)
        report.source += (report.source.empty() ? "" : "; ") + std::filesystem::path(opened.file->where()).filename().string() + " ("
            + grouped(static_cast<std::int64_t>(opened.file->tensors().size())) + " tensors)";
    report.encoder = inWords(model.sizes.encoder);
    report.decoder = inWords(model.sizes.decoder);
    report.memory = grouped(model.sizes.memoryRows) + " x " + grouped(model.sizes.latent);
    for (const PlannedTensor& tensor : model.plan.tensors()) {
        report.tensors.push_back({ tensor.name, tensor.source, tensor.shape, tensor.change });
        report.parameters += static_cast<std::uint64_t>(tensor.rows() * tensor.columns());
    }
    report.bytes = report.parameters * sizeOf(options.type);
    for (const auto& source : model.sources)
        for (const ImportProblem& problem : source->problems())
            report.problems.push_back({ "", shown(problem.tensor), {}, problem.what });
    report.skipped = skippedIn(model);
    report.notes = model.notes;
    return report;
}

[[noreturn]] void failWith(const std::vector<ImportLine>& problems, const std::string& where)
{
    std::string list;
    for (std::size_t i = 0; i < std::min(problems.size(), kProblemsInAMessage); ++i)
        list += (i > 0 ? ", " : "") + problems[i].source + ": " + problems[i].change;
    if (problems.size() > kProblemsInAMessage)
        list += ", and " + grouped(static_cast<std::int64_t>(problems.size() - kProblemsInAMessage)) + " more";
    throw Error(grouped(static_cast<std::int64_t>(problems.size())) + (problems.size() == 1 ? " tensor does" : " tensors do") + " not fit (" + list + ")", where,
                "give a checkpoint of this layout");
}

} // namespace

class CheckpointImport::Plan {
public:
    explicit Plan(ImportOptions given)
        : options(std::move(given))
        , model((checkOptions(options), options.checkpoint.empty() ? pairModel(options) : larimarModel(options)))
        , report(reportOf(model, options))
    {
    }

    ImportOptions options;
    ImportedModel model;
    ImportReport report;
};

CheckpointImport::CheckpointImport(ImportOptions options)
    : m_plan(std::make_unique<Plan>(std::move(options)))
{
}

CheckpointImport::~CheckpointImport() = default;

const ImportReport& CheckpointImport::report() const { return m_plan->report; }

void CheckpointImport::write(const Task& task)
{
    const auto& [options, model, report] = *m_plan;
    if (!report.problems.empty())
        failWith(report.problems, model.files.front().file->where());
    FolderInTheMaking folder(options.out);
    checkSpace(options.out, report.bytes);
    writePlan(model.plan, options.type, folder.path() / ModelFileNames::weights, { { "format", "pt" }, { "name", model.name } }, task);
    copyVocabularies(model.vocabularies, folder.path());
    writeCard(folder.path(), model, report);
    writeConfig(folder.path(), model, options, task);
    task.check();
    folder.commit();
}

} // namespace hayloft
