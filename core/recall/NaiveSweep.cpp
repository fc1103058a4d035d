// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/NaiveSweep.h"

#include <algorithm>

namespace hayloft {

namespace {

/// The segments of an assembled context that are written.
struct Segments {
    std::vector<TokenIds> tokens;
    std::vector<std::size_t> begins; ///< bytes in the text
    std::vector<std::size_t> ends;
    std::vector<char> glued;         ///< of each: the next one begins where it ends

    void finish()
    {
        for (std::size_t i = 0; i < begins.size(); ++i)
            glued.push_back(i + 1 < begins.size() && ends[i] == begins[i + 1]);
    }
};

Segments segmentContext(const AssembledContext& context, const Tokenizer& tokenizer, const SegmenterOptions& options, const Task& task)
{
    Segments found;
    const std::string_view text = context.text;
    for (std::size_t i = 0; i <= context.restarts.size(); ++i) {
        const std::size_t begin = i == 0 ? 0 : context.restarts[i - 1];
        const std::size_t end = i == context.restarts.size() ? text.size() : context.restarts[i];
        for (auto& segment : segmentText(text.substr(begin, end - begin), tokenizer, options)) {
            if (segment.tokens.empty())
                continue;
            found.begins.push_back(begin + segment.contentBegin);
            found.ends.push_back(begin + segment.contentEnd);
            found.tokens.push_back(std::move(segment.tokens));
        }
        if (i % 512 == 511)
            task.check();
    }
    found.finish();
    return found;
}

/// Length and depths as the segments have them.
void measure(const AssembledContext& context, const Segments& segments, TrialOutcome& outcome)
{
    const auto isPlanted = [&](std::size_t begin) {
        return std::any_of(context.needles.begin(), context.needles.end(),
                           [&](const auto& range) { return begin >= range.first && begin < range.second; });
    };
    std::vector<double> before(context.needles.size(), 0.0);
    double haystack = 0;
    for (std::size_t i = 0; i < segments.tokens.size(); ++i) {
        const auto tokens = static_cast<double>(segments.tokens[i].size());
        outcome.lengthAchieved += static_cast<std::int64_t>(segments.tokens[i].size());
        const std::size_t begin = segments.begins[i];
        if (begin < context.needle.openingLine.size() || isPlanted(begin))
            continue;
        haystack += tokens;
        for (std::size_t n = 0; n < before.size(); ++n)
            before[n] += begin < context.needles[n].first ? tokens : 0.0;
    }
    for (std::size_t n = 0; n < before.size(); ++n) {
        const bool planted = context.needles[n].second > context.needles[n].first;
        outcome.depths.push_back(!planted ? -1.0 : haystack > 0 ? 100.0 * before[n] / haystack : 0.0);
    }
}

/// Where the planted texts were written, and the rows from which their values can be read.
void findPlanted(const SweepPlan& plan, const AssembledContext& context, const Segments& segments, const std::vector<Index>& rows,
                 TrialOutcome& outcome)
{
    std::vector<Part> planted(context.needles.size());
    std::vector<std::vector<Index>> rowsOf(planted.size());
    for (std::size_t n = 0; n < planted.size(); ++n) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (segments.begins[i] < context.needles[n].first || segments.begins[i] >= context.needles[n].second)
                continue;
            rowsOf[n].push_back(rows[i]);
            planted[n].texts.push_back(context.text.substr(segments.begins[i], segments.ends[i] - segments.begins[i]));
            planted[n].glued.push_back(segments.glued[i]);
        }
        outcome.writeRows.push_back(rowsOf[n].empty() ? -1 : rowsOf[n].front());
    }
    for (std::size_t value = 0; value < valuesOf(context.needle); ++value) {
        const std::size_t holder = holderOf(context.needle, value);
        outcome.answerRows.emplace_back();
        for (std::size_t segment : answerSegments(plan, context.needle, value, planted[holder]))
            outcome.answerRows.back().push_back(rowsOf[holder][segment]);
    }
}

} // namespace

std::vector<TrialOutcome> NaiveSweep::run(std::span<const Trial> trials, const Task& task)
{
    std::vector<TrialOutcome> outcomes;
    for (const auto& trial : trials) {
        task.check();
        outcomes.push_back(runOne(trial, task));
    }
    return outcomes;
}

