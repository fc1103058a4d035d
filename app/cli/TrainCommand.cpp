// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli train: trains a model from plain text.
#include "app/cli/Commands.h"
#include "app/cli/ProgressBar.h"
#include "core/base/Format.h"
#include "core/model/Machine.h"
#include "core/model/ContentTraining.h"
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

void runContentTraining(const ContentTrainingOptions& options, const CliContext& context)
{
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const ContentTrainingSummary summary = trainContentKeys(options, bar.task(context.services.stop));
    bar.clear();
    context.out << "words     " << grouped(summary.words) << ", " << grouped(summary.meanings) << " with a meaning\n"
                << "steps     " << grouped(summary.steps) << ", " << grouped(summary.pairs) << " questions\n"
                << formatted("absence   %.4f false answers, %.4f of the right answers lost, on questions kept apart\n", summary.falseAnswers,
                       summary.lost)
                << formatted("          %.4f false answers to %d questions with another name than the text's\n", summary.alikeAnswers, summary.alike)
                << formatted("loss      %.4f nats\n", summary.loss) << formatted("time      %.1f minutes\n", summary.seconds / 60)
                << "model     " << options.model.string() << "\n";
}

void addContentCommand(CLI::App& train, CliContext& context)
{
    CLI::App* command = train.add_subcommand("content-keys", "Train a model's keys for questions in one's own words");
    const auto options = std::make_shared<ContentTrainingOptions>();
    command->add_option("--corpus", options->corpus, "UTF-8 text files or folders, one paragraph a line (.xz too)")
        ->required()->expected(1, -1)->type_name("PATH...");
    command->add_option("--model", options->model, "Model folder that gets them")->required()->type_name("DIR");
    command->add_option("--wordnet", options->wordNet, "WordNet's database files (Debian: wordnet-base, /usr/share/wordnet)")->type_name("DIR");
    command->add_option("--teacher", options->teacher, "Learn from a sentence encoder's vectors: what tests/bench/sentence_encoder_vectors.py writes")
        ->check(CLI::ExistingFile)->type_name("FILE");
    auto* minutes = command->add_option("--minutes", options->minutes, "Stop after M minutes")->type_name("M");
    command->add_option("--steps", options->steps, "Stop after N steps")->type_name("N")->excludes(minutes);
    command->add_flag("--calibrate-only", options->calibrateOnly, "Keep the trained keys; only find anew when an answer counts as one")
        ->excludes(minutes);
    command->add_option("--seed", options->seed, "The same seed and steps give the same keys on one machine")->capture_default_str()->type_name("S");
    command->add_option("--threads", options->threads, "CPU threads (0: one per core)")->capture_default_str()->type_name("N");
    command->footer("Without --minutes and --steps only the rarity of words is counted.\n\nExample:\n"
                    "  hayloft-cli train content-keys --corpus texts/ --model my-model --wordnet /usr/share/wordnet --minutes 30");
    command->callback([options, &context] { runContentTraining(*options, context); });
}

} // namespace

void addTrainCommand(CLI::App& app, CliContext& context)
{
    CLI::App* command = app.add_subcommand("train", "Train a model from plain text");
    const auto options = std::make_shared<TrainingOptions>();
    command->add_option("--corpus", options->corpus, "UTF-8 text files or folders, one paragraph a line (.xz too)")
        ->expected(1, -1)->type_name("PATH...");
    command->add_option("--out", options->out, "Model folder to write; holds the checkpoint too")->type_name("DIR");
    auto* minutes = command->add_option("--minutes", options->minutes, "Stop after M minutes")->type_name("M");
    command->add_option("--steps", options->steps, "Stop after N steps")->type_name("N")->excludes(minutes);
    command->add_option("--seed", options->seed, "The same seed and steps give the same weights on one machine")
        ->capture_default_str()->type_name("S");
    command->add_flag("--resume", options->resume, "Go on from the checkpoint in the model folder");
    command->add_option("--from", options->from, "Train the decoder of this model on; its encoder and its keys stay as they are")->type_name("DIR");
    command->add_option("--averaged", options->averaged, "Share of latents, 0 to 1, averaged with 1 to 3 others before they are decoded: for memories that hold several segments a row")
        ->capture_default_str()->type_name("SHARE");
    command->add_option("--device", options->device, "auto, cpu or cuda")->capture_default_str()->type_name("NAME");
    command->add_option("--threads", options->threads, "CPU threads (0: one per core)")->capture_default_str()->type_name("N");
    command->footer("Ctrl-C writes a checkpoint and stops; --resume goes on.\n\nExamples:\n"
                    "  hayloft-cli train --corpus texts/ --out my-model --minutes 60\n"
                    "  hayloft-cli train --corpus texts/ --out my-model --minutes 120 --resume\n"
                    "  hayloft-cli train --corpus a.txt b.txt.xz --out my-model --steps 20000 --seed 7 --device cuda");
    addContentCommand(*command, context);
    command->require_subcommand(0, 1);
    command->callback([command, options, &context] {
        if (!command->get_subcommands().empty())
            return; // its own callback has run
        if (options->corpus.empty() || options->out.empty())
            throw Error("training needs a text and a model folder", options->corpus.empty() ? "no --corpus" : "no --out",
                        "give --corpus PATH... and --out DIR");
        runTraining(*options, context);
    });
}

} // namespace hayloft
