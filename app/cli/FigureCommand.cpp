// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli figure: draws the heatmap of a run record, or those of several; of records of loads their curves.
#include "app/cli/Commands.h"
#include "app/cli/Figures.h"
#include "app/cli/Options.h"
#include "core/base/Error.h"

#include <algorithm>
#include <ostream>

namespace hayloft {

namespace {

struct FigureSettings {
    std::vector<std::string> records;
    std::string out, minus;
    bool noCaption = false;
    FigureChoice choice;
};

/// @returns none where the files are run records. @throws Error where they are mixed or a heatmap's options are given
void checkNoHeatmap(const FigureSettings& settings)
{
    if (!settings.minus.empty() || settings.choice.values)
        throw Error("this belongs to a heatmap", settings.minus.empty() ? "--values" : "--minus " + settings.minus, "leave it out for curves");
}

LoadRecords loadRecordsOf(const FigureSettings& settings)
{
    const auto count = std::count_if(settings.records.begin(), settings.records.end(), [](const std::string& file) { return isLoadRecord(file); });
    if (count == 0)
        return {};
    if (count != static_cast<std::ptrdiff_t>(settings.records.size()))
        throw Error("records of loads and of lengths share no axis", settings.records.front(), "draw them in two figures");
    checkNoHeatmap(settings);
    LoadRecords records;
    for (const std::string& file : settings.records)
        records.push_back(std::make_shared<const LoadRecord>(readLoadRecord(file)));
    return records;
}

void runFigure(const FigureSettings& settings, const CliContext& context)
{
    FigureChoice choice = settings.choice;
    choice.caption = !settings.noCaption;
    checkFigure(settings.out, choice);
    checkWritable(settings.out);
    if (settings.records.size() > 1 && !settings.minus.empty())
        throw Error("a difference is drawn of one record", "--minus " + settings.minus, "give one RUN.json beside it");
    if (const LoadRecords loads = loadRecordsOf(settings); !loads.empty()) {
        drawLoads(loads, settings.out, choice);
        context.out << settings.out << "\n";
        return;
    }
    if (settings.records.size() == 1 && isScaleRecord(settings.records.front())) {
        checkNoHeatmap(settings);
        drawScale(readScaleRecord(settings.records.front()), settings.out, choice);
        context.out << settings.out << "\n";
        return;
    }
    std::vector<std::shared_ptr<const RunRecord>> records;
    for (const std::string& file : settings.records)
        records.push_back(std::make_shared<const RunRecord>(loadRunRecord(file)));
    if (records.size() > 1) {
        drawMultiples(records, settings.out, choice);
    } else {
        std::optional<RunRecord> minus;
        if (!settings.minus.empty())
            minus = loadRunRecord(settings.minus);
        drawFigure(*records.front(), minus, settings.out, choice);
    }
    context.out << settings.out << "\n";
}

} // namespace

void addFigureCommand(CLI::App& app, CliContext& context)
{
    CLI::App* command = app.add_subcommand("figure", "Draw the recall heatmap of a run record, or of several side by side; of --axis load, the curves in one plot; of bench scale, cost and memory");
    const auto settings = std::make_shared<FigureSettings>();
    FigureChoice& choice = settings->choice;
    command->add_option("record", settings->records, "Run records that sweep wrote; several share their axes and colours, in this order")
        ->required()->expected(1, -1)->type_name("RUN.json");
    command->add_option("-o,--out", settings->out, "Figure to write; its suffix says which kind")->required()->type_name("F.pdf|.svg|.png");
    command->add_option("--minus", settings->minus, "Draw the difference to this run record")->type_name("OTHER.json");
    command->add_option("--palette", choice.palette, "cividis, viridis or red-amber-green")->capture_default_str()->type_name("NAME");
    command->add_option("--width", choice.width, "Pixels; points in a PDF [960, or by the number of records]")->type_name("N");
    command->add_option("--height", choice.height, "Pixels; points in a PDF [600, or by the number of records]")->type_name("N");
    command->add_option("--scale", choice.scale, "Image pixels per pixel of a PNG")->capture_default_str()->type_name("X");
    command->add_option("--title", choice.title, "Title in place of the record's")->type_name("TEXT");
    command->add_flag("--values", choice.values, "Print hits/trials in each cell");
    command->add_flag("--no-caption", settings->noCaption, "Leave out the caption");
    command->footer("Examples:\n"
                    "  hayloft-cli figure run.json --out recall.pdf\n"
                    "  hayloft-cli figure run.json --out recall.png --values --palette red-amber-green\n"
                    "  hayloft-cli figure single.json multikey.json multiquery.json --out ruler.pdf\n"
                    "  hayloft-cli figure prefix-load.json whole-load.json content-load.json --out load.pdf\n"
                    "  hayloft-cli figure scale.json --out scale.pdf\n"
                    "  hayloft-cli figure prefix.json --minus whole.json --out difference.svg");
    command->callback([settings, &context] { runFigure(*settings, context); });
}

} // namespace hayloft
