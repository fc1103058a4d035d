// SPDX-License-Identifier: GPL-3.0-or-later
// hayloft-cli query: writes a document to memory and asks it once, or answers a file of questions.
#include "app/cli/Commands.h"
#include "app/cli/Options.h"
#include "app/cli/ProgressBar.h"
#include "app/cli/QuestionFiles.h"
#include "core/base/Format.h"
#include "core/recall/DocumentMemory.h"
#include "core/text/Document.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace hayloft {

namespace {

using Json = nlohmann::ordered_json;

/// Its base has what both ways of asking share.
struct QuerySettings : QuestionFileSettings {
    std::vector<std::filesystem::path> documents;
    std::string plant, placement = "boundary", prefix, question;
    double depth = 50;
    Index runnersUp = 5;

    const std::string& query() const { return prefix.empty() ? question : prefix; }
};

std::vector<std::string> textsOnRow(const DocumentMemory& memory, Index row)
{
    std::vector<std::string> texts;
    for (const Index segment : memory.segmentsOnRow(row))
        texts.push_back(memory.segmentText(segment));
    return texts;
}

/// K. Pseudo-inverse addressing has the prior's.
Index rowsOf(const DocumentMemory& memory)
{
    const MemorySettings& used = memory.settings();
    return used.addressing == Addressing::PseudoInverse ? used.rows : memory.memory().rows();
}

std::vector<Index> needleRows(const DocumentMemory& memory)
{
    std::vector<Index> rows;
    if (const auto& needle = memory.needle())
        for (Index i = 0; i < needle->segmentCount; ++i)
            rows.push_back(memory.segments()[static_cast<std::size_t>(needle->firstSegment + i)].row);
    return rows;
}

Json needleJson(const DocumentMemory& memory)
{
    const auto& needle = memory.needle();
    if (!needle)
        return nullptr;
    return { { "text", needle->text }, { "depth_percent", needle->depthWanted }, { "depth_achieved", needle->depthAchieved },
        { "token_position", needle->tokenPosition }, { "rows", needleRows(memory) } };
}

Json answersJson(const Answer& answer)
{
    Json answers = Json::array();
    for (const ReadAnswer& one : answer.answers) {
        Json matches = Json::array();
        for (const WordMatch& match : one.matches)
            matches.push_back({ { "question", match.question }, { "answer", match.segment }, { "score", match.score } });
        answers.push_back({ { "query", one.query }, { "text", one.text }, { "row", one.row }, { "distance", one.distance },
            { "row_segments", one.rowSegments }, { "followed", one.followed }, { "absent", one.absent }, { "matches", matches } });
        if (!one.prompt.empty())
            answers.back()["prompt"] = one.prompt;
    }
    return answers;
}

void printJson(const QuerySettings& settings, const DocumentMemory& memory, const Answer& answer, std::ostream& out)
{
    const Reading& reading = answer.reading;
    Json runnersUp = Json::array();
    for (const Neighbour& next : reading.runnersUp)
        runnersUp.push_back({ { "row", next.row }, { "distance", next.distance } });
    const MemorySettings& used = memory.settings();
    const Json json { { "query", settings.query() }, { "answer", answer.text() },
        { "absent", answer.absent() }, { "answers", answersJson(answer) }, { "probabilities", answer.first().decoded.front().probabilities }, { "row", reading.row }, { "distance", reading.distance },
        { "tied_rows", reading.tied }, { "row_segments", reading.rowSegments }, { "row_texts", textsOnRow(memory, reading.row) },
        { "runners_up", runnersUp }, { "keys", nameOf(used.keys) }, { "prefix_tokens", memory.prefixTokens() },
        { "key_text", answer.keyText }, { "key_tokens", answer.keyTokens }, { "key_shorter_than_p", answer.keyShorterThanP },
        { "addressing", nameOf(used.addressing) }, { "key_memory", nameOf(used.keyMemory) }, { "rows", rowsOf(memory) }, { "latents", nameOf(used.latents) }, { "segments", memory.memory().segments() },
        { "tokens", memory.tokens() }, { "needle", needleJson(memory) } };
    out << json.dump(1, ' ', false, Json::error_handler_t::replace) << "\n";
}

void printNeedle(const DocumentMemory& memory, const Answer& answer, std::ostream& out)
{
    const auto& needle = memory.needle();
    if (!needle)
        return;
    const auto rows = needleRows(memory);
    out << formatted("needle    at %.2f%% (asked: %g%%), after ", needle->depthAchieved, needle->depthWanted)
        << grouped(needle->tokenPosition) << " tokens, row";
    for (const Index row : rows)
        out << " " << grouped(row);
    const bool read = std::any_of(answer.answers.begin(), answer.answers.end(),
                                  [&](const ReadAnswer& a) { return std::find(rows.begin(), rows.end(), a.row) != rows.end(); });
    out << (read ? ": read\n" : ": not read\n");
}

void printMatches(const ReadAnswer& answer, std::ostream& out)
{
    if (answer.matches.empty())
        return;
    out << "why      ";
    for (const WordMatch& match : answer.matches)
        out << " " << match.question << " -> " << match.segment << formatted(" (%.3f)", match.score);
    out << "\n";
}

// One line per answer: several where the question asks for several.
void printAnswers(const Answer& answer, std::ostream& out)
{
    if (answer.absent())
        out << "answer    not in this document; the nearest row says:\n";
    for (const ReadAnswer& one : answer.answers) {
        if (one.absent && !answer.absent())
            continue;
        out << (answer.absent() ? "nearest   " : "answer    ") << one.text << "\n"
            << (one.row < 0 ? "readout   of all rows" : "row       " + grouped(one.row)) << formatted(", distance %.4f, ", one.distance)
            << one.rowSegments << (one.rowSegments == 1 ? " segment" : " segments");
        for (const Index row : one.followed)
            out << ", then row " << grouped(row);
        out << "\n";
        if (!one.prompt.empty())
            out << "prompt    \"" << one.prompt << "\"\n";
        printMatches(one, out);
    }
}

void printText(const DocumentMemory& memory, const Answer& answer, std::ostream& out)
{
    const Reading& reading = answer.reading;
    printAnswers(answer, out);
    if (reading.tied.size() > 1)
        out << "tied      " << reading.tied.size() << " rows; the lowest is read\n";
    if (reading.row >= 0) {
        out << "next     ";
        for (const Neighbour& next : reading.runnersUp)
            out << " " << grouped(next.row) << formatted(" (%.4f)", next.distance);
        out << "\n";
        printNeedle(memory, answer, out);
    }
    out << "key       \"" << answer.keyText << "\", " << answer.keyTokens << " tokens"
        << (answer.keyShorterThanP ? formatted(" (fewer than P = %d)", memory.prefixTokens()) : "") << "\n"
        << "memory    " << grouped(memory.memory().segments()) << " segments in " << grouped(rowsOf(memory))
        << " rows, " << grouped(memory.tokens()) << " tokens\n";
}

void runQuery(const QuerySettings& settings, const CliContext& context)
{
    if (settings.given())
        return answerQuestionFile(settings, context);
    if (settings.documents.empty())
        throw Error("a query needs a text", "query", "give --document PATH, --ruler FILE or --questions FILE");
    if (settings.prefix.empty() == settings.question.empty())
        throw Error("a query is a prefix or a question", "query", "give one of --prefix TEXT and --question TEXT");
    if (settings.runnersUp < 0)
        throw Error("no such number of runners-up", std::to_string(settings.runnersUp), "give 0 or more");
    const bool byContent = settings.prefix.empty() && !settings.memory.isPseudoInverse();
    settings.memory.settings(KeyKind::Prefix); // wrong settings are told before anything is loaded
    if (!settings.out.empty())
        throw Error("a single query writes no file", "--out " + settings.out.string(), "give --json, or --ruler or --questions");
    const Placement placement = placementFromName(settings.placement);
    ProgressBar bar(context.err, context.services.progressBar, terminalColumns());
    const Task task = bar.task(context.services.stop);
    const Document document = loadDocuments(settings.documents, task);
    const auto model = settings.model.open(context);
    const KeyKind question = model->contentKeys() && byContent ? KeyKind::Content : KeyKind::Whole;
    const MemorySettings wanted = settings.memory.settled(settings.memory.settings(settings.prefix.empty() ? question : KeyKind::Prefix), *model);
    DocumentMemory memory(*model, document.text, settings.segmenter.options(model->info()), wanted, settings.seed);
    memory.segment(task);
    if (!settings.plant.empty())
        memory.plant(settings.plant, settings.depth, placement, task);
    memory.write(task);
    const Answer answer = memory.ask(settings.query(), settings.runnersUp, task);
    bar.clear();
    for (const std::string& notice : document.notices)
        context.err << "note: " << notice << "\n";
    settings.json ? printJson(settings, memory, answer, context.out) : printText(memory, answer, context.out);
}

/// @param single options of a single query, which these exclude
void addFileOptions(CLI::App& command, QuerySettings& settings, const std::vector<CLI::Option*>& single)
{
    auto* ruler = command.add_option("--ruler", settings.ruler, "Answer RULER's data file (validation.jsonl) instead, each sample from a memory of its own")->type_name("FILE");
    auto* questions = command.add_option("--questions", settings.questions,
        "Answer instead JSON Lines of {\"context\" or \"document\", \"question\", \"answers\": [...]}")->type_name("FILE")->excludes(ruler);
    for (CLI::Option* option : single) {
        ruler->excludes(option);
        questions->excludes(option);
    }
    command.add_option("-o,--out", settings.out, "The answers: RULER's prediction format, or JSON Lines")->type_name("F.jsonl");
}

} // namespace

