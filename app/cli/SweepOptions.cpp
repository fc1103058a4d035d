// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/SweepOptions.h"

#include "core/recall/LoadSweep.h"
#include "core/recall/TaskHaystack.h"

namespace hayloft {

void TaskChoice::addTo(CLI::App& command)
{
    command.add_option("--task", m_kind, "passkey, needle, or one of RULER's: niah_single_1|2|3, niah_multikey_1|2|3, niah_multivalue, "
                                      "niah_multiquery")->capture_default_str()->type_name("KIND");
    command.add_option("--digits", m_digits, "Digits of a passkey")->capture_default_str()->type_name("N");
    auto* needle = command.add_option("--needle", m_needle, "Sentence to plant (default: the San Francisco needle)")->type_name("TEXT");
    command.add_option("--prefix", m_prefix, "The needle's own first words, asked with prefix keys")->type_name("TEXT")->needs(needle);
    command.add_option("--question", m_question, "Question, asked with whole and content keys")->type_name("TEXT")->needs(needle);
    command.add_option("--needles", m_needles, "JSON Lines of {\"needle\",\"prefix\",\"question\"}; each trial draws one")
        ->type_name("FILE")->excludes(needle);
    command.add_option("--placement", m_placement, "boundary (between segments) or inside (in one)")->capture_default_str()->type_name("PLACE");
}

Needle TaskChoice::ownNeedle(KeyKind keys) const
{
    const bool byPrefix = keys == KeyKind::Prefix;
    if (byPrefix && m_prefix.empty())
        throw Error("prefix keys ask with the needle's first words", "--needle without --prefix", "give --prefix TEXT");
    if (!byPrefix && m_question.empty())
        throw Error("these keys ask with a question", "--needle without --question", "give --question TEXT");
    if (m_needle.compare(0, m_prefix.size(), m_prefix) != 0)
        throw Error("the needle does not begin with its prefix", "--prefix \"" + m_prefix + "\"", "give the needle's own first words");
    return { m_needle, m_prefix, m_question };
}

KeyKind TaskChoice::usualKeys() const
{
    RecallTask task;
    setTaskName(task, m_kind);
    return task.kind == TaskKind::Ruler ? KeyKind::Content : KeyKind::Prefix;
}

RecallTask TaskChoice::task(KeyKind keys) const
{
    RecallTask task;
    setTaskName(task, m_kind);
    task.placement = placementFromName(m_placement);
    task.digits = m_digits;
    if (task.kind == TaskKind::Ruler) {
        if (!m_needle.empty() || !m_needles.empty())
            throw Error("RULER's tasks plant needles of their own", "--needle or --needles", "add --task needle");
    } else if (task.kind == TaskKind::Passkey) {
        if (!m_needle.empty() || !m_needles.empty())
            throw Error("a passkey sweep plants passkeys", "--needle or --needles", "add --task needle");
        if (m_digits < 1 || m_digits > 18)
            throw Error("a passkey has 1 to 18 digits", "--digits " + std::to_string(m_digits), "give a number in that range");
    } else if (!m_needles.empty()) {
        task.needles = loadNeedles(m_needles);
    } else {
        task.needles = { m_needle.empty() ? sanFranciscoNeedle() : ownNeedle(keys) };
    }
    return task;
}

void SweepOptions::addTo(CLI::App& command)
{
    command.add_option("--haystack", haystack, "Documents or folders; or the word filler (the passkey paper's). niah_single_1 and "
                                               "niah_multikey_2 and 3 make their own")
        ->expected(1, -1)->type_name("PATH...|filler");
    task.addTo(command);
    segmenter.addTo(command);
    memory.addTo(command);
    command.add_option("--axis", axis, "length, or load: segments per row (N/K) of fixed key memories at one length; with pseudo-inverse addressing of K rows, whose "
                                     "loads decide the length")->capture_default_str()->type_name("AXIS");
    command.add_option("--loads", loads, "With --axis load: segments per row, 0.001 to 1000")->type_name("LIST");
    command.add_option("--lengths", lengths, "Tokens: a:b:n, a list, or one number; k = 1,000, m = 1,000,000")->type_name("SPEC");
    command.add_option("--depths", depths, "Percent: a:b:n, sigmoid:n, a list, or one number")->required()->type_name("SPEC");
    command.add_option("--trials", trials, "Independent trials per cell")->capture_default_str()->type_name("N");
    command.add_option("--controls", controls, "Trials with no needle planted, in all")->capture_default_str()->type_name("N");
    command.add_option("--seed", seed, "Draws values, needles, rotations and all noise")->capture_default_str()->type_name("S");
    command.add_option("--path", path, "fast, or naive (the reference: everything anew for each trial)")->capture_default_str()->type_name("PATH");
    command.add_flag("--no-baselines", noBaselines, "With content keys: don't measure beside them what their untrained floor and BM25 find first");
    model.addTo(command);
    command.add_option("--shard", shardText, "Measure only share i of n (1/n to n/n) of the cells; hayloft-cli merge puts the records together")
        ->type_name("i/n");
    outputs.addTo(command);
}

SweepPlan SweepOptions::plan() const
{
    SweepPlan plan;
    if (axis != "length" && axis != "load")
        throw Error("unknown axis", "--axis " + axis, "choose length or load");
    if (!overLoads() && !loads.empty())
        throw Error("loads are an axis of their own", "--loads " + loads, "add --axis load");
    plan.memory = overLoads() ? memory.settingsOfLoads(task.usualKeys()) : memory.settings(task.usualKeys());
    plan.task = task.task(plan.memory.keys);
    plan.reading.byQuestion = readsByQuestion(plan.task, plan.memory);
    if (haystack.empty() && !makesHaystack(plan.task))
        throw Error("the sweep has no haystack", "--haystack", "give documents, folders, or the word filler");
    plan.lengths = lengthList(plan);
    plan.depths = parseDepths(depths);
    if (overLoads() && plan.lengths.size() > 1)
        throw Error("loads are measured at one length", "--lengths " + lengths + " with --axis load", "give one length");
    if (trials < 1 || trials > 1'000'000)
        throw Error("a cell needs at least one trial", "--trials " + std::to_string(trials), "give 1 to 1,000,000");
    if (controls < 0 || controls > 1'000'000)
        throw Error("no such number of controls", "--controls " + std::to_string(controls), "give 0 to 1,000,000");
    plan.trials = trials;
    plan.controls = controls;
    plan.seed = seed;
    plan.path = sweepPathFromName(path);
    plan.baselines = plan.memory.keys == KeyKind::Content && !noBaselines;
    return plan;
}

std::vector<std::int64_t> SweepOptions::lengthList(const SweepPlan& plan) const
{
    if (!overLoads() || plan.memory.addressing == Addressing::NearestRow) {
        if (lengths.empty())
            throw Error("--lengths is required", "sweep", "give for example --lengths 1k:137k:10");
        return parseLengths(lengths);
    }
    if (!lengths.empty())
        throw Error("with pseudo-inverse addressing the loads decide the length", "--lengths " + lengths + " with --axis load", "leave it out");
    if (makesHaystack(plan.task) || (haystack.size() == 1 && haystack.front() == kFillerName))
        throw Error("a haystack that is made has a length of its own", "--axis load with pseudo-inverse addressing", "give documents with --haystack");
    return {};
}

std::vector<double> SweepOptions::loadList() const
{
    if (loads.empty())
        throw Error("there are no loads to measure", "--axis load", "give --loads, for example 0.1,0.25,0.5,1,2,4,8");
    return parseLoads(loads);
}

Shard SweepOptions::shard() const
{
    if (shardText.empty())
        return {};
    if (overLoads())
        throw Error("loads are not measured in shards", "--shard " + shardText + " with --axis load", "give each process loads of its own instead");
    return parseShard(shardText);
}

Document SweepOptions::loadHaystack(const SweepPlan& plan, const Task& progress) const
{
    if (makesHaystack(plan.task)) {
        Document made = taskHaystack(plan);
        if (!haystack.empty())
            made.notices.push_back("--haystack is not used: " + std::string(nameOf(plan.task)) + " makes its own ("
                + made.name + ")");
        return made;
    }
    if (haystack.size() == 1 && haystack.front() == kFillerName)
        return fillerHaystack(plan);
    return loadDocuments(haystack, progress);
}

} // namespace hayloft
