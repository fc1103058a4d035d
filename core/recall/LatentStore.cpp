// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/LatentStore.h"

#include "core/base/Random.h"

#include <algorithm>

namespace hayloft {

std::size_t TokenHash::operator()(const TokenIds& tokens) const
{
    std::uint64_t hash = tokens.size();
    for (int id : tokens)
        hash = mixSeed(hash, static_cast<std::uint64_t>(id));
    return static_cast<std::size_t>(hash);
}

LatentStore::LatentStore(const LatentModel& model)
    : LatentStore(model.info().latentSize, [&model](const std::vector<TokenIds>& batch, const Task& task) { return model.encode(batch, task); })
{
}

Index LatentStore::add(const TokenIds& tokens)
{
    const auto [it, isNew] = m_rows.emplace(tokens, m_encoded + static_cast<Index>(m_new.size()));
    if (isNew)
        m_new.push_back(tokens);
    return it->second;
}

std::int64_t LatentStore::encodeNew(const Task& task, std::int64_t maxTokens)
{
    std::int64_t total = 0, done = 0;
    for (const auto& tokens : m_new)
        total += static_cast<std::int64_t>(tokens.size());
    const Index needed = m_encoded + static_cast<Index>(m_new.size());
    if (needed > m_latents.rows())
        m_latents.conservativeResize(std::max(needed, m_encoded + m_encoded / 2), m_size);
    for (std::size_t first = 0; first < m_new.size();) {
        std::size_t last = first;
        std::int64_t tokens = 0;
        while (last < m_new.size() && (tokens == 0 || maxTokens == 0 || tokens < maxTokens))
            tokens += static_cast<std::int64_t>(m_new[last++].size());
        const std::vector<TokenIds> batch(m_new.begin() + static_cast<std::ptrdiff_t>(first), m_new.begin() + static_cast<std::ptrdiff_t>(last));
        Task inner {task.stop, {}};
        if (task.progress)
            inner.progress = [&](const Progress& p) {
                task.progress({"encode", static_cast<double>(done) + p.done, static_cast<double>(total), "tokens", p.note});
            };
        m_latents.middleRows(m_encoded + static_cast<Index>(first), static_cast<Index>(batch.size())) = m_encode(batch, inner);
        done += tokens;
        first = last;
    }
    m_encoded = needed;
    m_new.clear();
    return total;
}

} // namespace hayloft
