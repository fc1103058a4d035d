// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/GenerativeSweep.h"

#include <algorithm>

namespace hayloft {

namespace {

constexpr std::int64_t kEncodeTokens = 1 << 18; ///< at once: enough of every length for full batches

std::size_t at(Index i)
{
    return static_cast<std::size_t>(i);
}

} // namespace

GenerativeSweep::GenerativeSweep(const SweepSetup& setup, SweepClock& clock)
    : m_setup(setup)
    , m_clock(clock)
    , m_encoder(setup.model, setup.plan.memory.keys, setup.prefixTokens)
    , m_decoder(setup.model, setup.plan.memory.prompted, setup.prefixTokens)
    , m_latents(setup.model)
    , m_rows(setup.prior->rows().rows())
{
}

void GenerativeSweep::prepare(std::span<const Trial> all, const Task& task)
{
    const Haystack& haystack = m_setup.haystack;
    m_pieceLatent.assign(at(haystack.size()), -1);
    for (const Index i : piecesOf(all, haystack.size()))
        m_pieceLatent[at(i)] = m_latents.add(haystack.piece(i).tokens);
    Index most = 0;
    for (const Trial& trial : all) {
        most = std::max(most, trial.layout.segments());
        for (const Strip& strip : trial.layout.strips)
            for (const TokenIds& tokens : strip.part.segments)
                m_latents.add(tokens);
        for (const std::string& query : queriesOf(trial.needle, m_setup.plan.memory.keys, m_setup.plan.reading))
            m_latents.add(m_encoder.query(query).tokens);
    }
    encodeNew(task);
    const MemorySettings& memory = m_setup.plan.memory;
    if (memory.inverse != InverseMode::Exact || memory.observationNoise > 0 || most < m_rows)
        return;
    StageTimer timer(m_clock, m_timing.writeSeconds);
    Matrix pieces = Matrix::Zero(haystack.size(), m_setup.prior->latentSize());
    for (Index i = 0; i < haystack.size(); ++i)
        if (m_pieceLatent[at(i)] >= 0)
            pieces.row(i) = m_latents.latent(m_pieceLatent[at(i)]);
    m_sums.emplace(std::move(pieces), task);
}

void GenerativeSweep::encodeNew(const Task& task)
{
    StageTimer timer(m_clock, m_timing.encodeSeconds);
    m_timing.tokensEncoded += m_latents.encodeNew(task, kEncodeTokens);
}

Matrix GenerativeSweep::latentsOf(const std::vector<TokenIds>& sequences)
{
    Matrix latents(static_cast<Index>(sequences.size()), m_setup.prior->latentSize());
    for (std::size_t i = 0; i < sequences.size(); ++i)
        latents.row(static_cast<Index>(i)) = m_latents.latent(m_latents.add(sequences[i]));
    return latents;
}

Eigen::MatrixXd GenerativeSweep::gramOf(const ContextLayout& layout, const Strip& strip) const
{
    return m_sums->sum(layout.offset + strip.first, strip.count);
}

/// All latents of a context in their order.
Matrix GenerativeSweep::gather(const ContextLayout& layout)
{
    Matrix latents(layout.segments(), m_setup.prior->latentSize());
    Index row = 0;
    for (const Strip& strip : layout.strips) {
        if (strip.kind != Strip::Kind::Pieces)
            latents.middleRows(row, strip.segments()) = latentsOf(strip.part.segments);
        for (Index i = 0; i < strip.segments() && strip.kind == Strip::Kind::Pieces; ++i)
            latents.row(row + i) = m_latents.latent(m_pieceLatent[at(m_setup.haystack.pieceAt(layout.offset, strip.first + i))]);
        row += strip.segments();
    }
    return latents;
}

/// The memory of one trial.
GenerativeMemory GenerativeSweep::written(const Trial& trial)
{
    const ContextLayout& layout = trial.layout;
    GenerativeMemory memory(m_setup.prior, generativeSettings(m_setup.plan.memory, trial.seed));
    if (!m_sums || layout.segments() < std::min(m_rows, memory.latentSize())) {
        memory.write(gather(layout));
        return memory;
    }
    std::vector<TokenIds> parts;
    for (const Strip& strip : layout.strips)
        parts.insert(parts.end(), strip.part.segments.begin(), strip.part.segments.end());
    Eigen::MatrixXd gram = gramOfLatents(latentsOf(parts));
    for (const Strip& strip : layout.strips)
        if (strip.kind == Strip::Kind::Pieces)
            gram += gramOf(layout, strip);
    memory.writeGram(gram, layout.segments());
    return memory;
}

std::vector<TrialOutcome> GenerativeSweep::run(std::span<const Trial> trials, const Task& task)
{
    std::vector<TrialOutcome> outcomes;
    std::vector<std::string> prompts; // of each read
    const SweepPlan& plan = m_setup.plan;
    for (const Trial& trial : trials) {
        TrialOutcome outcome;
        outcome.depths = trial.layout.depths;
        outcome.lengthAchieved = trial.layout.lengthAchieved;
        outcome.rows = m_rows;
        notePlanted(trial, outcome);
        std::vector<TokenIds> queries;
        for (const std::string& text : queriesOf(trial.needle, plan.memory.keys, plan.reading)) {
            const QueryKey query = m_encoder.query(text);
            queries.push_back(query.tokens);
            prompts.push_back(m_decoder.promptOf(text));
            outcome.query.append(outcome.query.empty() ? "" : "\n").append(query.text);
        }
        const GenerativeMemory memory = [&] {
            StageTimer timer(m_clock, m_timing.writeSeconds);
            return written(trial);
        }();
        StageTimer timer(m_clock, m_timing.readSeconds);
        outcome.reads = readoutsOf(memory, latentsOf(queries), plan.memory.reads);
        outcomes.push_back(std::move(outcome));
        task.check();
    }
    decode(outcomes, prompts, task);
    return outcomes;
}

/// Every planted segment is in all rows: its row is -1, as that of each read.
void GenerativeSweep::notePlanted(const Trial& trial, TrialOutcome& outcome) const
{
    outcome.writeRows.assign(trial.needle.needles(), -1);
    for (std::size_t value = 0; value < valuesOf(trial.needle); ++value) {
        outcome.answerRows.emplace_back();
        if (const Strip* strip = trial.layout.needle(holderOf(trial.needle, value)))
            outcome.answerRows.back().assign(answerSegments(m_setup.plan, trial.needle, value, strip->part).size(), -1);
    }
}

/// One batch.
void GenerativeSweep::decode(std::vector<TrialOutcome>& outcomes, const std::vector<std::string>& prompts, const Task& task)
{
    StageTimer timer(m_clock, m_timing.decodeSeconds);
    Index count = 0;
    for (const TrialOutcome& outcome : outcomes)
        count += static_cast<Index>(outcome.reads.size());
    Matrix latents(count, m_setup.prior->latentSize());
    Index row = 0;
    for (const TrialOutcome& outcome : outcomes)
        for (const RowRead& read : outcome.reads)
            latents.row(row++) = read.latent;
    const auto texts = m_decoder.decode(latents, prompts, task);
    auto text = texts.begin();
    for (TrialOutcome& outcome : outcomes) {
        for (std::size_t i = 0; i < outcome.reads.size(); ++i)
            outcome.answers.push_back({-1, (text++)->text, i});
        outcome.answer = mergedAnswers(outcome.answers);
    }
}

} // namespace hayloft
