// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/QuestionFile.h"

#include "core/base/Error.h"
#include "core/store/JsonLines.h"

namespace hayloft {

namespace {

constexpr const char* kRemedy
    = "write {\"context\": ... or \"document\": ..., \"question\": ..., \"answers\": [...]} on each line";
constexpr std::size_t kMostAnswers = 100'000;

std::string filledText(const JsonReader& value)
{
    std::string text = value.text();
    if (text.find_first_not_of(" \t\r\n") == std::string::npos)
        value.fail("an empty text");
    return text;
}

std::vector<std::string> readAnswers(const JsonReader& value)
{
    if (value.isText())
        return { filledText(value) };
    std::vector<std::string> answers;
    for (const JsonReader& answer : value.elements(kMostAnswers))
        answers.push_back(filledText(answer));
    if (answers.empty())
        value.fail("no answer");
    return answers;
}

std::filesystem::path findDocument(const JsonReader& value, const std::filesystem::path& folder)
{
    const std::filesystem::path document = folder / filledText(value);
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(document, ignored))
        value.fail("no such file as " + document.string() + " in");
    return document;
}

QuestionSample readQuestion(const JsonReader& object, std::int64_t line, const std::filesystem::path& folder)
{
    const bool inLine = object.has("context");
    if (inLine == object.has("document"))
        object.fail(inLine ? "both a context and a document" : "neither a context nor a document");
    QuestionSample sample;
    sample.line = line;
    if (inLine)
        sample.context = filledText(object.at("context"));
    else
        sample.document = findDocument(object.at("document"), folder);
    sample.question = filledText(object.at("question"));
    sample.answers = readAnswers(object.at("answers"));
    return sample;
}

} // namespace

void visitQuestionFile(const std::filesystem::path& file, const std::function<void(QuestionSample&&)>& visit)
{
    JsonLines lines(file, kRemedy);
    bool any = false;
    for (; lines.next(); any = true)
        visit(readQuestion(lines.object(), lines.line(), file.parent_path()));
    if (!any)
        throw Error("the file holds no question", file.string(), kRemedy);
}

std::vector<QuestionSample> readQuestionFile(const std::filesystem::path& file)
{
    std::vector<QuestionSample> samples;
    visitQuestionFile(file, [&](QuestionSample&& sample) { samples.push_back(std::move(sample)); });
    return samples;
}

} // namespace hayloft
