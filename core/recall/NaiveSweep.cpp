// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/NaiveSweep.h"

namespace hayloft {

namespace {

/// The segments of an assembled context that are written.
struct Segments {
    std::vector<TokenIds> tokens;
    std::vector<std::size_t> begins; ///< bytes in the text
    std::vector<std::string> contents;
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
            found.contents.emplace_back(text.substr(begin + segment.contentBegin, segment.contentEnd - segment.contentBegin));
            found.tokens.push_back(std::move(segment.tokens));
        }
        if (i % 512 == 511)
            task.check();
    }
    return found;
}

/// Length and depth as the segments have them.
void measure(const AssembledContext& context, const Segments& segments, bool planted, TrialOutcome& outcome)
{
    double before = 0, haystack = 0;
    for (std::size_t i = 0; i < segments.tokens.size(); ++i) {
        const auto tokens = segments.tokens[i].size();
        outcome.lengthAchieved += static_cast<std::int64_t>(tokens);
        const std::size_t begin = segments.begins[i];
        if (begin < context.needle.openingLine.size() || (planted && begin >= context.needleBegin && begin < context.needleEnd))
            continue;
        haystack += static_cast<double>(tokens);
        before += begin < context.needleBegin ? static_cast<double>(tokens) : 0.0;
    }
    outcome.depthAchieved = planted && haystack > 0 ? 100.0 * before / haystack : 0.0;
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
    measure(context, segments, !trial.control, outcome);
    Memory memory = m_setup.plan.memory.keyMemory == KeyMemoryKind::Grow ? Memory::growing(m_setup.model.info().latentSize)
                                                                         : Memory::fixed(m_setup.keyRows);
    const auto rows = write(memory, segments.tokens, task);
    outcome.rows = memory.rows();
    for (std::size_t i = 0; i < rows.size() && !trial.control; ++i) {
        if (segments.begins[i] < context.needleBegin || segments.begins[i] >= context.needleEnd)
            continue;
        if (outcome.writeRow < 0)
            outcome.writeRow = rows[i];
        if (holdsAnswer(m_setup.plan.task, trial.needle, segments.contents[i]))
            outcome.answerRows.push_back(rows[i]);
    }
    ask(trial, memory, outcome, task);
    return outcome;
}

std::vector<Index> NaiveSweep::write(Memory& memory, const std::vector<TokenIds>& segments, const Task& task)
{
    const Matrix latents = encode(segments, task);
    Matrix keys = latents;
    const KeyEncoder encoder(m_setup.model, m_setup.plan.memory.keys, m_setup.prefixTokens);
    if (encoder.hasSides() || m_setup.plan.memory.keys == KeyKind::Floor) {
        StageTimer timer(m_clock, m_timing.encodeSeconds);
        keys = encoder.writeKeys(segments, task);
    } else if (m_setup.plan.memory.keys == KeyKind::Prefix) {
        std::vector<TokenIds> prefixes = segments;
        for (auto& prefix : prefixes)
            prefix.resize(std::min(prefix.size(), static_cast<std::size_t>(m_setup.prefixTokens)));
        keys = encode(prefixes, task);
    }
    StageTimer timer(m_clock, m_timing.writeSeconds);
    return memory.writeAll(keys, latents);
}

void NaiveSweep::ask(const Trial& trial, const Memory& memory, TrialOutcome& outcome, const Task& task)
{
    const KeyKind keys = m_setup.plan.memory.keys;
    const KeyEncoder encoder(m_setup.model, keys, m_setup.prefixTokens);
    const auto query = encoder.query(queryOf(trial.needle, keys));
    outcome.query = query.text;
    const Matrix key = encoder.readKeys({query.tokens}, task);
    {
        StageTimer timer(m_clock, m_timing.readSeconds);
        const Reading reading = memory.read(key, 0).front();
        outcome.readRow = reading.row;
        outcome.keyDistance = reading.distance;
        outcome.rowSegments = reading.rowSegments;
        outcome.latent = reading.latent;
    }
    StageTimer timer(m_clock, m_timing.decodeSeconds);
    outcome.answer = m_setup.model.decode(outcome.latent, task).front().text;
}

Matrix NaiveSweep::encode(const std::vector<TokenIds>& sequences, const Task& task)
{
    StageTimer timer(m_clock, m_timing.encodeSeconds);
    for (const auto& tokens : sequences)
        m_timing.tokensEncoded += static_cast<std::int64_t>(tokens.size());
    return m_setup.model.encode(sequences, task);
}

} // namespace hayloft
