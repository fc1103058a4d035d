// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/RulerFile.h"

#include "core/base/Error.h"
#include "core/base/Files.h"
#include "core/store/JsonLines.h"

#include <fstream>

namespace hayloft {

namespace {

constexpr const char* kRemedy
    = "a line of RULER's data is {\"index\": ..., \"input\": ..., \"outputs\": [...], \"length\": ...}";
constexpr std::int64_t kMostNumber = std::int64_t { 1 } << 53;
constexpr std::size_t kMostOutputs = 100'000;
constexpr std::size_t kMostQueryText = 65'536; ///< bytes; a needle question asks for a handful of keys

std::vector<std::string> readOutputs(const JsonReader& object)
{
    if (!object.has("outputs")) // evaluate.py falls back on this too
        return { object.at("output").text() };
    std::vector<std::string> outputs;
    for (const JsonReader& output : object.at("outputs").elements(kMostOutputs))
        outputs.push_back(output.text());
    if (outputs.empty())
        object.at("outputs").fail("no expected answer");
    return outputs;
}

RulerSample readSample(const JsonReader& object, std::int64_t line)
{
    RulerSample sample;
    sample.line = line;
    sample.index = object.at("index").integer(-1, kMostNumber);
    sample.input = object.at("input").text();
    sample.outputs = readOutputs(object);
    if (object.has("length"))
        sample.length = object.at("length").integer(-1, kMostNumber);
    if (object.has("answer_prefix"))
        sample.answerPrefix = object.at("answer_prefix").text();
    if (object.has("token_position_answer"))
        sample.tokenPositionAnswer = object.at("token_position_answer").integer(0, kMostNumber);
    return sample;
}

/// "a", "a, and b", "a, b, and c".
std::vector<std::string> splitQueries(std::string_view text)
{
    std::vector<std::string> queries;
    for (auto comma = text.find(", "); comma != text.npos; comma = text.find(", ")) {
        queries.emplace_back(text.substr(0, comma));
        text.remove_prefix(comma + 2);
        if (text.starts_with("and "))
            text.remove_prefix(4);
    }
    queries.emplace_back(text);
    return queries;
}

/// Where a needle task's question stands in a prompt.
struct FoundQuestion {
    RulerWording wording;
    std::size_t begin = 0, end = 0;
    std::string_view keys;
};

/// The last question of this wording.
std::optional<FoundQuestion> findQuestion(std::string_view input, RulerWording wording)
{
    const std::string gap = "{}";
    const std::string form = rulerQuestion(wording, std::span(&gap, 1));
    const std::string_view head = std::string_view(form).substr(0, form.find(gap));
    const std::string_view tail = std::string_view(form).substr(head.size() + gap.size());
    const std::size_t begin = input.rfind(head);
    if (begin == input.npos)
        return {};
    const std::size_t keys = begin + head.size();
    const std::size_t length = input.substr(keys, kMostQueryText).find(tail);
    if (length == input.npos || length == 0)
        return {};
    return FoundQuestion { wording, begin, keys + length + tail.size(), input.substr(keys, length) };
}

std::optional<FoundQuestion> findQuestion(std::string_view input)
{
    std::optional<FoundQuestion> last;
    for (const RulerItem item : { RulerItem::Numbers, RulerItem::Words, RulerItem::Uuids }) {
        for (const bool single : { true, false }) {
            const auto found = findQuestion(input, { item, single });
            if (found && (!last || found->begin > last->begin))
                last = found;
        }
    }
    return last;
}

bool isSeparator(char c)
{
    return c == '\n' || c == ' ';
}

RulerPrompt splitNeedlePrompt(std::string_view input, const FoundQuestion& question, const std::string& answerPrefix)
{
    RulerPrompt prompt;
    prompt.wording = question.wording;
    prompt.queries = splitQueries(question.keys);
    prompt.question = input.substr(question.begin, question.end - question.begin);
    std::string_view context = input.substr(0, question.begin);
    const std::string opening = rulerOpening(question.wording);
    if (const std::size_t at = context.find(opening); at != context.npos) {
        prompt.opening = context.substr(0, at + opening.size());
        context.remove_prefix(prompt.opening.size());
        if (!context.empty() && isSeparator(context.front()))
            context.remove_prefix(1);
    }
    if (!context.empty() && isSeparator(context.back()))
        context.remove_suffix(1);
    prompt.context = context;

    const std::string_view rest = input.substr(question.end);
    const std::string written = rulerAnswerPrefix(question.wording, prompt.queries);
    const std::size_t prefix = answerPrefix.empty() ? rest.rfind(written) : rest.npos;
    prompt.closing = rest.substr(0, prefix);
    prompt.answerPrefix = prefix == rest.npos ? answerPrefix : std::string(rest.substr(prefix));
    return prompt;
}

RulerPrompt splitAtLastLine(std::string_view input, const std::string& answerPrefix)
{
    RulerPrompt prompt;
    prompt.answerPrefix = answerPrefix;
    const std::size_t last = input.find_last_not_of(" \t\r\n");
    const std::string_view text = input.substr(0, last == input.npos ? 0 : last + 1);
    prompt.closing = input.substr(text.size());
    const std::size_t feed = text.rfind('\n');
    prompt.question = text.substr(feed == text.npos ? 0 : feed + 1);
    prompt.context = text.substr(0, feed == text.npos ? 0 : feed);
    return prompt;
}

} // namespace

void visitRulerFile(const std::filesystem::path& file, const std::function<void(RulerSample&&)>& visit)
{
    JsonLines lines(file, kRemedy);
    bool any = false;
    for (; lines.next(); any = true)
        visit(readSample(lines.object(), lines.line()));
    if (!any)
        throw Error("the file holds no sample", file.string(), kRemedy);
}

std::vector<RulerSample> readRulerFile(const std::filesystem::path& file)
{
    std::vector<RulerSample> samples;
    visitRulerFile(file, [&](RulerSample&& sample) { samples.push_back(std::move(sample)); });
    return samples;
}

RulerPrompt splitRulerInput(const RulerSample& sample)
{
    const auto question = findQuestion(sample.input);
    return question ? splitNeedlePrompt(sample.input, *question, sample.answerPrefix)
                    : splitAtLastLine(sample.input, sample.answerPrefix);
}

std::string rulerPredictionLine(const RulerSample& sample, std::string_view prediction)
{
    nlohmann::ordered_json line;
    line["index"] = sample.index;
    line["pred"] = prediction;
    line["input"] = sample.input + sample.answerPrefix;
    line["outputs"] = sample.outputs;
    line["others"] = { { "id", sample.line } };
    line["truncation"] = -1; // what RULER writes when its data says nothing
    line["length"] = sample.length;
    // A decoder may stop inside a character: such bytes become U+FFFD.
    return line.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

void writeRulerPredictions(const std::filesystem::path& file, std::span<const RulerSample> samples,
                           std::span<const std::string> predictions)
{
    if (samples.size() != predictions.size())
        throw Error(std::to_string(predictions.size()) + " predictions for " + std::to_string(samples.size())
                        + " samples",
                    file.string(), "give one for each sample");
    writeFileAtomically(file, [&](const std::filesystem::path& temporary) {
        std::ofstream stream(temporary, std::ios::binary | std::ios::trunc);
        for (std::size_t i = 0; i < samples.size(); ++i)
            stream << rulerPredictionLine(samples[i], predictions[i]) << '\n';
        if (!stream.flush())
            throw Error("cannot write the predictions", file.string(), "free some space or choose another folder");
    });
}

} // namespace hayloft
