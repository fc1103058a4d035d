// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/FastSweep.h"

#include "core/memory/RowSearch.h"

#include <algorithm>

namespace hayloft {

namespace {

constexpr Index kMaxQueryFloats = Index{1} << 26; ///< distances kept for distinct queries (256 MiB)
constexpr Index kQueryBlock = 64;
constexpr double kBlockFlops = 12e9; ///< of one search block: smaller ones spend their time reading the key rows
constexpr std::int64_t kEncodeTokens = 4096;

std::size_t at(Index i)
{
    return static_cast<std::size_t>(i);
}

} // namespace

FastSweep::FastSweep(const SweepSetup& setup, SweepClock& clock)
    : m_setup(setup)
    , m_clock(clock)
    , m_encoder(setup.model, setup.plan.memory.keys, setup.prefixTokens)
    , m_latents(setup.model)
    , m_keys(setup.model.info().latentSize, [this](const std::vector<TokenIds>& batch, const Task& task) { return m_encoder.writeKeys(batch, task); })
    , m_questionKeys(setup.model.info().latentSize, [this](const std::vector<TokenIds>& batch, const Task& task) { return m_encoder.readKeys(batch, task); })
{
    m_rowNorms = squaredNorms(setup.keyRows);
}

void FastSweep::prepare(std::span<const Trial> all, const Task& task)
{
    const Haystack& haystack = m_setup.haystack;
    const Index size = haystack.size();
    std::vector<Index> uses(at(size) + 1, 0); // +1 where a window begins, -1 after it ends
    for (const auto& trial : all) {
        const auto& layout = trial.layout;
        const Index end = layout.offset + std::min(layout.pieces, size);
        ++uses[at(layout.offset)];
        --uses[at(std::min(end, size))];
        if (end > size) {
            ++uses[0];
            --uses[at(end - size)];
        }
    }
    m_pieceLatent.assign(at(size), -1);
    m_pieceKey.assign(at(size), -1);
    for (Index i = 0, open = 0; i < size; ++i) {
        open += uses[at(i)];
        if (open == 0)
            continue;
        const TokenIds& tokens = haystack.piece(i).tokens;
        m_pieceLatent[at(i)] = m_latents.add(tokens);
        m_pieceKey[at(i)] = keyStore().add(m_encoder.writeTokens(tokens));
    }
    encodeNew(task);
    m_haystackKeys = keyStore().size();
    m_keyNorms = squaredNorms(keyStore().latents(0, m_haystackKeys));
    m_greatestNorm = *std::max_element(m_keyNorms.begin(), m_keyNorms.end());
    addressNewKeys(task);
    for (Index i = 0; i < size && m_setup.plan.memory.keyMemory == KeyMemoryKind::Fixed; ++i) {
        if (m_pieceKey[at(i)] >= 0)
            m_rowPieces[m_keyRow[at(m_pieceKey[at(i)])]].push_back(i);
    }
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
    if (m_setup.plan.memory.keyMemory != KeyMemoryKind::Fixed)
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
    {
        StageTimer timer(m_clock, m_timing.readSeconds);
        measureQueries(works, task);
        for (std::size_t i = 0; i < trials.size(); ++i) {
            if (m_setup.plan.memory.keyMemory == KeyMemoryKind::Grow)
                readGrowing(works[i], outcomes[i]);
            else
                readFixed(works[i], outcomes[i]);
            setWriteRows(trials[i], works[i], outcomes[i]);
            if (i % 16 == 15)
                task.check();
        }
    }
    decode(works, outcomes, task);
    return outcomes;
}

FastSweep::StoredPart FastSweep::store(const Part& part)
{
    StoredPart stored;
    for (const auto& tokens : part.segments) {
        stored.latents.push_back(m_latents.add(tokens));
        stored.keys.push_back(keyStore().add(m_encoder.writeTokens(tokens)));
    }
    return stored;
}

FastSweep::Work FastSweep::prepareWork(const Trial& trial, TrialOutcome& outcome)
{
    const KeyKind keys = m_setup.plan.memory.keys;
    Work work {trial.layout, {}, {}, {}, {}};
    work.opening = store(work.layout.opening);
    work.needle = store(work.layout.needle);
    work.left = store(work.layout.left);
    work.right = store(work.layout.right);
    const auto query = m_encoder.query(queryOf(trial.needle, keys));
    work.query = queryStore().add(query.tokens);
    outcome.query = query.text;
    outcome.depthAchieved = work.layout.depthAchieved;
    outcome.lengthAchieved = work.layout.lengthAchieved;
    const Index parts = static_cast<Index>(work.opening.keys.size() + work.needle.keys.size() + work.left.keys.size()
                                           + work.right.keys.size());
    outcome.rows = m_setup.plan.memory.keyMemory == KeyMemoryKind::Fixed
        ? m_setup.keyRows.rows()
        : work.layout.pieces - (work.layout.point.splits() ? 1 : 0) + parts;
    return work;
}

void FastSweep::measureQueries(const std::vector<Work>& works, const Task& task)
{
    if (m_setup.plan.memory.keyMemory != KeyMemoryKind::Grow)
        return;
    std::vector<Index> missing;
    for (const auto& work : works) {
        if (m_queries.find(work.query) == m_queries.end() && std::find(missing.begin(), missing.end(), work.query) == missing.end())
            missing.push_back(work.query);
    }
    const auto kept = static_cast<Index>(m_queries.size() + missing.size());
    if (kept * m_haystackKeys > kMaxQueryFloats && !missing.empty()) {
        m_queries.clear(); // the batch's own are all measured anew
        missing.clear();
        for (const auto& work : works) {
            if (std::find(missing.begin(), missing.end(), work.query) == missing.end())
                missing.push_back(work.query);
        }
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

Index FastSweep::rowOfPiece(const ContextLayout& layout, Index ordinal) const
{
    const auto size = [](const Part& part) { return static_cast<Index>(part.segments.size()); };
    Index row = size(layout.opening) + ordinal;
    if (layout.planted && ordinal >= layout.point.before)
        row += size(layout.needle);
    if (layout.planted && layout.point.splits() && ordinal > layout.point.before)
        row += size(layout.left) + size(layout.right) - 1;
    return row;
}

/// Pieces of the window whose distance can be the least or tied with it, with exact distances.
void FastSweep::collectNearPieces(const Work& work, QueryDistances& query, std::vector<Nearest>& found)
{
    const auto& layout = work.layout;
    const Index size = m_setup.haystack.size();
    const Index split = layout.planted && layout.point.splits() ? layout.point.before : -1;
    const auto forEach = [&](const auto& visit) {
        Index piece = layout.offset;
        for (Index ordinal = 0; ordinal < std::min(layout.pieces, size); ++ordinal) {
            const bool isSplit = ordinal == split;
            if (!isSplit || ordinal + size < layout.pieces) // a repeat of the piece that is split stays whole
                visit(piece, isSplit ? ordinal + size : ordinal);
            piece = piece + 1 == size ? 0 : piece + 1;
        }
    };
    float least = std::numeric_limits<float>::infinity();
    forEach([&](Index piece, Index) { least = std::min(least, query.squared(m_pieceKey[at(piece)])); });
    const auto queryKey = queryStore().latent(work.query);
    const float limit = least + candidateSlack(least, std::max(m_greatestNorm, queryKey.squaredNorm()));
    forEach([&](Index piece, Index ordinal) {
        const Index key = m_pieceKey[at(piece)];
        if (query.squared(key) > limit)
            return;
        const auto [distance, isNew] = query.exact.try_emplace(key, 0.0f);
        if (isNew)
            distance->second = exactDistance(queryKey, keyStore().latent(key));
        found.push_back({rowOfPiece(layout, ordinal), m_pieceLatent[at(piece)], distance->second});
    });
}

void FastSweep::collectParts(const Work& work, std::vector<Nearest>& found)
{
    const auto queryKey = queryStore().latent(work.query);
    Index row = 0;
    const auto add = [&](const StoredPart& part) {
        for (std::size_t i = 0; i < part.keys.size(); ++i)
            found.push_back({row++, part.latents[i], exactDistance(queryKey, keyStore().latent(part.keys[i]))});
    };
    add(work.opening);
    row += work.layout.point.before;
    add(work.left);
    add(work.needle);
    add(work.right);
}

void FastSweep::readGrowing(Work& work, TrialOutcome& outcome)
{
    std::vector<Nearest> found;
    collectNearPieces(work, m_queries.at(work.query), found);
    collectParts(work, found);
    float least = std::numeric_limits<float>::infinity();
    for (const auto& near : found)
        least = std::min(least, near.distance);
    const Nearest* read = nullptr;
    for (const auto& near : found) {
        if (near.distance <= least + kTieDistance && (!read || near.row < read->row))
            read = &near;
    }
    outcome.readRow = read->row;
    outcome.keyDistance = read->distance;
    outcome.rowSegments = 1;
    outcome.latent = m_latents.latent(read->latent);
    work.readout = read->latent;
}

Index FastSweep::occurrences(const ContextLayout& layout, Index piece) const
{
    const Index size = m_setup.haystack.size();
    const Index first = (piece - layout.offset + size) % size;
    const Index times = first < layout.pieces ? 1 + (layout.pieces - 1 - first) / size : 0;
    const bool split = layout.planted && layout.point.splits()
        && m_setup.haystack.pieceAt(layout.offset, layout.point.before) == piece;
    return times - (split ? 1 : 0);
}

/// The mean of the latents on the query's row, from the row's list of pieces and the parts of this trial.
void FastSweep::readFixed(Work& work, TrialOutcome& outcome)
{
    const Index row = (&queryStore() == &keyStore() ? m_keyRow : m_questionRow)[at(work.query)];
    Eigen::RowVectorXd sum = Eigen::RowVectorXd::Zero(m_setup.keyRows.cols());
    Index count = 0;
    const auto add = [&](Index latent, Index times) {
        if (times == 0)
            return;
        sum += static_cast<double>(times) * m_latents.latent(latent).cast<double>();
        count += times;
    };
    if (const auto pieces = m_rowPieces.find(row); pieces != m_rowPieces.end()) {
        for (Index piece : pieces->second)
            add(m_pieceLatent[at(piece)], occurrences(work.layout, piece));
    }
    for (const StoredPart* part : {&work.opening, &work.needle, &work.left, &work.right}) {
        for (std::size_t i = 0; i < part->keys.size(); ++i)
            add(part->latents[i], m_keyRow[at(part->keys[i])] == row ? 1 : 0);
    }
    outcome.readRow = row;
    outcome.keyDistance = exactDistance(queryStore().latent(work.query), m_setup.keyRows.row(row));
    outcome.rowSegments = count;
    outcome.latent = (sum / static_cast<double>(std::max<Index>(count, 1))).cast<float>();
}

void FastSweep::setWriteRows(const Trial& trial, const Work& work, TrialOutcome& outcome) const
{
    const bool growing = m_setup.plan.memory.keyMemory == KeyMemoryKind::Grow;
    const Index first = static_cast<Index>(work.opening.keys.size() + work.left.keys.size()) + work.layout.point.before;
    for (std::size_t i = 0; i < work.needle.keys.size(); ++i) {
        const Index row = growing ? first + static_cast<Index>(i) : m_keyRow[at(work.needle.keys[i])];
        if (i == 0)
            outcome.writeRow = row;
        if (holdsAnswer(m_setup.plan.task, trial.needle, work.layout.needle.texts[i]))
            outcome.answerRows.push_back(row);
    }
}

/// One batch. A latent that several trials read, or that was read before, is decoded once.
void FastSweep::decode(std::vector<Work>& works, std::vector<TrialOutcome>& outcomes, const Task& task)
{
    StageTimer timer(m_clock, m_timing.decodeSeconds);
    std::vector<std::size_t> decoded;
    for (std::size_t i = 0; i < works.size(); ++i) {
        if (works[i].readout < 0 || m_answers.emplace(works[i].readout, std::string()).second)
            decoded.push_back(i);
    }
    Matrix latents(static_cast<Index>(decoded.size()), m_setup.model.info().latentSize);
    for (std::size_t i = 0; i < decoded.size(); ++i)
        latents.row(static_cast<Index>(i)) = outcomes[decoded[i]].latent;
    const auto answers = m_setup.model.decode(latents, task);
    for (std::size_t i = 0; i < decoded.size(); ++i) {
        outcomes[decoded[i]].answer = answers[i].text;
        if (works[decoded[i]].readout >= 0)
            m_answers[works[decoded[i]].readout] = answers[i].text;
    }
    for (std::size_t i = 0; i < works.size(); ++i) {
        if (works[i].readout >= 0)
            outcomes[i].answer = m_answers.at(works[i].readout);
    }
}

} // namespace hayloft
