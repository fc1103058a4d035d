// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/RecallTask.h"

#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/base/Space.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace hayloft {

namespace {

// Mohtashami & Jaggi 2023, word for word ("them" included).
constexpr const char* kOpening = "There is an important info hidden inside a lot of irrelevant text. Find it and memorize them. "
                                 "I will quiz you about the important information there.";
constexpr const char* kPasskeyPrefix = "The pass key is";
constexpr const char* kPasskeyQuestion = "What is the pass key? The pass key is";
constexpr const char* kFiller = "The grass is green. The sky is blue. The sun is yellow. Here we go. There and back again.";
constexpr std::size_t kMaxNeedleFile = std::size_t{64} << 20;
constexpr int kDefaultPrefixWords = 4;

TrialNeedle drawPasskey(int digits, Random& random)
{
    if (digits < 1 || digits > 18)
        throw Error("a passkey of " + std::to_string(digits) + " digits", "task", "use 1 to 18 digits");
    std::string key(1, static_cast<char>('1' + random.below(9)));
    while (static_cast<int>(key.size()) < digits)
        key += static_cast<char>('0' + random.below(10));
    return {"The pass key is " + key + ". Remember it. " + key + " is the pass key.", kOpening, kPasskeyPrefix,
            kPasskeyQuestion, key};
}

TrialNeedle drawRuler(const RecallTask& task, std::uint64_t trialSeed)
{
    const RulerForm form = formOf(task.ruler);
    RulerTrial trial = drawRulerTrial(task.ruler, task.words ? *task.words : bundledRulerWords(), trialSeed);
    TrialNeedle needle {trial.needles.front(), trial.opening, rulerNeedleStem(form.value, trial.queries.front()), trial.question, {}};
    for (const auto& value : trial.expected)
        needle.expected.append(needle.expected.empty() ? "" : ", ").append(value);
    for (std::size_t i = 1; i < trial.needles.size(); ++i) {
        const bool asked = std::find(trial.holders.begin(), trial.holders.end(), i) != trial.holders.end();
        needle.others.push_back({trial.needles[i], trial.depths[i - 1], asked});
    }
    for (std::size_t i = 1; i < trial.queries.size(); ++i)
        needle.morePrefixes.push_back(rulerNeedleStem(form.value, trial.queries[i]));
    needle.values = std::move(trial.expected);
    needle.holders = std::move(trial.holders);
    needle.keys = std::move(trial.queries);
    return needle;
}

std::string firstWords(const std::string& text, int words)
{
    std::size_t end = 0;
    for (int word = 0; word < words && end < text.size(); ++word) {
        while (end < text.size() && isSpace(text[end]))
            ++end;
        while (end < text.size() && !isSpace(text[end]))
            ++end;
    }
    return text.substr(0, end);
}

std::string textField(const nlohmann::json& object, const char* key, const std::string& where)
{
    if (!object.contains(key))
        return {};
    if (!object[key].is_string())
        throw Error(std::string("\"") + key + "\" is no text", where, "write {\"needle\": ..., \"prefix\": ..., \"question\": ...}");
    return object[key].get<std::string>();
}

/// One needle per question: "questions" asks for the same text in several ways.
std::vector<Needle> needlesFromLine(const std::string& line, const std::string& where)
{
    const auto object = nlohmann::json::parse(line, nullptr, false);
    if (!object.is_object())
        throw Error("no JSON object", where, "write one {\"needle\": ..., \"prefix\": ..., \"question\": ...} a line");
    Needle needle {textField(object, "needle", where), textField(object, "prefix", where),
                   textField(object, "question", where)};
    if (needle.text.find_first_not_of(" \t\r\n") == std::string::npos)
        throw Error("the needle is empty or missing", where, "give \"needle\" a text");
    if (!object.contains("questions"))
        return {needle};
    std::vector<Needle> needles;
    const auto& questions = object["questions"];
    for (const auto& question : questions) {
        if (!questions.is_array() || !question.is_string())
            throw Error("\"questions\" is no list of texts", where, "write \"questions\": [\"...\", \"...\"]");
        needles.push_back({needle.text, needle.prefix, question.get<std::string>()});
    }
    if (needles.empty())
        throw Error("\"questions\" is empty", where, "give a question, or leave the field out");
    return needles;
}

} // namespace

