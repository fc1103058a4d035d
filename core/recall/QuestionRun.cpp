// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/QuestionRun.h"

#include "core/base/Space.h"
#include "core/recall/TrialSolver.h"
#include "core/text/Folding.h"

#include <algorithm>

namespace hayloft {

namespace {

/// As a sweep's trial asks.
TrialNeedle askedAs(const TextQuestion& question)
{
    TrialNeedle needle;
    needle.question = question.question;
    needle.prefix = question.prefixes.empty() ? question.question : question.prefixes.front();
    if (question.prefixes.size() > 1)
        needle.morePrefixes.assign(question.prefixes.begin() + 1, question.prefixes.end());
    return needle;
}

} // namespace

QuestionRun::QuestionRun(const LatentModel& model, const SegmenterOptions& segmenter, const MemorySettings& memory,
                         const ReadingRules& reading, std::uint64_t seed)
    : m_model(model), m_keys(memory.keys), m_reading(reading), m_context(model, segmenter, memory, seed)
{
}

TextAnswer QuestionRun::ask(const TextQuestion& question, const Task& task)
{
    if (trimmed(question.question).empty())
        throw Error("the question is empty", "", "give one in words");
    m_context.write(question.context, task);
    const Task silent {task.stop, {}};
    const RuleReader reader(m_model, m_context.memory(), m_keys, m_context.prefixTokens(), m_reading);
    TextAnswer answer;
    std::vector<RowAnswer> answers;
    const auto queries = rowQueriesOf(askedAs(question), m_keys, m_reading);
    for (const auto& start : reader.choose(queries, answer.query, silent))
        answers.push_back(reader.readOn(start, queries[start.query].text, answer.reads, silent));
    const ContentKeys* keys = m_keys == KeyKind::Content ? m_model.contentKeys() : nullptr;
    answer.absent = keys && std::all_of(answers.begin(), answers.end(), [&](const RowAnswer& a) { return keys->isAbsent(queries[a.query].text, a.text); });
    answer.text = mergedAnswers(std::move(answers));
    return answer;
}

bool holdsAnswers(const std::vector<std::string>& expected, std::string_view text)
{
    const std::string folded = foldedText(text);
    return std::all_of(expected.begin(), expected.end(),
                       [&](const std::string& answer) { return folded.find(foldedText(answer)) != std::string::npos; });
}

} // namespace hayloft
