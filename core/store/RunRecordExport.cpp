// SPDX-License-Identifier: GPL-3.0-or-later
// What other programs and papers take from a run record: a CSV table and the figure's caption.
#include "core/base/Format.h"
#include "core/compute/PrecisionName.h"
#include "core/recall/RulerScoring.h"
#include "core/store/RunRecordWords.h"

#include <algorithm>
#include <array>
#include <functional>

namespace hayloft {

std::string taskWords(const RecallTask& task)
{
    if (task.kind == TaskKind::Passkey)
        return "passkey, " + std::to_string(task.digits) + (task.digits == 1 ? " digit" : " digits");
    if (task.kind == TaskKind::Ruler)
        return "RULER " + std::string(nameOf(task.ruler));
    if (task.needles.size() == 1)
        return "sentence needle \"" + task.needles.front().text + "\"";
    return "sentence needles (" + std::to_string(task.needles.size()) + ")";
}

std::string haystackWords(const HaystackInfo& haystack)
{
    std::string words = "Haystack: " + haystack.source + ", " + grouped(haystack.tokens) + " tokens";
    if (haystack.repeats > 1)
        words += formatted(", repeated %.1f times at the greatest length", haystack.repeats);
    return words;
}

std::string modelWords(const RunRecord& record)
{
    std::string words = record.model.name;
    if (!record.model.sha256.empty())
        words += " (" + record.model.sha256.substr(0, 12) + ", " + grouped(record.model.parameters) + " parameters)";
    if (record.model.precision != Precision::Float32)
        words += ", computed in " + std::string(nameOf(record.model.precision));
    return words;
}

std::string inverseWords(const MemorySettings& memory)
{
    std::string words = memory.inverse == InverseMode::Exact ? "exact inverses"
                                                             : formatted("%d Newton steps from %g", memory.newton.steps, memory.newton.scale);
    if (memory.reads > 1)
        words += formatted(", %d reads", memory.reads);
    if (memory.observationNoise > 0)
        words += formatted(", observation noise %g", static_cast<double>(memory.observationNoise));
    return memory.sampled ? words + formatted(", sampled weights of log variance %g", static_cast<double>(memory.weightLogVariance)) : words;
}

std::string promptWords(const MemorySettings& memory)
{
    switch (memory.prompted) {
    case DecoderPrompt::Prefix:
        return "answers prompted with the query's first tokens";
    case DecoderPrompt::Query:
        return "answers prompted with the query";
    case DecoderPrompt::None:
        break;
    }
    return "";
}

std::string endWords(const RunRecord& record)
{
    std::string words = "Seed " + std::to_string(record.plan.seed);
    if (!record.shard.isWhole())
        words += ", shard " + std::to_string(record.shard.number) + " of " + std::to_string(record.shard.of) + " alone";
    words += ", Hayloft " + record.hayloftVersion;
    return words + (record.created.empty() ? "" : ", " + record.created.substr(0, 10));
}

namespace {

// RFC 4180: quoted when it holds a comma, a quote or a line end; quotes doubled.
std::string csvField(const std::string& text)
{
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"')
            quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

int countFailures(const Cell& cell, Failure failure)
{
    return static_cast<int>(std::count_if(cell.samples.begin(), cell.samples.end(),
        [failure](const Sample& sample) { return sample.failure == failure; }));
}

double meanDigitAccuracy(const Cell& cell)
{
    double sum = 0;
    for (const Sample& sample : cell.samples)
        sum += sample.digitAccuracy;
    return cell.samples.empty() ? 0 : sum / static_cast<double>(cell.samples.size());
}

std::string keyWords(const RunRecord& record)
{
    const MemorySettings& memory = record.plan.memory;
    std::string words = std::string(nameOf(memory.keys)) + " keys";
    if (memory.keys == KeyKind::Prefix)
        words += " (P = " + std::to_string(record.result.prefixTokens) + ")";
    if (memory.addressing == Addressing::PseudoInverse)
        return words + ", pseudo-inverse addressing (" + grouped(record.result.rows)
            + (memory.keyMemory == KeyMemoryKind::Prior ? " learned rows, " : " drawn rows, ") + inverseWords(memory) + ")";
    words += memory.keyMemory == KeyMemoryKind::Grow ? ", growing key memory (up to "
        : memory.keyMemory == KeyMemoryKind::Fixed   ? ", fixed key memory ("
                                                     : ", learned key memory (";
    words += grouped(record.result.rows) + " rows, nearest row)";
    return memory.latents == LatentFormat::Float32 ? words : words + ", latents kept as " + std::string(nameOf(memory.latents));
}

std::string recallWords(const SweepResult& result)
{
    int hits = 0, trials = 0, least = 0, most = 0;
    for (const Cell& cell : result.cells) {
        hits += cell.hits;
        trials += cell.trials;
        least = trials == cell.trials ? cell.trials : std::min(least, cell.trials);
        most = std::max(most, cell.trials);
    }
    const Interval interval = wilson(hits, trials);
    std::string words = grouped(static_cast<std::int64_t>(result.cells.size())) + " cells of ";
    words += least == most ? std::to_string(most) : std::to_string(least) + " to " + std::to_string(most);
    words += " independent trials: " + grouped(hits) + "/" + grouped(trials) + " recalled";
    return trials == 0 ? words
                       : words + formatted(", 95%% Wilson interval %.3f to %.3f", interval.low, interval.high);
}

// RULER's own metric over all trials; nothing for other tasks.
std::string rulerWords(const RunRecord& record)
{
    std::vector<double> scores;
    for (const Cell& cell : record.result.cells)
        for (const Sample& sample : cell.samples)
            scores.push_back(sample.rulerScore);
    return record.plan.task.kind == TaskKind::Ruler && !scores.empty() ? formatted(", RULER score %.2f", rulerMean(scores)) : "";
}

std::string controlWords(const Controls& controls)
{
    if (controls.trials == 0)
        return "";
    return std::to_string(controls.falseAnswers) + "/" + std::to_string(controls.trials) + " false answers without a needle";
}

/// Adds the text after a separator, if there is one to add.
void append(std::string& words, const std::string& more, const char* separator = ", ")
{
    if (!more.empty())
        words += (words.empty() ? "" : separator) + more;
}

/// Keys, and what the decoder was prompted with.
std::string readingWords(const RunRecord& record, std::string keys)
{
    append(keys, promptWords(record.plan.memory));
    return keys;
}

/// What one part of a caption says of each run, or once of all.
class SharedWords {
public:
    explicit SharedWords(std::vector<std::string> each) : m_each(std::move(each)) {}
    bool same() const { return std::adjacent_find(m_each.begin(), m_each.end(), std::not_equal_to<>()) == m_each.end(); }
    std::string ofAll() const { return same() ? m_each.front() : ""; }
    std::string ofRun(std::size_t run) const { return same() ? "" : m_each[run]; }

private:
    std::vector<std::string> m_each;
};

template <typename Words>
SharedWords shared(const std::vector<std::shared_ptr<const RunRecord>>& records, const Words& words)
{
    std::vector<std::string> each;
    for (const auto& record : records)
        each.push_back(words(*record));
    return SharedWords(std::move(each));
}

/// A growing memory has other rows for every haystack: they would only hide what the runs have in common.
std::string keyKindWords(const RunRecord& record)
{
    const std::string words = keyWords(record);
    return readingWords(record, record.plan.memory.keyMemory == KeyMemoryKind::Grow ? words.substr(0, words.find(" (up to")) : words);
}

std::string gridWords(const RunRecord& record)
{
    return std::to_string(record.plan.lengths.size()) + " lengths x " + std::to_string(record.plan.depths.size()) + " depths, "
        + std::to_string(record.plan.trials) + " independent trials a cell";
}

std::string hitWords(const RunRecord& record)
{
    int hits = 0, trials = 0;
    for (const Cell& cell : record.result.cells) {
        hits += cell.hits;
        trials += cell.trials;
    }
    const Interval interval = wilson(hits, trials);
    return trials == 0 ? "nothing measured"
                       : grouped(hits) + "/" + grouped(trials) + formatted(" (%.3f to %.3f)", interval.low, interval.high);
}

/// "haystack: ..." in the middle of a sentence.
std::string inSentence(std::string words)
{
    if (!words.empty() && words[0] >= 'A' && words[0] <= 'Z')
        words[0] = static_cast<char>(words[0] - 'A' + 'a');
    return words;
}

/// What most of the texts are: said once for all runs that have it.
std::string mostCommon(const std::vector<std::string>& texts)
{
    return *std::max_element(texts.begin(), texts.end(), [&](const std::string& a, const std::string& b) {
        return std::count(texts.begin(), texts.end(), a) < std::count(texts.begin(), texts.end(), b);
    });
}

} // namespace

std::string toCsv(const std::vector<std::shared_ptr<const RunRecord>>& records)
{
    std::string csv;
    for (const auto& record : records) {
        const std::string table = toCsv(*record);
        csv += csv.empty() ? table : table.substr(table.find("\r\n") + 2);
    }
    return csv;
}

std::string captionOf(const std::vector<std::shared_ptr<const RunRecord>>& records)
{
    if (records.empty())
        return "";
    if (records.size() == 1)
        return captionOf(*records.front());
    const SharedWords models = shared(records, modelWords), keys = shared(records, keyKindWords), grids = shared(records, gridWords),
                      ends = shared(records, endWords);
    std::vector<std::string> haystacks;
    for (const auto& record : records)
        haystacks.push_back(haystackWords(record->result.haystack));
    const std::string usual = mostCommon(haystacks);
    const bool one = std::count(haystacks.begin(), haystacks.end(), usual) == static_cast<std::ptrdiff_t>(haystacks.size());
    std::string common;
    for (const SharedWords* words : { &models, &keys, &grids })
        append(common, words->ofAll());
    std::string caption = "Recall in " + std::to_string(records.size()) + " runs" + (common.empty() ? "" : ": " + common) + ". " + usual
        + (one ? "." : " (where no other is named).") + " Hits, in brackets the 95% Wilson interval: ";
    for (std::size_t i = 0; i < records.size(); ++i) {
        std::string run = taskWords(records[i]->plan.task);
        for (const SharedWords* words : { &models, &keys, &grids })
            append(run, words->ofRun(i));
        run += ": " + hitWords(*records[i]);
        append(run, controlWords(records[i]->result.controls));
        append(run, haystacks[i] == usual ? "" : inSentence(haystacks[i]));
        append(run, inSentence(ends.ofRun(i)));
        caption += (i > 0 ? "; " : "") + run;
    }
    append(caption, ends.ofAll(), ". ");
    return caption + ".";
}

std::string toCsv(const RunRecord& record)
{
    static constexpr std::array kColumns { "length_tokens", "length_achieved", "depth_percent", "depth_achieved", "trials",
        "hits", "recall", "ci95_low", "ci95_high", "rouge_l", "digit_accuracy", "row_wrong", "row_shared", "decode_wrong",
        "task", "keys", "key_memory", "rows", "model", "seed", "ruler_score", "content_first", "floor_first", "bm25_first" };
    std::string csv;
    for (const char* column : kColumns)
        csv += (csv.empty() ? "" : ",") + std::string(column);
    csv += "\r\n";
    const MemorySettings& memory = record.plan.memory;
    const std::string run = csvField(taskWords(record.plan.task)) + "," + std::string(nameOf(memory.keys)) + ","
        + std::string(nameOf(memory.keyMemory)) + "," + std::to_string(record.result.rows) + ","
        + csvField(record.model.name) + "," + std::to_string(record.plan.seed);
    for (const Cell& cell : record.result.cells) {
        csv += formatted("%lld,%.10g,%.10g,%.10g,%d,%d,%.10g,%.10g,%.10g,%.10g,%.10g,",
            static_cast<long long>(cell.lengthTokens), cell.lengthAchieved, cell.depthPercent, cell.depthAchieved,
            cell.trials, cell.hits, cell.recall, cell.ci95.low, cell.ci95.high, cell.rougeL, meanDigitAccuracy(cell));
        csv += formatted("%d,%d,%d,", countFailures(cell, Failure::RowWrong), countFailures(cell, Failure::RowShared),
            countFailures(cell, Failure::DecodeWrong));
        // Empty where there is no such figure: a 0 would be one.
        csv += run + "," + (record.plan.task.kind == TaskKind::Ruler ? formatted("%.10g", cell.rulerScore) : "");
        const auto& first = cell.foundFirst;
        csv += (first ? formatted(",%d,%d,%d", first->content, first->floor, first->bm25) : ",,,") + "\r\n";
    }
    return csv;
}

std::string captionOf(const RunRecord& record)
{
    const SweepResult& result = record.result;
    std::string caption = "Recall of " + modelWords(record);
    caption += "; " + taskWords(record.plan.task) + "; " + readingWords(record, keyWords(record)) + ". ";
    caption += haystackWords(result.haystack) + ". " + recallWords(result) + rulerWords(record);
    if (result.controls.trials > 0)
        caption += "; " + controlWords(result.controls);
    return caption + ". " + endWords(record) + ".";
}

} // namespace hayloft
