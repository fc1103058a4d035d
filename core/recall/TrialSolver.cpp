// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/TrialSolver.h"

#include "core/base/Random.h"
#include "core/base/Space.h"
#include "core/recall/RulerScoring.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace hayloft {

namespace {

constexpr std::uint64_t kControlSeed = 0x636F6E74726F6C73; // keeps controls apart from trials
constexpr std::uint64_t kKeyRowSeed = 0x6B6579726F7773;

Trial drawTrial(const SweepPlan& plan, const Haystack& haystack, std::uint64_t seed, std::size_t cell, int number)
{
    Trial trial;
    trial.cell = cell;
    trial.number = number;
    trial.lengthTokens = plan.lengths[cell / plan.depths.size()];
    trial.depthPercent = plan.depths[cell % plan.depths.size()];
    trial.seed = trialSeed(seed, trial.lengthTokens, trial.depthPercent, number);
    trial.needle = drawNeedle(plan.task, trial.seed);
    trial.offset = drawOffset(trial.seed, haystack.size());
    return trial;
}

void checkGrid(const SweepPlan& plan)
{
    if (plan.lengths.empty() || plan.depths.empty())
        throw Error("the sweep has no cells", "sweep plan", "give at least one length and one depth");
    for (double depth : plan.depths) {
        if (!(depth >= 0 && depth <= 100))
            throw Error("a depth must lie between 0 and 100 percent", "depth " + std::to_string(depth), "");
    }
    if (plan.trials < 1 || plan.controls < 0)
        throw Error("a sweep needs at least one trial per cell, and no fewer than 0 controls", "sweep plan", "");
}

void checkNeedle(const SweepPlan& plan, const TrialNeedle& needle, const ContextLayout& layout)
{
    for (std::size_t value = 0; value < valuesOf(needle); ++value) {
        const Part& planted = layout.needle(holderOf(needle, value))->part;
        const auto found = answerSegments(plan, needle, value, planted);
        if (!found.empty() && (plan.memory.keys != KeyKind::Prefix || found.front() == 0))
            continue;
        throw Error("the needle is cut into " + std::to_string(planted.texts.size())
                        + " segments, so the memory row that is asked for cannot hold it", "\"" + needle.text.substr(0, 60) + "\"",
                    "shorten it (segments have at most " + std::to_string(plan.segmenter.maxTokens)
                        + " tokens) or choose another segmenter");
    }
}

KeyStatistics contentStatistics(const LatentModel& model, const KeyEncoder& keys, const Task& task)
{
    KeyStatistics statistics;
    auto prefixes = model.keyPrefixes();
    statistics.keys = static_cast<std::int64_t>(prefixes.size());
    std::sort(prefixes.begin(), prefixes.end());
    prefixes.erase(std::unique(prefixes.begin(), prefixes.end()), prefixes.end());
    statistics.sample = keys.writeKeys(prefixes, task);
    return statistics;
}

/// What stands after the last word: a prompt that lacks no more of the needle holds it.
std::string marksAfter(const std::string& text)
{
    const auto isWord = [](unsigned char c) { return c >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return {std::find_if(text.rbegin(), text.rend(), isWord).base(), text.end()};
}

void layOutTrial(const SweepPlan& plan, const Haystack& haystack, Trial& trial)
{
    queriesOf(trial.needle, plan.memory.keys, plan.reading);
    trial.layout = layOut(haystack, plan.task.placement, trial.needle, trial.offset, trial.lengthTokens, trial.depthPercent,
                          !trial.control);
    if (!trial.control)
        checkNeedle(plan, trial.needle, trial.layout);
}

} // namespace

std::vector<std::string> queriesOf(const TrialNeedle& needle, KeyKind keys, const ReadingRules& rules)
{
    const bool byPrefix = keys == KeyKind::Prefix;
    auto queries = splitQuestion(rules, byPrefix ? needle.prefix : needle.question, !byPrefix);
    if (byPrefix)
        queries.insert(queries.end(), needle.morePrefixes.begin(), needle.morePrefixes.end());
    for (const auto& query : queries) {
        if (trimmed(query).empty())
            throw Error(byPrefix ? "the needle has no prefix to ask with" : "the needle has no question to ask with",
                        "\"" + needle.text.substr(0, 60) + "\"", byPrefix ? "give a prefix" : "give a question");
    }
    return queries;
}

std::vector<RowQuery> rowQueriesOf(const TrialNeedle& needle, KeyKind keys, const ReadingRules& rules)
{
    std::vector<RowQuery> queries;
    for (const auto& text : queriesOf(needle, keys, rules))
        queries.push_back({text, mostRowsOf(needle, keys, rules, text)});
    return queries;
}

int mostRowsOf(const TrialNeedle& needle, KeyKind keys, const ReadingRules& rules, const std::string& query)
{
    return rules.mostRows(keys == KeyKind::Prefix ? needle.question : query);
}

int effectivePrefixTokens(const MemorySettings& settings, const LatentModel& model)
{
    const int prefixTokens = settings.prefixTokens == 0 ? model.info().prefixTokens : settings.prefixTokens;
    if (prefixTokens < 1 || prefixTokens > model.info().maxTokens)
        throw Error("a prefix of " + std::to_string(prefixTokens) + " tokens", "memory settings",
                    "use 1 to " + std::to_string(model.info().maxTokens));
    return prefixTokens;
}

Matrix keyRowsFor(const MemorySettings& settings, const LatentModel& model, std::uint64_t seed, const Task& task)
{
    if (settings.keyMemory == KeyMemoryKind::Grow)
        return {};
    if (settings.keyMemory == KeyMemoryKind::Prior) {
        if (!model.prior())
            throw Error("the model " + model.info().name + " has no learned prior", "memory settings", "use a fixed key memory");
        return *model.prior();
    }
    if (settings.rows < 1)
        throw Error("a fixed key memory of " + std::to_string(settings.rows) + " rows", "memory settings", "ask for at least 1 row");
    const int prefixTokens = effectivePrefixTokens(settings, model);
    const KeyEncoder keys(model, settings.keys, prefixTokens);
    const KeyStatistics statistics = keys.usesText()
        ? contentStatistics(model, keys, task)
        : model.keyStatistics(prefixTokens, task);
    return drawKeyRows(statistics, settings.rows, mixSeed(seed, kKeyRowSeed), task);
}

std::vector<Trial> drawTrials(const SweepPlan& plan, const Haystack& haystack, const Task& task)
{
    const std::size_t cells = plan.lengths.size() * plan.depths.size();
    std::vector<Trial> trials;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        std::set<std::tuple<std::string, std::string, Index>> seen;
        for (int number = 0; number < plan.trials; ++number) {
            Trial trial = drawTrial(plan, haystack, plan.seed, cell, number);
            if (seen.emplace(trial.needle.text, trial.needle.prefix + '\n' + trial.needle.question, trial.offset).second)
                trials.push_back(std::move(trial));
        }
    }
    for (int i = 0; i < plan.controls; ++i) {
        const auto cell = static_cast<std::size_t>(i) * cells / static_cast<std::size_t>(plan.controls);
        trials.push_back(drawTrial(plan, haystack, mixSeed(plan.seed, kControlSeed), cell, i));
        trials.back().control = true;
    }
    for (std::size_t i = 0; i < trials.size(); ++i) {
        layOutTrial(plan, haystack, trials[i]);
        if (i % 64 == 63)
            task.report({"plan", static_cast<double>(i + 1), static_cast<double>(trials.size()), "trials", ""});
    }
    return trials;
}

