// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/DocumentMemory.h"

#include "core/base/Space.h"

#include "core/recall/TrialSolver.h"

#include <algorithm>

namespace hayloft {

namespace {

constexpr std::int64_t kBatchTokens = 2048; ///< written at once: some tens of milliseconds

std::size_t at(Index i)
{
    return static_cast<std::size_t>(i);
}

Memory makeMemory(const MemorySettings& settings, const LatentModel& model, std::uint64_t seed)
{
    const bool grows = settings.keyMemory == KeyMemoryKind::Grow || settings.addressing == Addressing::PseudoInverse;
    return grows ? Memory::growing(model.info().latentSize) : Memory::fixed(keyRowsFor(settings, model, seed));
}

void checkSettings(const MemorySettings& settings, const LatentModel& model)
{
    checkPrompted(settings);
    checkLatents(settings);
    checkGenerative(settings);
    [[maybe_unused]] const AnswerDecoder takesPrompts(model, settings.prompted, effectivePrefixTokens(settings, model));
}

std::shared_ptr<const MemoryPrior> makePrior(const MemorySettings& settings, const LatentModel& model, std::uint64_t seed)
{
    checkSettings(settings, model);
    return settings.addressing == Addressing::PseudoInverse ? priorFor(settings, keyRowsFor(settings, model, seed)) : nullptr;
}

} // namespace

LatentStore DocumentMemory::keyStoreOf(const KeyEncoder& encoder) const
{
    return {m_model.info().latentSize, [encoder](const std::vector<TokenIds>& batch, const Task& task) { return encoder.writeKeys(batch, task); }};
}

DocumentMemory::DocumentMemory(const LatentModel& model, std::string text, const SegmenterOptions& segmenter,
                               const MemorySettings& memory, std::uint64_t seed, std::optional<std::uint64_t> noiseSeed)
    : m_model(model)
    , m_segmenter(segmenter)
    , m_settings(memory)
    , m_seed(seed)
    , m_noiseSeed(noiseSeed.value_or(seed))
    , m_prefixTokens(effectivePrefixTokens(memory, model))
    , m_base(std::move(text))
    , m_text(std::make_shared<const std::string>(m_base))
    , m_latents(model, memory.latents)
    , m_encoder(model, memory.keys, m_prefixTokens)
    , m_keys(keyStoreOf(m_encoder))
    , m_memory(makeMemory(memory, model, seed))
    , m_prior(makePrior(memory, model, seed))
{
    if (segmenter.maxTokens > model.info().maxTokens)
        throw Error("segments of " + std::to_string(segmenter.maxTokens) + " tokens", "segmenter",
                    "the model takes at most " + std::to_string(model.info().maxTokens));
}

void DocumentMemory::segment(const Task& task, const std::vector<std::size_t>& restarts)
{
    m_items.clear();
    const std::string_view base = m_base;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= restarts.size(); ++i) {
        const std::size_t end = i < restarts.size() ? std::clamp(restarts[i], begin, base.size()) : base.size();
        if (end == begin)
            continue;
        for (auto& cut : hayloft::segmentText(base.substr(begin, end - begin), m_model.tokenizer(), m_segmenter, task))
            m_items.push_back({base.substr(begin + cut.begin, cut.end - cut.begin), std::move(cut.tokens)});
        begin = end;
    }
    m_baseItems = static_cast<Index>(m_items.size());
    m_baseTokensBefore.assign(1, 0);
    m_order.clear();
    for (Index i = 0; i < m_baseItems; ++i) {
        m_order.push_back(i);
        m_baseTokensBefore.push_back(m_baseTokensBefore.back() + static_cast<std::int64_t>(m_items[at(i)].tokens.size()));
    }
    refreshView();
}

std::vector<DocumentMemory::Item> DocumentMemory::cut(std::string_view text, bool needle) const
{
    std::vector<Item> items;
    for (auto& segment : hayloft::segmentText(text, m_model.tokenizer(), m_segmenter)) {
        items.push_back({text.substr(segment.begin, segment.end - segment.begin), std::move(segment.tokens)});
        items.back().needle = needle;
    }
    return items;
}

