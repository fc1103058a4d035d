// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/TrialScoring.h"

#include "core/recall/RulerScoring.h"

#include <algorithm>

namespace hayloft {

namespace {

/// Why one value is not in the answer. @param rows from which it can be read
Failure failureOf(const TrialOutcome& outcome, const std::vector<Index>& rows)
{
    for (std::size_t i = 0; i < outcome.reads.size(); ++i) {
        if (outcome.reads[i].followed || std::find(rows.begin(), rows.end(), outcome.reads[i].row) == rows.end())
            continue;
        bool shared = outcome.reads[i].rowSegments > 1;
        for (std::size_t k = i + 1; k < outcome.reads.size() && outcome.reads[k].followed; ++k)
            shared = shared || outcome.reads[k].rowSegments > 1;
        return shared ? Failure::RowShared : Failure::DecodeWrong;
    }
    return Failure::RowWrong;
}

Failure failureOf(const TrialNeedle& needle, const TrialOutcome& outcome, bool correct)
{
    Failure failure = Failure::None;
    for (std::size_t value = 0; value < outcome.answerRows.size() && !correct; ++value) {
        if (!needle.values.empty() && rulerScore({&needle.values[value], 1}, outcome.answer) >= 1.0)
            continue;
        const Failure found = failureOf(outcome, outcome.answerRows[value]);
        failure = failure == Failure::None ? found : std::min(failure, found);
    }
    return failure;
}

} // namespace

Sample sampleOf(const SweepPlan& plan, const Trial& trial, const TrialOutcome& outcome)
{
    const Score score = scoreAnswer(plan.task, trial.needle, outcome.answer);
    const RowRead& first = outcome.reads.front();
    Sample sample;
    sample.seed = trial.seed;
    sample.haystackOffset = trial.offset;
    sample.prefix = outcome.query;
    sample.expected = trial.needle.expected;
    sample.answer = outcome.answer;
    sample.correct = score.correct;
    sample.digitAccuracy = score.digitAccuracy;
    sample.rougeL = score.rougeL;
    sample.rulerScore = score.ruler;
    sample.writeRow = outcome.writeRow();
    sample.readRow = first.row;
    sample.rowSegments = first.rowSegments;
    sample.keyDistance = first.distance;
    sample.depthAchieved = outcome.depthAchieved();
    sample.lengthAchieved = outcome.lengthAchieved;
    sample.failure = failureOf(trial.needle, outcome, score.correct);
    for (std::size_t i = 0; i < outcome.reads.size() && plan.reading.byQuestion; ++i)
        sample.readRows.push_back(outcome.reads[i].row);
    if (trial.needle.needles() > 1) {
        sample.writeRows = outcome.writeRows;
        sample.depths.assign(outcome.depths.begin() + 1, outcome.depths.end());
    }
    return sample;
}

bool isFalseAnswer(const SweepPlan& plan, const Trial& trial, const TrialOutcome& outcome)
{
    const std::string& answer = outcome.answer;
    const Score score = scoreAnswer(plan.task, trial.needle, answer);
    if (plan.task.kind == TaskKind::Ruler)
        return score.ruler > 0 || std::any_of(outcome.answers.begin(), outcome.answers.end(), [&](const RowAnswer& one) {
            return claimsRulerValue(plan.task, trial.needle, one.text);
        });
    if (score.correct)
        return true;
    // A prompted decoder begins with the prompt instead, and may go on with the question; the passkey's ends with the prefix.
    const bool asked = plan.memory.prompted != DecoderPrompt::None && answer.rfind(trial.needle.question, 0) == 0;
    if (plan.task.kind != TaskKind::Passkey || !(asked || answer.rfind(trial.needle.prefix, 0) == 0))
        return false;
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const auto rest = continuationAfter(answer, asked ? trial.needle.question : trial.needle.prefix);
    for (auto it = rest.begin(); it != rest.end();) {
        const auto begin = std::find_if(it, rest.end(), isDigit);
        it = std::find_if_not(begin, rest.end(), isDigit);
        if (it - begin == plan.task.digits)
            return true;
    }
    return false;
}

} // namespace hayloft
