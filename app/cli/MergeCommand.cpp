// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli merge: one run record of the shards of a sweep.
#include "app/cli/Commands.h"
#include "app/cli/RunOutputs.h"
#include "app/cli/SweepReport.h"
#include "core/store/RunMerge.h"

#include <memory>
#include <ostream>

namespace hayloft {

namespace {

struct MergeSettings {
    std::vector<std::string> shards;
    RunOutputs outputs;
};

void runMerge(const MergeSettings& settings, const CliContext& context)
{
    settings.outputs.check();
    std::vector<ShardRecord> shards;
    for (const std::string& file : settings.shards)
        shards.push_back({ file, loadRunRecord(file) });
    const RunRecord merged = mergeShards(std::move(shards));
    if (!merged.machines.empty())
        context.err << "note: the shards ran on different machines or with other settings; the record lists them\n";
    printSweep(merged, context.out);
    settings.outputs.write(merged, context.out);
}

} // namespace

void addMergeCommand(CLI::App& app, CliContext& context)
{
    CLI::App* command = app.add_subcommand("merge", "Make one run record of the shards of a sweep");
    const auto settings = std::make_shared<MergeSettings>();
    command->add_option("shard", settings->shards, "Records of all shards that sweep --shard wrote, in any order")
        ->required()->expected(1, -1)->type_name("SHARD.json");
    settings->outputs.addTo(*command);
    command->footer("The result is the record of one process that measured the whole sweep, but for created and timing.\n\n"
                    "Examples:\n"
                    "  hayloft-cli merge shard-1.json shard-2.json shard-3.json --out run.json\n"
                    "  hayloft-cli merge shard-*.json --out run.json --csv run.csv --figure recall.pdf");
    command->callback([settings, &context] { runMerge(*settings, context); });
}

} // namespace hayloft
