// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/FastSweep.h"

#include "core/memory/RowSearch.h"

#include <algorithm>
#include <iterator>

namespace hayloft {

namespace {

constexpr Index kMaxQueryFloats = Index{1} << 26; ///< distances kept for distinct queries (256 MiB)
constexpr Index kQueryBlock = 64;
constexpr double kBlockFlops = 12e9; ///< of one search block: smaller ones spend their time reading the key rows
constexpr std::int64_t kEncodeTokens = 1 << 18; ///< at once: enough of every length for full batches

std::size_t at(Index i)
{
    return static_cast<std::size_t>(i);
}

} // namespace

FastSweep::FastSweep(const SweepSetup& setup, SweepClock& clock)
    : m_setup(setup)
    , m_clock(clock)
    , m_encoder(setup.model, setup.plan.memory.keys, setup.prefixTokens)
    , m_decoder(setup.model, setup.plan.memory.prompted, setup.prefixTokens)
    , m_latents(setup.model, setup.plan.memory.latents)
    , m_keys(setup.model.info().latentSize, [this](const std::vector<TokenIds>& batch, const Task& task) { return m_encoder.writeKeys(batch, task); })
    , m_questionKeys(setup.model.info().latentSize, [this](const std::vector<TokenIds>& batch, const Task& task) { return m_encoder.readKeys(batch, task); })
{
    m_rowNorms = squaredNorms(setup.keyRows);
}

void FastSweep::prepare(std::span<const Trial> all, const Task& task)
{
    const Haystack& haystack = m_setup.haystack;
    const Index size = haystack.size();
    m_pieceSegment.assign(at(size), -1);
    m_pieceKey.assign(at(size), -1);
    for (const Index i : piecesOf(all, size)) {
        const TokenIds& tokens = haystack.piece(i).tokens;
        m_pieceSegment[at(i)] = m_segments.add(tokens);
        if (m_setup.plan.encodeUnread)
            m_segments.need(m_pieceSegment[at(i)]);
        m_pieceKey[at(i)] = keyStore().add(m_encoder.writeTokens(tokens));
    }
    encodeNew(task);
    m_haystackKeys = keyStore().size();
    m_keyNorms = squaredNorms(keyStore().latents(0, m_haystackKeys));
    m_greatestNorm = *std::max_element(m_keyNorms.begin(), m_keyNorms.end());
    // The parts of all trials at once: batch by batch there would be few of a length to encode together.
    for (const Trial& trial : all)
        for (const auto& strip : trial.layout.strips)
            for (const auto& tokens : strip.part.segments)
                if (const Stored stored = addSegment(tokens); m_setup.plan.encodeUnread)
                    m_segments.need(stored.segment);
    encodeNew(task);
    addressNewKeys(task);
    for (Index i = 0; i < size && m_setup.plan.memory.keyMemory != KeyMemoryKind::Grow; ++i) {
        if (m_pieceKey[at(i)] >= 0)
            m_rowPieces[m_keyRow[at(m_pieceKey[at(i)])]].push_back(i);
    }
}

FastSweep::Stored FastSweep::addSegment(const TokenIds& tokens)
{
    return {m_segments.add(tokens), keyStore().add(m_encoder.writeTokens(tokens))};
}

void FastSweep::encodeNew(const Task& task)
{
    StageTimer timer(m_clock, m_timing.encodeSeconds);
    m_timing.tokensEncoded += m_latents.encodeNew(task, kEncodeTokens);
    if (m_encoder.kind() == KeyKind::Prefix) // the others' keys come from no network
        m_timing.tokensEncoded += m_keys.encodeNew(task, kEncodeTokens);
    else if (&keyStore() != &m_latents)
        m_keys.encodeNew(task, kEncodeTokens);
    if (&queryStore() != &keyStore())
        m_questionKeys.encodeNew(task);
}

/// `fixed`: the memory row of each key that has none yet.
void FastSweep::addressNewKeys(const Task& task)
{
    if (m_setup.plan.memory.keyMemory == KeyMemoryKind::Grow)
        return;
    address(keyStore(), m_keyRow, task);
    if (&queryStore() != &keyStore())
        address(m_questionKeys, m_questionRow, task);
}

void FastSweep::address(const LatentStore& store, std::vector<Index>& rowOf, const Task& task)
{
    StageTimer timer(m_clock, m_timing.writeSeconds);
    const auto& rows = m_setup.keyRows;
    const auto block = std::max<Index>(16, static_cast<Index>(kBlockFlops / (2.0 * static_cast<double>(rows.size()))));
    const Index size = store.size();
    for (Index first = static_cast<Index>(rowOf.size()); first < size; first += block) {
        const auto keys = store.latents(first, std::min(block, size - first));
        for (const auto& found : findNearest(rows, m_rowNorms, keys, 1))
            rowOf.push_back(found.rows.front().row);
        task.report({"address", static_cast<double>(first), static_cast<double>(size), "keys", ""});
    }
}

std::vector<TrialOutcome> FastSweep::run(std::span<const Trial> trials, const Task& task)
{
    std::vector<TrialOutcome> outcomes(trials.size());
    std::vector<Work> works;
    works.reserve(trials.size());
    for (std::size_t i = 0; i < trials.size(); ++i) {
        works.push_back(prepareWork(trials[i], outcomes[i]));
        if (i % 32 == 31)
            task.check();
    }
    encodeNew(task);
    addressNewKeys(task);
    measureQueries(works, task);
    readAnswers(works, outcomes, task);
    return outcomes;
}

FastSweep::Work FastSweep::prepareWork(const Trial& trial, TrialOutcome& outcome)
{
    const SweepPlan& plan = m_setup.plan;
    Work work {trial, trial.layout, {}, {}, {}, {}};
    for (const auto& strip : work.layout.strips) {
        work.strips.emplace_back();
        for (const auto& tokens : strip.part.segments)
            work.strips.back().push_back(addSegment(tokens));
    }
    for (const auto& text : queriesOf(trial.needle, plan.memory.keys, plan.reading)) {
        const auto query = m_encoder.query(text);
        work.queries.push_back(queryStore().add(query.tokens));
        work.prompts.push_back(m_decoder.promptOf(text));
        work.mostRows.push_back(mostRowsOf(trial.needle, plan.memory.keys, plan.reading, text));
        outcome.query.append(outcome.query.empty() ? "" : "\n").append(query.text);
    }
    outcome.depths = work.layout.depths;
    outcome.lengthAchieved = work.layout.lengthAchieved;
    outcome.rows = plan.memory.keyMemory != KeyMemoryKind::Grow ? m_setup.keyRows.rows() : work.layout.segments();
    return work;
}

void FastSweep::measureQueries(const std::vector<Work>& works, const Task& task)
{
    if (m_setup.plan.memory.keyMemory != KeyMemoryKind::Grow)
        return;
    StageTimer timer(m_clock, m_timing.readSeconds);
    std::vector<Index> all, missing;
    for (const auto& work : works)
        all.insert(all.end(), work.queries.begin(), work.queries.end());
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    std::copy_if(all.begin(), all.end(), std::back_inserter(missing), [&](Index query) { return !m_queries.contains(query); });
    const auto kept = static_cast<Index>(m_queries.size() + missing.size());
    if (kept * m_haystackKeys > kMaxQueryFloats && !missing.empty()) {
        m_queries.clear(); // the batch's own are all measured anew
        missing = all;
    }
    const auto keys = keyStore().latents(0, m_haystackKeys);
    for (std::size_t first = 0; first < missing.size(); first += at(kQueryBlock)) {
        const auto n = std::min<Index>(kQueryBlock, static_cast<Index>(missing.size() - first));
        Matrix queries(n, keys.cols());
        for (Index i = 0; i < n; ++i)
            queries.row(i) = queryStore().latent(missing[first + at(i)]);
        Matrix squared;
        approximateDistances(keys, m_keyNorms, queries, squaredNorms(queries), squared);
        for (Index i = 0; i < n; ++i)
            m_queries[missing[first + at(i)]].squared = squared.row(i);
        task.check();
    }
}

} // namespace hayloft