std::vector<Index> piecesOf(std::span<const Trial> trials, Index size)
{
    const auto at = [](Index i) { return static_cast<std::size_t>(i); };
    std::vector<Index> uses(at(size) + 1, 0); // +1 where a window begins, -1 after it ends
    for (const auto& trial : trials) {
        const auto& layout = trial.layout;
        const Index end = layout.offset + std::min(layout.pieces, size);
        ++uses[at(layout.offset)];
        --uses[at(std::min(end, size))];
        if (end > size) {
            ++uses[0];
            --uses[at(end - size)];
        }
    }
    std::vector<Index> pieces;
    for (Index i = 0, open = 0; i < size; ++i) {
        open += uses[at(i)];
        if (open > 0)
            pieces.push_back(i);
    }
    return pieces;
}

void checkPlan(const SweepPlan& plan, const LatentModel& model)
{
    checkGrid(plan);
    if (plan.segmenter.maxTokens > model.info().maxTokens)
        throw Error("segments of " + std::to_string(plan.segmenter.maxTokens) + " tokens", "segmenter",
                    "the model takes at most " + std::to_string(model.info().maxTokens));
    if (plan.task.kind == TaskKind::Needle && plan.task.needles.empty())
        throw Error("there is no needle to plant", "task", "give a needle or a file of needles");
    effectivePrefixTokens(plan.memory, model);
    checkPrompted(plan.memory);
    checkLatents(plan.memory);
    checkGenerative(plan.memory);
}

void checkPrompts(const SweepPlan& plan, std::span<const Trial> trials, const LatentModel& model)
{
    const AnswerDecoder decoder(model, plan.memory.prompted, effectivePrefixTokens(plan.memory, model));
    if (plan.memory.prompted == DecoderPrompt::None)
        return;
    for (const Trial& trial : trials) {
        for (const std::string& query : queriesOf(trial.needle, plan.memory.keys, plan.reading)) {
            const std::string prompt = decoder.promptOf(query);
            const Score score = scoreAnswer(plan.task, trial.needle, prompt + marksAfter(trial.needle.expected));
            if (score.correct || score.ruler > 0)
                throw Error("the decoder's prompt holds the answer already", "\"" + prompt.substr(0, 60) + "\"",
                            "ask with fewer words, or leave --prompted out");
        }
    }
}

std::size_t valuesOf(const TrialNeedle& needle)
{
    return std::max<std::size_t>(1, needle.values.size());
}

std::size_t holderOf(const TrialNeedle& needle, std::size_t value)
{
    return needle.holders.empty() ? 0 : needle.holders[value];
}

std::vector<std::size_t> answerSegments(const SweepPlan& plan, const TrialNeedle& needle, std::size_t value, const Part& planted)
{
    std::vector<std::size_t> found;
    for (std::size_t first = 0; first < planted.texts.size(); ++first) {
        std::string text = planted.texts[first];
        for (std::size_t i = first + 1; i < planted.texts.size() && static_cast<int>(i - first) < plan.reading.mostFollowed(); ++i) {
            if (endsSentence(text))
                break;
            text = joinedAnswer(text, planted.texts[i], planted.glued[i - 1] != 0);
        }
        const bool holds = needle.values.empty() ? scoreAnswer(plan.task, needle, text).correct
                                                 : rulerScore({&needle.values[value], 1}, text) >= 1.0;
        if (holds)
            found.push_back(first);
    }
    return found;
}

} // namespace hayloft
