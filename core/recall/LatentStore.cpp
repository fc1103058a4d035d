// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/LatentStore.h"

#include "core/base/Error.h"
#include "core/base/Random.h"

#include <algorithm>
#include <string>

namespace hayloft {

namespace {

constexpr float kGreatestHalf = 65504;

} // namespace

std::size_t TokenHash::operator()(const TokenIds& tokens) const
{
    std::uint64_t hash = tokens.size();
    for (int id : tokens)
        hash = mixSeed(hash, static_cast<std::uint64_t>(id));
    return static_cast<std::size_t>(hash);
}

LatentFormat latentFormatFromName(std::string_view name)
{
    for (const auto format : {LatentFormat::Float32, LatentFormat::Float16})
        if (name == nameOf(format))
            return format;
    throw Error("unknown format of latents", std::string(name), "use float32 or float16");
}

std::string_view nameOf(LatentFormat format) { return format == LatentFormat::Float16 ? "float16" : "float32"; }

LatentStore::LatentStore(const LatentModel& model, LatentFormat format)
    : LatentStore(model.info().latentSize, [&model](const std::vector<TokenIds>& batch, const Task& task) { return model.encode(batch, task); })
{
    m_format = format;
}

RowVector LatentStore::latent(Index row) const
{
    return m_format == LatentFormat::Float16 ? RowVector(m_halves.row(row).cast<float>()) : RowVector(m_latents.row(row));
}

void LatentStore::reserve(Index rows)
{
    const Index capacity = std::max(rows, m_encoded + m_encoded / 2);
    if (m_format == LatentFormat::Float16 && rows > m_halves.rows())
        m_halves.conservativeResize(capacity, m_size);
    else if (m_format == LatentFormat::Float32 && rows > m_latents.rows())
        m_latents.conservativeResize(capacity, m_size);
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
    reserve(needed);
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
        const Index row = m_encoded + static_cast<Index>(first), count = static_cast<Index>(batch.size());
        if (m_format == LatentFormat::Float16) {
            const Matrix encoded = m_encode(batch, inner);
            if (!(encoded.cwiseAbs().maxCoeff() <= kGreatestHalf))
                throw Error("this model's latents are too large for float16", "latents", "leave --latents out");
            m_halves.middleRows(row, count) = encoded.cast<Eigen::half>();
        } else
            m_latents.middleRows(row, count) = m_encode(batch, inner);
        done += tokens;
        first = last;
    }
    m_encoded = needed;
    m_new.clear();
    return total;
}

} // namespace hayloft