TrialOutcome NaiveSweep::runOne(const Trial& trial, const Task& task)
{
    const auto& haystack = m_setup.haystack;
    const auto context = assemble(haystack, trial.layout, trial.needle);
    const auto segments = segmentContext(context, m_setup.model.tokenizer(), m_setup.plan.segmenter, task);
    TrialOutcome outcome;
    measure(context, segments, outcome);
    if (m_setup.prior) {
        findPlanted(m_setup.plan, context, segments, std::vector<Index>(segments.tokens.size(), -1), outcome);
        writeAndAsk(trial, segments.tokens, outcome, task);
        return outcome;
    }
    Memory memory = m_setup.plan.memory.keyMemory == KeyMemoryKind::Grow ? Memory::growing(m_setup.model.info().latentSize)
                                                                         : Memory::fixed(m_setup.keyRows);
    const auto rows = write(memory, segments.tokens, task);
    memory.setOrder(rows, segments.glued);
    outcome.rows = memory.rows();
    findPlanted(m_setup.plan, context, segments, rows, outcome);
    ask(trial, memory, outcome, task);
    return outcome;
}

std::vector<Index> NaiveSweep::write(Memory& memory, const std::vector<TokenIds>& segments, const Task& task)
{
    const Matrix latents = encode(segments, task);
    Matrix keys = latents;
    const KeyEncoder encoder(m_setup.model, m_setup.plan.memory.keys, m_setup.prefixTokens);
    if (encoder.usesText()) {
        StageTimer timer(m_clock, m_timing.encodeSeconds);
        keys = encoder.writeKeys(segments, task);
    } else if (m_setup.plan.memory.keys == KeyKind::Prefix) {
        std::vector<TokenIds> prefixes = segments;
        for (auto& prefix : prefixes)
            prefix.resize(std::min(prefix.size(), static_cast<std::size_t>(m_setup.prefixTokens)));
        keys = encode(prefixes, task);
    }
    StageTimer timer(m_clock, m_timing.writeSeconds);
    if (m_setup.plan.memory.latents == LatentFormat::Float16)
        return memory.writeAll(keys, latents.cast<Eigen::half>().cast<float>());
    return memory.writeAll(keys, latents);
}

void NaiveSweep::ask(const Trial& trial, const Memory& memory, TrialOutcome& outcome, const Task& task)
{
    const SweepPlan& plan = m_setup.plan;
    const RuleReader reader(m_setup.model, memory, plan.memory.keys, m_setup.prefixTokens, plan.reading, plan.memory.prompted);
    const auto queries = rowQueriesOf(trial.needle, plan.memory.keys, plan.reading);
    std::vector<ChosenRow> chosen;
    {
        StageTimer timer(m_clock, m_timing.readSeconds);
        chosen = reader.choose(queries, outcome.query, task);
    }
    StageTimer timer(m_clock, m_timing.decodeSeconds);
    for (const auto& start : chosen)
        outcome.answers.push_back(reader.readOn(start, queries[start.query].text, outcome.reads, task));
    outcome.answer = mergedAnswers(outcome.answers);
}

/// Pseudo-inverse addressing.
void NaiveSweep::writeAndAsk(const Trial& trial, const std::vector<TokenIds>& segments, TrialOutcome& outcome, const Task& task)
{
    const SweepPlan& plan = m_setup.plan;
    GenerativeMemory memory(m_setup.prior, generativeSettings(plan.memory, trial.seed));
    const Matrix latents = encode(segments, task);
    {
        StageTimer timer(m_clock, m_timing.writeSeconds);
        memory.write(latents);
    }
    outcome.rows = memory.rows();
    const auto queries = queriesOf(trial.needle, plan.memory.keys, plan.reading);
    {
        StageTimer timer(m_clock, m_timing.readSeconds);
        const GenerativeReader reader(m_setup.model, memory, plan.memory.keys, m_setup.prefixTokens, plan.memory.reads);
        outcome.reads = reader.read(queries, outcome.query, task);
    }
    StageTimer timer(m_clock, m_timing.decodeSeconds);
    const AnswerDecoder decoder(m_setup.model, plan.memory.prompted, m_setup.prefixTokens);
    for (std::size_t i = 0; i < outcome.reads.size(); ++i)
        outcome.answers.push_back({-1, decoder.decode(outcome.reads[i].latent, {decoder.promptOf(queries[i])}, task).front().text, i});
    outcome.answer = mergedAnswers(outcome.answers);
}

Matrix NaiveSweep::encode(const std::vector<TokenIds>& sequences, const Task& task)
{
    StageTimer timer(m_clock, m_timing.encodeSeconds);
    for (const auto& tokens : sequences)
        m_timing.tokensEncoded += static_cast<std::int64_t>(tokens.size());
    return m_setup.model.encode(sequences, task);
}

} // namespace hayloft
