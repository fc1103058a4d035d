// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/KeyBaseline.h"

#include "core/memory/RowSearch.h"

#include <algorithm>
#include <limits>

namespace hayloft {

namespace {

constexpr std::int64_t kEncodeTokens = 65536; ///< between two looks at whether to stop

std::size_t at(Index i)
{
    return static_cast<std::size_t>(i);
}

} // namespace

KeyBaseline::KeyBaseline(const SweepSetup& setup, KeyKind kind)
    : m_haystack(setup.haystack)
    , m_encoder(setup.model, kind, setup.prefixTokens)
    , m_keys(setup.model.info().latentSize, [this](const std::vector<TokenIds>& batch, const Task& task) { return m_encoder.writeKeys(batch, task); })
{
}

void KeyBaseline::prepare(const std::vector<Index>& pieces, const Task& task)
{
    m_pieceKey.assign(at(m_haystack.size()), -1);
    for (const Index piece : pieces)
        m_pieceKey[at(piece)] = m_keys.add(m_encoder.writeTokens(m_haystack.piece(piece).tokens));
    m_keys.encodeNew(task, kEncodeTokens);
    m_norms = squaredNorms(m_keys.latents(0, m_keys.size()));
    m_greatestNorm = m_norms.empty() ? 0.0f : *std::max_element(m_norms.begin(), m_norms.end());
}

void KeyBaseline::load(const std::vector<SearchedContext>& contexts)
{
    std::vector<TokenIds> parts;
    m_contexts.clear();
    for (const auto& context : contexts) {
        m_contexts.push_back({static_cast<Index>(parts.size()), context.sought, {}});
        for (const auto& part : context.parts)
            parts.push_back(m_encoder.writeTokens(part));
    }
    m_partKeys = m_encoder.writeKeys(parts);
    loadQueries(contexts);
    const auto keys = m_keys.latents(0, m_keys.size());
    approximateDistances(keys, m_norms, m_queries, squaredNorms(m_queries), m_squared);
}

void KeyBaseline::loadQueries(const std::vector<SearchedContext>& contexts)
{
    std::unordered_map<std::string, Index> rows;
    std::vector<TokenIds> distinct;
    for (std::size_t i = 0; i < contexts.size(); ++i) {
        for (const auto& query : contexts[i].queries) {
            const auto [row, isNew] = rows.emplace(query, static_cast<Index>(distinct.size()));
            if (isNew)
                distinct.push_back(m_encoder.query(query).tokens);
            m_contexts[i].queries.push_back(row->second);
        }
    }
    m_queries = m_encoder.readKeys(distinct);
}

bool KeyBaseline::isFirst(const StandingPieces& standing, std::size_t context, std::size_t query) const
{
    const Loaded& loaded = m_contexts[context];
    const Index row = loaded.queries[query];
    const RowVector key = m_queries.row(row);
    float sought = std::numeric_limits<float>::infinity(), other = sought;
    for (std::size_t i = 0; i < loaded.sought.size(); ++i) {
        float& least = loaded.sought[i] ? sought : other;
        least = std::min(least, exactDistance(key, m_partKeys.row(loaded.firstPart + static_cast<Index>(i))));
    }
    const float limit = sought + kTieDistance;
    if (other <= limit)
        return false;
    // Approximate distances say which of the haystack's keys need a closer look.
    const float squaredLimit = limit * limit + candidateSlack(limit * limit, std::max(m_greatestNorm, key.squaredNorm()));
    const auto squared = m_squared.row(row);
    return std::none_of(standing.pieces.begin(), standing.pieces.end(), [&](Index piece) {
        const Index place = m_pieceKey[at(piece)];
        return squared(place) <= squaredLimit && exactDistance(key, m_keys.latent(place)) <= limit;
    });
}

} // namespace hayloft