/// Encodes the items' segments and keys; returns the keys' rows in the key store.
std::vector<Index> DocumentMemory::encode(const std::vector<Index>& items, const Task& task)
{
    std::vector<Index> keys;
    for (Index i : items) {
        Item& item = m_items[at(i)];
        item.latent = m_latents.add(item.tokens);
        keys.push_back(keyStore().add(m_encoder.writeTokens(item.tokens)));
    }
    const Task silent {task.stop, {}};
    m_latents.encodeNew(silent);
    if (&keyStore() != &m_latents)
        m_keys.encodeNew(silent);
    return keys;
}

void DocumentMemory::writeItems(const std::vector<Index>& items, const Task& task)
{
    const auto stored = encode(items, task);
    Matrix keys(static_cast<Index>(items.size()), m_model.info().latentSize);
    Matrix latents(keys.rows(), keys.cols());
    for (Index i = 0; i < keys.rows(); ++i) {
        keys.row(i) = keyStore().latent(stored[at(i)]);
        latents.row(i) = m_latents.latent(m_items[at(items[at(i)])].latent);
    }
    const auto rows = m_memory.writeAll(keys, latents);
    for (std::size_t i = 0; i < items.size(); ++i)
        m_items[at(items[i])].row = rows[i];
    m_unwritten -= static_cast<Index>(items.size());
}

void DocumentMemory::write(const Task& task, const WrittenFn& onBatch)
{
    std::int64_t done = 0;
    m_memory.reserve(static_cast<Index>(m_items.size() + m_items.size() / 8)); // room for a needle, too
    for (std::size_t next = 0; next < m_order.size();) {
        std::vector<Index> items;
        std::vector<std::size_t> places;
        for (std::int64_t tokens = 0; next < m_order.size() && tokens < kBatchTokens; ++next) {
            const Item& item = m_items[at(m_order[next])];
            done += static_cast<std::int64_t>(item.tokens.size());
            if (item.row >= 0 || item.tokens.empty())
                continue;
            tokens += static_cast<std::int64_t>(item.tokens.size());
            items.push_back(m_order[next]);
            places.push_back(next);
        }
        if (items.empty())
            continue;
        writeItems(items, task);
        for (std::size_t i = 0; i < items.size(); ++i)
            m_view[places[i]].row = m_items[at(items[i])].row;
        if (onBatch)
            onBatch(static_cast<Index>(next));
        task.report({"write", static_cast<double>(done), static_cast<double>(m_tokens), "tokens", ""});
    }
    noteOrder();
}

/// An answer that runs over several segments is read on in their order; the memory keeps that, and no text.
void DocumentMemory::noteOrder()
{
    if (!complete())
        return;
    std::vector<Index> rows;
    std::vector<char> glued;
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        const Item& item = m_items[at(m_order[i])];
        if (item.tokens.empty())
            continue;
        rows.push_back(item.row);
        const std::string_view next = i + 1 < m_order.size() ? m_items[at(m_order[i + 1])].text : std::string_view();
        glued.push_back(!item.text.empty() && !next.empty() && !isSpace(item.text.back()) && !isSpace(next.front()));
    }
    m_memory.setOrder(rows, glued);
}

std::optional<WriteReport> DocumentMemory::writeNext()
{
    const auto unwritten = [this](Index i) { return m_items[at(i)].row < 0 && !m_items[at(i)].tokens.empty(); };
    const auto next = std::find_if(m_order.begin(), m_order.end(), unwritten);
    if (next == m_order.end())
        return std::nullopt;
    Item& item = m_items[at(*next)];
    const Index keyRow = encode({*next}, {}).front();
    const RowVector key = keyStore().latent(keyRow);
    WriteReport report;
    report.segment = static_cast<Index>(next - m_order.begin());
    report.keyText = m_model.tokenizer().decode(m_encoder.writeTokens(item.tokens));
    if (m_memory.kind() != KeyMemoryKind::Grow) {
        const Reading nearest = m_memory.read(key, 0).front();
        report.countBefore = nearest.rowSegments;
        report.normBefore = nearest.latent.norm();
    }
    report.row = item.row = m_memory.write(key, m_latents.latent(item.latent));
    report.distance = exactDistance(key, m_memory.keyRow(report.row));
    report.normAfter = m_memory.rowNorm(report.row);
    m_view[at(report.segment)].row = report.row;
    --m_unwritten;
    noteOrder();
    return report;
}

