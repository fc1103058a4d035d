// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli sweep: recall over context length and needle depth.
#include "app/cli/Commands.h"
#include "app/cli/Figures.h"
#include "app/cli/LoadReport.h"
#include "app/cli/PrefixNotice.h"
#include "app/cli/ProgressBar.h"
#include "app/cli/SweepOptions.h"
#include "app/cli/SweepReport.h"
#include "core/base/Files.h"
#include "core/model/Machine.h"
#include "core/recall/LoadSweep.h"
#include "core/store/LoadRecord.h"
#include "core/store/RunRecord.h"

#include <ostream>

namespace hayloft {

namespace {

void printNotices(const Document& document, std::ostream& err)
{
    for (const std::string& notice : document.notices)
        err << "note: " << notice << "\n";
}

/// Of sweeps whose contexts hold several needles that look alike.
void printPrefixNotice(const SweepPlan& plan, const LatentModel& model, std::ostream& err)
{
    if (plan.task.kind != TaskKind::Ruler || plan.memory.keys != KeyKind::Prefix)
        return;
    const RulerForm form = formOf(plan.task.ruler);
    if (form.keys > 1 || form.haystack == RulerHaystack::Needles)
        printPrefixNotice(form.value, plan.memory.prefixTokens, model, err);
}

/// A finished sweep outlives a disk that filled up or a folder that went away meanwhile.
void saveOrKeepElsewhere(const std::string& record, const std::string& created, const std::filesystem::path& file)
{
    try {
        writeFileAtomically(file, record);
    } catch (const Error& error) {
        const auto kept = std::filesystem::temp_directory_path() / ("hayloft-run-" + created + ".json");
        try {
            writeFileAtomically(kept, record);
        } catch (const Error&) {
            throw error;
        }
        throw Error(std::string(error.what()) + " (the run was kept in " + kept.string() + ")");
    }
}

void writeResults(const RunRecord& record, const SweepOptions& options, std::ostream& out)
{
    saveOrKeepElsewhere(toJson(record), record.created, options.out);
    out << "record    " << options.out.string() << "\n";
    if (!options.csv.empty()) {
        writeFileAtomically(options.csv, toCsv(record));
        out << "table     " << options.csv.string() << "\n";
    }
    if (!options.figure.empty()) {
        drawFigure(record, std::nullopt, options.figure);
        out << "figure    " << options.figure.string() << "\n";
    }
}

void writeResults(const LoadRecord& record, const SweepOptions& options, std::ostream& out)
{
    saveOrKeepElsewhere(toJson(record), record.runs.back().run.created, options.out);
    out << "record    " << options.out.string() << "\n";
    if (!options.csv.empty()) {
        std::vector<std::shared_ptr<const RunRecord>> runs;
        for (const LoadRun& point : record.runs)
            runs.push_back(std::make_shared<const RunRecord>(point.run));
        writeFileAtomically(options.csv, toCsv(runs));
        out << "table     " << options.csv.string() << "\n";
    }
    if (!options.figure.empty()) {
        drawLoads({ record }, options.figure);
        out << "figure    " << options.figure.string() << "\n";
    }
}

/// Each load's line shows as soon as it is measured.
void measureLoads(const SweepPlan& plan, const std::vector<double>& loads, const Document& haystack, const LatentModel& model,
    const SweepOptions& options, ProgressBar& bar, const CliContext& context)
{
    const MachineInfo machine = describeMachine(model.info().device);
    LoadRecord record;
    runLoadSweep(plan, loads, haystack, model, bar.task(context.services.stop), [&](const LoadPoint& point) {
        bar.clear();
        if (record.runs.empty())
            printLoadHead(context.out);
        record.runs.push_back({ point.load, point.segments, makeRunRecord(point.plan, point.result, model.info(), machine) });
        printLoad(record.runs.back(), context.out);
        context.out.flush();
    });
    writeResults(record, options, context.out);
}

void runSweepCommand(const SweepOptions& options, const CliContext& context)
{
    SweepPlan plan = options.plan();
    const std::vector<double> loads = options.overLoads() ? options.loadList() : std::vector<double>();
    options.checkOutputs();
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const Task task = bar.task(context.services.stop);
    const Document haystack = options.loadHaystack(plan, task);
    const auto model = options.model.open(context);
    plan.segmenter = options.segmenter.options(model->info());
    bar.clear();
    printNotices(haystack, context.err);
    printPrefixNotice(plan, *model, context.err);

    if (options.overLoads()) {
        measureLoads(plan, loads, haystack, *model, options, bar, context);
        return;
    }
    SweepResult result = runSweep(plan, haystack, *model, task);
    bar.clear();
    const RunRecord record = makeRunRecord(plan, std::move(result), model->info(), describeMachine(model->info().device));
    printSweep(record, context.out);
    writeResults(record, options, context.out);
}

} // namespace

void addSweepCommand(CLI::App& app, CliContext& context)
{
    CLI::App* command = app.add_subcommand("sweep", "Measure recall over context length and needle depth");
    const auto options = std::make_shared<SweepOptions>();
    options->addTo(*command);
    command->footer("Lengths are counted in the model's own tokens after the needle is planted. A haystack that is too\n"
                    "short repeats. The same seed on the same machine gives the same record but for created and timing.\n\n"
                    "Examples:\n"
                    "  hayloft-cli sweep --haystack sample-haystacks --task passkey --digits 4 --keys prefix \\\n"
                    "      --lengths 1k:16k:5 --depths 0:100:11 --trials 10 --out run.json --figure recall.pdf\n"
                    "  hayloft-cli sweep --haystack filler --task passkey --keys whole --lengths 8k --depths 50 --out run.json\n"
                    "  hayloft-cli sweep --haystack book.txt --task needle --needle \"The vault code is blue heron.\" \\\n"
                    "      --prefix \"The vault code is\" --lengths 4k,8k --depths sigmoid:7 --out run.json --csv run.csv\n"
                    "  hayloft-cli sweep --haystack book.txt --task needle --needles needles.jsonl --key-memory fixed \\\n"
                    "      --rows 4096 --lengths 100k --depths 0:100:11 --controls 50 --out run.json\n"
                    "  hayloft-cli sweep --task niah_multiquery --haystack essays/ --keys content --lengths 4k:128k:6 \\\n"
                    "      --depths 0:100:11 --out run.json\n"
                    "  hayloft-cli sweep --axis load --loads 0.1,0.5,1,2,8 --haystack book.txt --keys whole --lengths 20k \\\n"
                    "      --depths 0:100:5 --trials 20 --out whole-load.json");
    command->callback([options, &context] { runSweepCommand(*options, context); });
}

} // namespace hayloft
