// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli segment: shows how documents are cut.
#include "app/cli/Commands.h"
#include "app/cli/Options.h"
#include "app/cli/ProgressBar.h"
#include "core/base/Format.h"
#include "core/text/Document.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace hayloft {

namespace {

struct SegmentSettings {
    std::vector<std::filesystem::path> paths;
    bool json = false, summary = false;
    SegmenterChoice segmenter;
    ModelOptions model;
};

std::string_view contentOf(const std::string& text, const Segment& segment)
{
    return std::string_view(text).substr(segment.contentBegin, segment.contentEnd - segment.contentBegin);
}

// Tabs and line ends would break the table.
std::string onOneLine(std::string_view text)
{
    std::string line(text);
    std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return line;
}

void printJson(const Document& document, const std::vector<Segment>& segments, std::ostream& out)
{
    for (std::size_t i = 0; i < segments.size(); ++i) {
        const Segment& segment = segments[i];
        const nlohmann::ordered_json line { { "segment", i }, { "begin", segment.begin }, { "end", segment.end },
            { "tokens", segment.tokens.size() }, { "text", contentOf(document.text, segment) } };
        out << line.dump() << "\n";
    }
}

void printTable(const Document& document, const std::vector<Segment>& segments, std::ostream& out)
{
    out << "segment\tbegin\tend\ttokens\ttext\n";
    for (std::size_t i = 0; i < segments.size(); ++i)
        out << i << "\t" << segments[i].begin << "\t" << segments[i].end << "\t" << segments[i].tokens.size() << "\t"
            << onOneLine(contentOf(document.text, segments[i])) << "\n";
}

void printSummary(const Document& document, const std::vector<Segment>& segments, std::ostream& out)
{
    std::size_t tokens = 0, longest = 0;
    for (const Segment& segment : segments) {
        tokens += segment.tokens.size();
        longest = std::max(longest, segment.tokens.size());
    }
    out << "document  " << document.name << " (" << document.encoding << ")\n"
        << "bytes     " << grouped(static_cast<std::int64_t>(document.text.size())) << "\n"
        << "tokens    " << grouped(static_cast<std::int64_t>(tokens)) << "\n"
        << "segments  " << grouped(static_cast<std::int64_t>(segments.size())) << "\n"
        << "longest   " << longest << " tokens\n"
        << formatted("mean      %.1f tokens\n", segments.empty() ? 0.0 : static_cast<double>(tokens) / static_cast<double>(segments.size()));
}

void runSegment(const SegmentSettings& settings, const CliContext& context)
{
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const Task task = bar.task(context.services.stop);
    const Document document = loadDocuments(settings.paths, task);
    const auto model = settings.model.open(context);
    const auto segments = segmentText(document.text, model->tokenizer(), settings.segmenter.options(model->info()), task);
    bar.clear();
    for (const std::string& notice : document.notices)
        context.err << "note: " << notice << "\n";
    if (settings.summary)
        printSummary(document, segments, context.out);
    else if (settings.json)
        printJson(document, segments, context.out);
    else
        printTable(document, segments, context.out);
}

} // namespace

void addSegmentCommand(CLI::App& app, CliContext& context)
{
    CLI::App* command = app.add_subcommand("segment", "Show how documents are cut into segments");
    const auto settings = std::make_shared<SegmentSettings>();
    command->add_option("document", settings->paths, "Documents or folders (.txt, .md, .html, .pdf)")->required()->expected(1, -1)->type_name("PATH...");
    settings->segmenter.addTo(*command);
    settings->model.addTo(*command);
    command->add_flag("--json", settings->json, "One JSON object a line");
    command->add_flag("--summary", settings->summary, "Counts only");
    command->footer("Prints a table: segment, first and last byte, tokens, text.\n\nExamples:\n"
                    "  hayloft-cli segment book.pdf | less -S\n"
                    "  hayloft-cli segment notes/ --segmenter paragraph --summary\n"
                    "  hayloft-cli segment a.txt b.md --segmenter tokens --max-tokens 32 --json");
    command->callback([settings, &context] { runSegment(*settings, context); });
}

} // namespace hayloft