Needle sanFranciscoNeedle()
{
    return {"The best thing to do in San Francisco is eat a sandwich and sit in Dolores Park on a sunny day.",
            "The best thing to do in San Francisco is", "What is the best thing to do in San Francisco?"};
}

TrialNeedle drawNeedle(const RecallTask& task, std::uint64_t trialSeed)
{
    Random random(mixSeed(trialSeed, 1));
    if (task.kind == TaskKind::Passkey)
        return drawPasskey(task.digits, random);
    if (task.kind == TaskKind::Ruler)
        return drawRuler(task, trialSeed);
    if (task.needles.empty())
        throw Error("there is no needle to plant", "task", "give a needle or a file of needles");
    const Needle& needle = task.needles[random.below(task.needles.size())];
    const std::string prefix = needle.prefix.empty() ? firstWords(needle.text, kDefaultPrefixWords) : needle.prefix;
    return {needle.text, "", prefix, needle.question, needle.text};
}

std::string passkeyFiller(std::size_t bytes)
{
    std::string text = kFiller;
    while (text.size() < bytes)
        text.append(" ").append(kFiller);
    return text;
}

std::vector<Needle> loadNeedles(const std::filesystem::path& file)
{
    const std::string text = readFile(file, kMaxNeedleFile);
    std::vector<Needle> needles;
    std::size_t begin = text.rfind("\xEF\xBB\xBF", 0) == 0 ? 3 : 0;
    for (int number = 1; begin < text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line = text.substr(begin, end - begin);
        if (line.find_first_not_of(" \t\r") != std::string::npos)
            for (auto& needle : needlesFromLine(line, file.string() + ", line " + std::to_string(number)))
                needles.push_back(std::move(needle));
        begin = end + 1;
    }
    if (needles.empty())
        throw Error("the file holds no needle", file.string(), "write one JSON object a line");
    return needles;
}

TaskKind taskKindFromName(std::string_view name)
{
    if (name == "passkey")
        return TaskKind::Passkey;
    if (name == "needle")
        return TaskKind::Needle;
    if (name == "ruler")
        return TaskKind::Ruler;
    throw Error("unknown task", std::string(name), "use passkey or needle");
}

std::string_view nameOf(TaskKind kind)
{
    switch (kind) {
    case TaskKind::Passkey:
        return "passkey";
    case TaskKind::Needle:
        return "needle";
    case TaskKind::Ruler:
        break;
    }
    return "ruler";
}

std::string_view nameOf(const RecallTask& task)
{
    return task.kind == TaskKind::Ruler ? nameOf(task.ruler) : nameOf(task.kind);
}

void setTaskName(RecallTask& task, std::string_view name)
{
    const auto isNamed = [&](RulerTask ruler) { return nameOf(ruler) == name; };
    if (name == nameOf(TaskKind::Passkey) || name == nameOf(TaskKind::Needle)) {
        task.kind = taskKindFromName(name);
        return;
    }
    const auto found = std::find_if(kRulerTasks.begin(), kRulerTasks.end(), isNamed);
    if (found == kRulerTasks.end())
        throw Error("unknown task", std::string(name), "use passkey, needle or one of RULER's (niah_single_1 ... niah_multiquery)");
    task.kind = TaskKind::Ruler;
    task.ruler = *found;
}

Placement placementFromName(std::string_view name)
{
    if (name == "boundary")
        return Placement::Boundary;
    if (name == "inside")
        return Placement::Inside;
    throw Error("unknown placement", std::string(name), "use boundary or inside");
}

std::string_view nameOf(Placement placement)
{
    return placement == Placement::Boundary ? "boundary" : "inside";
}

} // namespace hayloft
