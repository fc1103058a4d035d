// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli figure: draws a run record's heatmap.
#include "app/cli/Commands.h"
#include "app/cli/Figures.h"
#include "app/cli/Options.h"

#include <ostream>

namespace hayloft {

namespace {

struct FigureSettings {
    std::string record, out, minus;
    bool noCaption = false;
    FigureChoice choice;
};

void runFigure(const FigureSettings& settings, const CliContext& context)
{
    FigureChoice choice = settings.choice;
    choice.caption = !settings.noCaption;
    checkFigure(settings.out, choice);
    checkWritable(settings.out);
    const RunRecord record = loadRunRecord(settings.record);
    std::optional<RunRecord> minus;
    if (!settings.minus.empty())
        minus = loadRunRecord(settings.minus);
    drawFigure(record, minus, settings.out, choice);
    context.out << settings.out << "\n";
}

} // namespace

void addFigureCommand(CLI::App& app, CliContext& context)
{
    CLI::App* command = app.add_subcommand("figure", "Draw the recall heatmap of a run record");
    const auto settings = std::make_shared<FigureSettings>();
    FigureChoice& choice = settings->choice;
    command->add_option("record", settings->record, "A run record that sweep wrote")->required()->type_name("RUN.json");
    command->add_option("-o,--out", settings->out, "Figure to write; its suffix says which kind")->required()->type_name("F.pdf|.svg|.png");
    command->add_option("--minus", settings->minus, "Draw the difference to this run record")->type_name("OTHER.json");
    command->add_option("--palette", choice.palette, "cividis, viridis or red-amber-green")->capture_default_str()->type_name("NAME");
    command->add_option("--width", choice.width, "Pixels; points in a PDF")->capture_default_str()->type_name("N");
    command->add_option("--height", choice.height, "Pixels; points in a PDF")->capture_default_str()->type_name("N");
    command->add_option("--scale", choice.scale, "Image pixels per pixel of a PNG")->capture_default_str()->type_name("X");
    command->add_option("--title", choice.title, "Title in place of the record's")->type_name("TEXT");
    command->add_flag("--values", choice.values, "Print hits/trials in each cell");
    command->add_flag("--no-caption", settings->noCaption, "Leave out the caption");
    command->footer("Examples:\n"
                    "  hayloft-cli figure run.json --out recall.pdf\n"
                    "  hayloft-cli figure run.json --out recall.png --values --palette red-amber-green\n"
                    "  hayloft-cli figure prefix.json --minus whole.json --out difference.svg");
    command->callback([settings, &context] { runFigure(*settings, context); });
}

} // namespace hayloft
