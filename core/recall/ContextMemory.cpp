// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/ContextMemory.h"

#include "core/base/Error.h"
#include "core/base/Format.h"
#include "core/recall/TrialSolver.h"

#include <algorithm>
#include <unistd.h>

namespace hayloft {

namespace {

constexpr Index kKeptLatents = 32768;
constexpr std::int64_t kEncodeTokens = 4096;
constexpr Index kWriteBlock = 2048; ///< segments

/// Of the machine; 0 where it is not known.
double physicalBytes()
{
    const long pages = ::sysconf(_SC_PHYS_PAGES), size = ::sysconf(_SC_PAGE_SIZE);
    return pages > 0 && size > 0 ? static_cast<double>(pages) * static_cast<double>(size) : 0.0;
}

/// A segment has a latent and a key in the stores and, at most, a row and a key row in the memory.
void checkSize(std::size_t segments, int latentSize)
{
    const double needed = 4.0 * static_cast<double>(segments) * latentSize * sizeof(float), have = physicalBytes();
    if (have > 0 && needed > have)
        throw Error(formatted("its %s segments need %.0f GB of memory, and this machine has %.0f", grouped(static_cast<std::int64_t>(segments)).c_str(),
                              needed / 1e9, have / 1e9),
                    "", "cut it into several");
}

} // namespace

ContextMemory::ContextMemory(const LatentModel& model, const SegmenterOptions& segmenter, const MemorySettings& settings, std::uint64_t seed)
    : m_model(model)
    , m_segmenter(segmenter)
    , m_kind(settings.keyMemory)
    , m_format(settings.latents)
    , m_prefixTokens(effectivePrefixTokens(settings, model))
    , m_encoder(model, settings.keys, m_prefixTokens)
    , m_keyRows(keyRowsFor(settings, model, seed))
{
    if (settings.addressing != Addressing::NearestRow)
        throw Error("files of questions are read by the nearest row", "memory settings", "leave out pseudo-inverse addressing");
    if (settings.prompted != DecoderPrompt::None) // their answers may be words of the question: a prompt would be one
        throw Error("answers to files of questions begin with no prompt", "memory settings", "leave out --prompted");
    checkLatents(settings);
    renewStores();
}

void ContextMemory::renewStores()
{
    m_latents.emplace(m_model, m_format);
    m_keys.emplace(m_model.info().latentSize,
                   [this](const std::vector<TokenIds>& batch, const Task& task) { return m_encoder.writeKeys(batch, task); });
}

void ContextMemory::write(const std::string& text, const Task& task)
{
    if (m_memory && text == m_text)
        return;
    m_memory.reset();
    const Cut found = cut(text, task);
    if (found.segments.empty())
        throw Error("the context is empty", "", "give a text with words");
    checkSize(found.segments.size(), m_model.info().latentSize);
    if (m_latents->size() > kKeptLatents)
        renewStores();
    writeSegments(found, task);
    m_text = text;
    ++m_writes;
}

ContextMemory::Cut ContextMemory::cut(const std::string& text, const Task& task) const
{
    Cut found;
    std::size_t end = 0;
    for (auto& segment : segmentText(text, m_model.tokenizer(), m_segmenter, {task.stop, {}})) {
        if (segment.tokens.empty())
            continue;
        if (!found.segments.empty())
            found.glued.push_back(segment.contentBegin == end);
        end = segment.contentEnd;
        found.segments.push_back(std::move(segment.tokens));
    }
    found.glued.push_back(0);
    return found;
}

void ContextMemory::writeSegments(const Cut& cut, const Task& task)
{
    std::vector<Index> latentOf, keyOf;
    m_tokens = 0;
    for (const auto& segment : cut.segments) {
        latentOf.push_back(m_latents->add(segment));
        keyOf.push_back(keyStore().add(m_encoder.writeTokens(segment)));
        m_tokens += static_cast<std::int64_t>(segment.size());
    }
    m_latents->encodeNew(task, kEncodeTokens);
    if (&keyStore() != &*m_latents)
        m_keys->encodeNew({task.stop, {}}, kEncodeTokens);

    Memory memory = m_kind == KeyMemoryKind::Grow ? Memory::growing(m_model.info().latentSize) : Memory::fixed(m_keyRows);
    const auto size = static_cast<Index>(cut.segments.size());
    if (m_kind == KeyMemoryKind::Grow)
        memory.reserve(size);
    std::vector<Index> rows;
    for (Index first = 0; first < size; first += kWriteBlock) {
        const Index n = std::min(kWriteBlock, size - first);
        Matrix keys(n, m_model.info().latentSize), latents(n, keys.cols());
        for (Index i = 0; i < n; ++i) {
            keys.row(i) = keyStore().latent(keyOf[static_cast<std::size_t>(first + i)]);
            latents.row(i) = m_latents->latent(latentOf[static_cast<std::size_t>(first + i)]);
        }
        const auto written = memory.writeAll(keys, latents);
        rows.insert(rows.end(), written.begin(), written.end());
        task.check();
    }
    memory.setOrder(rows, cut.glued);
    m_memory.emplace(std::move(memory));
}

} // namespace hayloft