void DocumentMemory::setMemory(const MemorySettings& memory)
{
    const int prefixTokens = effectivePrefixTokens(memory, m_model);
    Memory fresh = makeMemory(memory, m_model, m_seed);
    auto prior = makePrior(memory, m_model, m_seed);
    if (prefixTokens != m_prefixTokens || memory.keys != m_settings.keys) {
        m_encoder = KeyEncoder(m_model, memory.keys, prefixTokens);
        m_keys = keyStoreOf(m_encoder);
    }
    if (memory.latents != m_settings.latents) {
        m_latents = LatentStore(m_model, memory.latents);
        for (auto& item : m_items)
            item.latent = -1;
    }
    if (m_memory.kind() == KeyMemoryKind::Grow && fresh.kind() == KeyMemoryKind::Grow)
        m_memory.clear();
    else
        m_memory = std::move(fresh);
    m_prior = std::move(prior);
    m_settings = memory;
    m_prefixTokens = prefixTokens;
    for (auto& item : m_items)
        item.row = -1;
    refreshRows();
}

void DocumentMemory::eraseItem(Index i)
{
    Item& item = m_items[at(i)];
    if (item.row < 0)
        return;
    m_memory.erase(item.row, m_latents.latent(item.latent));
    item.row = -1;
}

Answer DocumentMemory::ask(const std::string& query, Index runnersUp, const Task& task) const
{
    if (m_prior)
        return askGenerative(query, task);
    return MemoryReader(m_model, m_memory, m_settings.keys, m_prefixTokens, rulesFor(m_settings.keys), m_settings.prompted).ask(query, runnersUp, task);
}

Answer DocumentMemory::askGenerative(const std::string& query, const Task& task) const
{
    std::vector<Index> written;
    for (const Index item : m_order)
        if (m_items[at(item)].row >= 0)
            written.push_back(m_items[at(item)].latent);
    GenerativeMemory memory(m_prior, generativeSettings(m_settings, m_noiseSeed));
    Matrix latents(static_cast<Index>(written.size()), memory.latentSize());
    for (Index i = 0; i < latents.rows(); ++i)
        latents.row(i) = m_latents.latent(written[at(i)]);
    if (latents.rows() > 0)
        memory.write(latents);
    return GenerativeReader(m_model, memory, m_settings.keys, m_prefixTokens, m_settings.reads, m_settings.prompted).ask(query, task);
}

Decoded DocumentMemory::decodeLatent(const RowVector& latent, const Task& task) const
{
    return MemoryReader(m_model, m_memory, m_settings.keys, m_prefixTokens).decode(latent, task);
}

std::vector<Index> DocumentMemory::segmentsOnRow(Index row) const
{
    std::vector<Index> found;
    for (std::size_t i = 0; i < m_view.size() && row >= 0; ++i) {
        if (m_view[i].row == row)
            found.push_back(static_cast<Index>(i));
    }
    return found;
}

RowVector DocumentMemory::latent(Index segment) const
{
    const Index row = m_items[at(m_order.at(at(segment)))].latent;
    if (row < 0 || row >= m_latents.size())
        throw Error("the segment is not encoded yet", "segment " + std::to_string(segment), "write the document first");
    return m_latents.latent(row);
}

std::string DocumentMemory::segmentText(Index segment) const
{
    return std::string(trimmed(m_items[at(m_order.at(at(segment)))].text));
}

} // namespace hayloft
