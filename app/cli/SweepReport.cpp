// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/SweepReport.h"

#include "core/base/Format.h"
#include "core/recall/RulerScoring.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

namespace hayloft {

namespace {

constexpr std::size_t kMostColumns = 16;

struct Totals {
    int trials = 0, hits = 0;
    std::map<Failure, int> failures;
    std::vector<double> rulerScores;
};

Totals totalsOf(const SweepResult& result)
{
    Totals totals;
    for (const Cell& cell : result.cells) {
        totals.trials += cell.trials;
        totals.hits += cell.hits;
        for (const Sample& sample : cell.samples) {
            ++totals.failures[sample.failure];
            totals.rulerScores.push_back(sample.rulerScore);
        }
    }
    return totals;
}

// Depths down, lengths across, hits/trials in each cell.
void printGrid(const SweepResult& result, std::ostream& out)
{
    std::set<std::int64_t> lengths;
    std::set<double> depths;
    std::map<std::pair<double, std::int64_t>, std::string> hits;
    for (const Cell& cell : result.cells) {
        lengths.insert(cell.lengthTokens);
        depths.insert(cell.depthPercent);
        hits[{ cell.depthPercent, cell.lengthTokens }] = formatted("%d/%d", cell.hits, cell.trials);
    }
    if (lengths.size() > kMostColumns)
        return;
    out << "  depth";
    for (const std::int64_t length : lengths)
        out << formatted(" %9s", grouped(length).c_str());
    out << "\n";
    for (const double depth : depths) {
        out << formatted("%6.4g%%", depth);
        for (const std::int64_t length : lengths)
            out << formatted(" %9s", hits[{ depth, length }].c_str());
        out << "\n";
    }
    out << "\n";
}

FoundCounts sumOf(const std::vector<const Cell*>& cells)
{
    FoundCounts sum;
    for (const Cell* cell : cells) {
        sum.content += cell->foundFirst->content;
        sum.floor += cell->foundFirst->floor;
        sum.bm25 += cell->foundFirst->bm25;
    }
    return sum;
}

std::string share(int found, int trials)
{
    const Interval interval = wilson(found, trials);
    return grouped(found) + "/" + grouped(trials)
        + formatted(" = %.4f [%.4f, %.4f]", trials > 0 ? static_cast<double>(found) / trials : 0.0, interval.low, interval.high);
}

// Hits of the sweep beside the trials in which each search found the answer's segment first: all lengths, then each one.
void printFoundFirst(const SweepResult& result, std::ostream& out)
{
    std::vector<const Cell*> all;
    std::map<std::int64_t, std::vector<const Cell*>> byLength;
    for (const Cell& cell : result.cells) {
        if (!cell.foundFirst)
            continue;
        all.push_back(&cell);
        byLength[cell.lengthTokens].push_back(&cell);
    }
    if (all.empty())
        return;
    const auto total = [](const std::vector<const Cell*>& cells, int Cell::* count) {
        int sum = 0;
        for (const Cell* cell : cells)
            sum += cell->*count;
        return sum;
    };
    const int trials = total(all, &Cell::trials);
    const FoundCounts found = sumOf(all);
    out << "found first  content " << share(found.content, trials) << ", floor " << share(found.floor, trials) << ", bm25 "
        << share(found.bm25, trials) << "\n"
        << formatted("%12s  %8s %8s %8s %8s %8s\n", "length", "trials", "recall", "content", "floor", "bm25");
    for (const auto& [length, cells] : byLength) {
        const double of = std::max(1, total(cells, &Cell::trials));
        const FoundCounts own = sumOf(cells);
        out << formatted("%12s  %8.0f %8.4f %8.4f %8.4f %8.4f\n", grouped(length).c_str(), of, total(cells, &Cell::hits) / of,
            own.content / of, own.floor / of, own.bm25 / of);
    }
}

// What saying "not in this document" would cost in hits and save in answers to questions without one.
void printAbsence(const SweepResult& result, std::ostream& out)
{
    int upheld = 0, hits = 0;
    bool judged = false;
    for (const Cell& cell : result.cells) {
        judged = judged || cell.upheld.has_value();
        upheld += cell.upheld.value_or(0);
        hits += cell.upheld ? cell.hits : 0;
    }
    if (!judged)
        return;
    out << "absence   " << grouped(hits - upheld) << "/" << grouped(hits) << " hits called not in the document";
    if (result.controls.answered && result.controls.trials > 0)
        out << ", " << grouped(*result.controls.answered) << "/" << grouped(result.controls.trials) << " controls answered";
    out << "\n";
}

} // namespace

void printSweep(const RunRecord& record, std::ostream& out)
{
    const SweepResult& result = record.result;
    Totals totals = totalsOf(result);
    const Interval interval = wilson(totals.hits, totals.trials);
    printGrid(result, out);
    out << "recall    " << grouped(totals.hits) << "/" << grouped(totals.trials)
        << formatted(" = %.4f, 95%% interval %.4f to %.4f\n",
               totals.trials > 0 ? static_cast<double>(totals.hits) / totals.trials : 0.0, interval.low, interval.high);
    if (record.plan.task.kind == TaskKind::Ruler)
        out << formatted("ruler     %.2f (string_match_all)\n", rulerMean(totals.rulerScores));
    out << "failures  ";
    for (const Failure failure : { Failure::RowWrong, Failure::RowShared, Failure::DecodeWrong })
        out << (failure == Failure::RowWrong ? "" : ", ") << nameOf(failure) << " " << totals.failures[failure];
    out << "\n";
    if (result.controls.trials > 0)
        out << "controls  " << result.controls.falseAnswers << "/" << result.controls.trials << " false answers\n";
    printAbsence(result, out);
    printFoundFirst(result, out);
    const HaystackInfo& haystack = result.haystack;
    out << "haystack  " << haystack.source << ", " << grouped(haystack.tokens) << " tokens"
        << (haystack.repeats > 1 ? formatted(", repeated %.1f times", haystack.repeats) : "") << "\n";
    const SweepTiming& timing = result.timing;
    const std::string of = timing.shards > 1 ? " in the slowest of " + std::to_string(timing.shards) + " shards" : "";
    out << formatted("time      %.1f s%s (%sencode %.1f, write %.1f, read %.1f, decode %.1f); ", timing.totalSeconds, of.c_str(),
        of.empty() ? "" : "in all ", timing.encodeSeconds, timing.writeSeconds, timing.readSeconds, timing.decodeSeconds)
        << grouped(timing.tokensEncoded) << " tokens encoded, " << grouped(static_cast<std::int64_t>(timing.tokensPerSecond))
        << " tokens/s" << (record.plan.baselines ? formatted("; found first %.1f s", timing.baselineSeconds) : "") << "\n";
}

} // namespace hayloft
