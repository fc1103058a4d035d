// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Cli.h"

#include "app/cli/Commands.h"
#include "core/base/Error.h"

#include <algorithm>
#include <ostream>
#include <string_view>

namespace hayloft {

namespace {

constexpr std::string_view kErrorStart = "hayloft-cli: ";

std::string oneLine(std::string text)
{
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text.substr(0, text.find_last_not_of(' ') + 1);
}

int fail(std::ostream& err, const std::string& message, int code)
{
    err << kErrorStart << oneLine(message) << std::endl;
    return code;
}

void addCommands(CLI::App& app, CliContext& context)
{
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string("hayloft-cli " HAYLOFT_VERSION));
    app.footer("hayloft-cli COMMAND --help shows a command's options and examples.");
    addSegmentCommand(app, context);
    addQueryCommand(app, context);
    addSweepCommand(app, context);
    addMergeCommand(app, context);
    addFigureCommand(app, context);
    addTrainCommand(app, context);
    addBenchCommand(app, context);
    addImportCheckpointCommand(app, context);
    addInfoCommand(app, context);
}

int parse(CLI::App& app, int argc, const char* const* argv, CliContext& context)
{
    const std::string first = argc > 1 ? argv[1] : "-";
    const auto isFirst = [&first](const CLI::App* command) { return command->get_name() == first; };
    if (!first.starts_with('-') && app.get_subcommands(isFirst).empty())
        return fail(context.err, "no such command: " + first + "; see hayloft-cli --help", kExitUsage);
    try {
        app.parse(argc, argv);
        context.out.flush();
        return context.out ? 0 : fail(context.err, "cannot write the output: standard output; is the disk full?", kExitFailed);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) // --help, --version
            return app.exit(error, context.out, context.err);
        const auto chosen = app.get_subcommands();
        const std::string help = "hayloft-cli " + (chosen.empty() ? "" : chosen.front()->get_name() + " ") + "--help";
        return fail(context.err, std::string(error.what()) + "; see " + help, kExitUsage);
    }
}

} // namespace

int runCli(int argc, const char* const* argv, std::ostream& out, std::ostream& err, const CliServices& services)
{
    CLI::App app("Needle-in-a-haystack experiments on language models with an external memory.", "hayloft-cli");
    CliContext context { out, err, services };
    try {
        addCommands(app, context);
        return parse(app, argc, argv, context);
    } catch (const Cancelled&) {
        return fail(err, "cancelled", kExitCancelled);
    } catch (const std::bad_alloc&) {
        return fail(err, "out of memory; take a shorter document or fewer rows", kExitFailed);
    } catch (const std::exception& error) {
        return fail(err, error.what(), kExitFailed);
    }
}

int runCli(int argc, const char* const* argv, std::ostream& out, std::ostream& err)
{
    return runCli(argc, argv, out, err, { &openModel, {}, false, nullptr });
}

std::string errorIn(const std::string& err)
{
    const std::size_t begin = err.rfind(kErrorStart);
    return begin == std::string::npos ? "" : oneLine(err.substr(begin + kErrorStart.size()));
}

} // namespace hayloft
