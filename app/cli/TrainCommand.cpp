// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli train: trains a model from plain text.
#include "app/cli/Commands.h"
#include "app/cli/ProgressBar.h"
#include "core/base/Format.h"
#include "core/model/Machine.h"
#include "core/model/Training.h"

#include <ostream>

namespace hayloft {

namespace {

void runTraining(const TrainingOptions& options, const CliContext& context)
{
    if ((options.minutes > 0) == (options.steps > 0))
        throw Error("training needs an end", options.minutes > 0 ? "--minutes and --steps" : "no --minutes or --steps",
            "give one of the two, above 0");
    useThreads(options.threads);
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const TrainingSummary summary = trainModel(options, bar.task(context.services.stop));
    bar.clear();
    const double rate = summary.seconds > 0 ? static_cast<double>(summary.tokens) / summary.seconds : 0;
    context.out << "steps   " << grouped(summary.steps) << "\n"
                << "tokens  " << grouped(summary.tokens) << formatted(" (%.0f a second)\n", rate)
                << formatted("loss    %.4f nats per token\n", summary.loss)
                << formatted("time    %.1f minutes\n", summary.seconds / 60)
                << "model   " << options.out.string() << "\n";
}

} // namespace

void addTrainCommand(CLI::App& app, CliContext& context)
{
    CLI::App* command = app.add_subcommand("train", "Train a model from plain text");
    const auto options = std::make_shared<TrainingOptions>();
    command->add_option("--corpus", options->corpus, "UTF-8 text files or folders, one paragraph a line (.xz too)")
        ->required()->expected(1, -1)->type_name("PATH...");
    command->add_option("--out", options->out, "Model folder to write; holds the checkpoint too")->required()->type_name("DIR");
    auto* minutes = command->add_option("--minutes", options->minutes, "Stop after M minutes")->type_name("M");
    command->add_option("--steps", options->steps, "Stop after N steps")->type_name("N")->excludes(minutes);
    command->add_option("--seed", options->seed, "The same seed and steps give the same weights on one machine")
        ->capture_default_str()->type_name("S");
    command->add_flag("--resume", options->resume, "Go on from the checkpoint in the model folder");
    command->add_option("--device", options->device, "auto, cpu or cuda")->capture_default_str()->type_name("NAME");
    command->add_option("--threads", options->threads, "CPU threads (0: one per core)")->capture_default_str()->type_name("N");
    command->footer("Ctrl-C writes a checkpoint and stops; --resume goes on.\n\nExamples:\n"
                    "  hayloft-cli train --corpus texts/ --out my-model --minutes 60\n"
                    "  hayloft-cli train --corpus texts/ --out my-model --minutes 120 --resume\n"
                    "  hayloft-cli train --corpus a.txt b.txt.xz --out my-model --steps 20000 --seed 7 --device cuda");
    command->callback([options, &context] { runTraining(*options, context); });
}

} // namespace hayloft
