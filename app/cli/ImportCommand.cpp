// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli import-checkpoint: other programs' models as model folders.
#include "app/cli/Commands.h"
#include "app/cli/ProgressBar.h"
#include "core/base/Format.h"
#include "core/model/CheckpointImport.h"

#include <ostream>

namespace hayloft {

namespace {

constexpr std::size_t kMostProblems = 40;

struct ImportArguments {
    ImportOptions options;
    std::string type = "float32";
    bool check = false, list = false;
};

TensorType typeNamed(const std::string& name)
{
    return name == "float16" ? TensorType::Float16 : name == "bfloat16" ? TensorType::BFloat16 : TensorType::Float32;
}

std::string withCount(const ImportSkipped& skipped)
{
    return skipped.what + (skipped.tensors > 1 ? formatted(" (%zu tensors)", skipped.tensors) : "");
}

void printTensors(const ImportReport& report, std::ostream& out)
{
    out << "\n" << formatted("%-28s %-16s %s\n", "tensor", "shape", "from");
    for (const ImportLine& line : report.tensors)
        out << formatted("%-28s %-16s %s%s\n", line.name.c_str(), shapeText(line.shape).c_str(), line.source.c_str(),
                         line.change.empty() ? "" : (line.source.empty() ? line.change : ", " + line.change).c_str());
}

void printProblems(const ImportReport& report, std::ostream& out)
{
    for (std::size_t i = 0; i < report.problems.size() && i < kMostProblems; ++i)
        out << "problem   " << report.problems[i].source << ": " << report.problems[i].change << "\n";
    if (report.problems.size() > kMostProblems)
        out << formatted("problem   ... and %zu more\n", report.problems.size() - kMostProblems);
}

void printReport(const ImportReport& report, std::ostream& out)
{
    out << "read      " << report.source << "\n"
        << "encoder   " << report.encoder << "\n"
        << "decoder   " << report.decoder << "\n"
        << "memory    " << report.memory << "\n";
    for (const ImportSkipped& skipped : report.skipped)
        out << (skipped.why.empty() ? "unknown   " : "left out  ") << withCount(skipped) << (skipped.why.empty() ? "" : ": " + skipped.why) << "\n";
    for (const std::string& note : report.notes)
        out << "note      " << note << "\n";
    printProblems(report, out);
}

void runImport(const ImportArguments& arguments, const CliContext& context)
{
    ImportOptions options = arguments.options;
    options.type = typeNamed(arguments.type);
    CheckpointImport import(options);
    const ImportReport& report = import.report();
    printReport(report, context.out);
    if (arguments.list)
        printTensors(report, context.out);
    context.out.flush();
    if (arguments.check && report.problems.empty())
        return;
    {
        ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
        import.write(bar.task(context.services.stop));
    }
    context.out << formatted("written   %zu tensors, ", report.tensors.size()) << grouped(static_cast<std::int64_t>(report.parameters)) << " parameters, "
                << nameOf(options.type) << formatted(", %.1f MB\n", static_cast<double>(report.bytes) / 1e6)
                << "model     " << options.out.string() << "\n";
}

void addPairOptions(CLI::App& command, ImportOptions& options)
{
    command.add_option("--encoder", options.encoder, "A BERT of Hugging Face: its folder, or the weights beside config.json")->type_name("PATH");
    command.add_option("--decoder", options.decoder, "A GPT-2 of Hugging Face, for an untrained Larimar with that encoder")->type_name("PATH");
    command.add_option("--latent", options.latent, "Numbers of a latent vector of such a pair")->capture_default_str()->type_name("C");
    command.add_option("--memory-rows", options.memoryRows, "Rows of the memory's prior of such a pair")->capture_default_str()->type_name("K");
    command.add_option("--seed", options.seed, "Seed of such a pair's untrained parts")->capture_default_str()->type_name("S");
}

void addFileOptions(CLI::App& command, ImportArguments& arguments)
{
    ImportOptions& options = arguments.options;
    command.add_option("checkpoint", options.checkpoint, "Lightning checkpoint of Larimar (.ckpt), or a state dict of one")->type_name("FILE");
    command.add_option("--out", options.out, "Model folder to write; must be new")->required()->type_name("DIR");
    command.add_option("--dtype", arguments.type, "Type of the numbers written")
        ->check(CLI::IsMember({ "float32", "float16", "bfloat16" }))->capture_default_str()->type_name("TYPE");
    command.add_option("--max-tokens", options.maxTokens, "Longest segment, tokens")->capture_default_str()->type_name("N");
    command.add_option("--answer-tokens", options.answerTokens, "Longest answer, tokens (default: two segments)")->type_name("N");
    command.add_option("--name", options.name, "The model's name (default: the file's)")->type_name("NAME");
    command.add_option("--bert-vocab", options.bertVocabulary, "BERT's vocabulary (default: vocab.txt beside the weights)")->type_name("FILE");
    command.add_option("--gpt2-vocab", options.gpt2Vocabulary, "GPT-2's vocabulary (default: vocab.json beside the weights)")->type_name("FILE");
    command.add_option("--gpt2-merges", options.gpt2Merges, "GPT-2's merges (default: merges.txt beside the weights)")->type_name("FILE");
    command.add_flag("--check", arguments.check, "Only read, check and report; write nothing");
    command.add_flag("--list", arguments.list, "Also list every tensor with its source");
}

} // namespace

void addImportCheckpointCommand(CLI::App& app, CliContext& context)
{
    CLI::App* command = app.add_subcommand("import-checkpoint", "Make a model folder of IBM's Larimar checkpoint, or of a BERT and a GPT-2");
    const auto arguments = std::make_shared<ImportArguments>();
    addFileOptions(*command, *arguments);
    addPairOptions(*command, arguments->options);
    command->footer("Nothing in a checkpoint is executed. Vocabularies are those of bert-large-cased and gpt2-large.\n\nExamples:\n"
                    "  hayloft-cli import-checkpoint larimar-1.3b-c3.ckpt --bert-vocab vocab.txt --gpt2-vocab vocab.json --gpt2-merges merges.txt --out larimar\n"
                    "  hayloft-cli import-checkpoint larimar-1.3b-c3.ckpt --out larimar --dtype float16   # vocabularies beside the checkpoint\n"
                    "  hayloft-cli import-checkpoint --encoder bert-base-cased/ --decoder gpt2/ --seed 1 --out untrained-pair");
    command->callback([arguments, &context] { runImport(*arguments, context); });
}

} // namespace hayloft
