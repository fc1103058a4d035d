// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli sweep: recall over context length and needle depth.
#include "app/cli/Commands.h"
#include "app/cli/LoadReport.h"
#include "app/cli/PrefixNotice.h"
#include "app/cli/ProgressBar.h"
#include "app/cli/RankGroup.h"
#include "app/cli/SweepOptions.h"
#include "app/cli/SweepReport.h"
#include "core/model/Machine.h"
#include "core/recall/LoadSweep.h"
#include "core/store/LoadRecord.h"
#include "core/store/RunMerge.h"
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
    options.outputs.write(record, context.out);
}

/// One process of several measures the share of its rank.
Shard shardOf(const SweepOptions& options, const RankGroup* ranks)
{
    const Shard asked = options.shard();
    if (!ranks)
        return asked;
    if (!asked.isWhole() || !options.shardText.empty())
        throw Error("each process of mpirun measures the share of its rank", "--shard " + options.shardText + " with mpirun", "leave one of the two out");
    if (options.overLoads())
        throw Error("loads are not measured in shards", "--axis load with mpirun", "start it without mpirun");
    return { ranks->rank() + 1, ranks->ranks() };
}

/// Progress to the bar; other processes are listened to.
Task taskOf(ProgressBar& bar, const CliContext& context)
{
    Task task = bar.task(context.services.stop);
    if (RankGroup* ranks = context.services.ranks)
        task.progress = [shown = std::move(task.progress), ranks](const Progress& progress) {
            shown(progress);
            ranks->poll();
        };
    return task;
}

/// @returns the record of all ranks at the first one, of this rank's shard at the others
RunRecord collected(RunRecord record, RankGroup& ranks)
{
    if (!ranks.isFirst()) {
        ranks.send(toJson(record));
        return record;
    }
    std::vector<ShardRecord> shards;
    shards.push_back({ "rank 0", std::move(record) });
    for (const std::string& json : ranks.gather()) {
        const std::string where = "rank " + std::to_string(shards.size());
        shards.push_back({ where, runRecordFromJson(json, where) });
    }
    return mergeShards(std::move(shards));
}

void runSweepCommand(const SweepOptions& options, const CliContext& context)
{
    RankGroup* ranks = context.services.ranks;
    const bool reports = !ranks || ranks->isFirst();
    SweepPlan plan = options.plan();
    const Shard shard = shardOf(options, ranks);
    const std::vector<double> loads = options.overLoads() ? options.loadList() : std::vector<double>();
    if (reports)
        options.outputs.check();
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const Task task = taskOf(bar, context);
    const Document haystack = options.loadHaystack(plan, task);
    const auto model = options.model.open(context, ranks ? ranks->usualThreads() : 0);
    plan.segmenter = options.segmenter.options(model->info());
    plan.memory = options.memory.settled(plan.memory, *model);
    bar.clear();
    printNotices(haystack, context.err);
    printPrefixNotice(plan, *model, context.err);
    if (ranks && options.model.threads() == 0 && !ranks->notice().empty())
        context.err << "note: " << ranks->notice() << "\n";

    if (options.overLoads()) {
        measureLoads(plan, loads, haystack, *model, options, bar, context);
        return;
    }
    SweepResult result = runSweepShard(plan, shard, haystack, *model, task);
    bar.clear();
    RunRecord record = makeRunRecord(plan, std::move(result), model->info(), describeMachine(model->info().device), shard);
    if (ranks)
        record = collected(std::move(record), *ranks);
    if (!reports)
        return;
    printSweep(record, context.out);
    options.outputs.write(record, context.out);
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
                    "      --depths 0:100:5 --trials 20 --out whole-load.json\n"
                    "  hayloft-cli sweep --shard 2/8 --haystack book.txt --lengths 1k:1m:10 --depths 0:100:11 --out shard-2.json\n"
                    "  mpirun -n 4 hayloft-cli sweep --haystack book.txt --lengths 1k:1m:10 --depths 0:100:11 --out run.json");
    command->callback([options, &context] { runSweepCommand(*options, context); });
}

} // namespace hayloft