void addQueryCommand(CLI::App& app, CliContext& context)
{
    CLI::App* command = app.add_subcommand("query", "Write a document to memory and ask it once, or answer a file of questions");
    const auto settings = std::make_shared<QuerySettings>();
    auto* document = command->add_option("--document", settings->documents, "Document or folder (.txt, .md, .html, .pdf)")->expected(1, -1)->type_name("PATH");
    auto* plant = command->add_option("--plant", settings->plant, "Text to plant in the document")->type_name("TEXT");
    command->add_option("--depth", settings->depth, "Where to plant it, 0 = top")->capture_default_str()->type_name("PERCENT")->needs(plant);
    command->add_option("--placement", settings->placement, "boundary or inside")->capture_default_str()->type_name("PLACE")->needs(plant);
    auto* prefix = command->add_option("--prefix", settings->prefix, "First words of what is sought; with prefix keys by default")->type_name("TEXT");
    auto* question = command->add_option("--question", settings->question, "A question; with content keys by default (whole ones where the model has none)")->type_name("TEXT")->excludes(prefix);
    auto* runnersUp = command->add_option("--runners-up", settings->runnersUp, "How many next-nearest rows to list")->capture_default_str()->type_name("N");
    addFileOptions(*command, *settings, { document, plant, prefix, question, runnersUp });
    settings->memory.addTo(*command);
    settings->segmenter.addTo(*command);
    settings->model.addTo(*command);
    command->add_option("--seed", settings->seed, "Draws the rows of a fixed key memory, and all noise")->capture_default_str()->type_name("S");
    command->add_flag("--json", settings->json, "One JSON object");
    command->footer("The answer is decoded from the memory row alone, never from the document.\n\nExamples:\n"
                    "  hayloft-cli query --document book.txt --plant \"The pass key is 4471.\" --depth 50 --prefix \"The pass key is\"\n"
                    "  hayloft-cli query --document notes/ --question \"Where is the vault code kept?\"\n"
                    "  hayloft-cli query --document book.txt --prefix \"It was the best\" --key-memory fixed --rows 4096 --json\n"
                    "  hayloft-cli query --ruler niah_single_1/validation.jsonl --out pred/niah_single_1.jsonl\n"
                    "  hayloft-cli query --questions questions.jsonl --out answers.jsonl");
    command->callback([settings, &context] { runQuery(*settings, context); });
}

} // namespace hayloft
