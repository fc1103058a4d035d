// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/SegmentDecoder.h"

#include <algorithm>

namespace hayloft {

namespace {

constexpr std::ptrdiff_t kLogitColumns = 512; ///< at once: rows x these stay in the cache; a multiple of all panels
/// BOS, prompt and answer, as far as the decoder has positions.
std::ptrdiff_t positionsFor(const NetworkConfig& config, std::size_t prompt)
{
    const auto wanted = static_cast<std::ptrdiff_t>(prompt) + config.answerTokens + 1;
    return std::min<std::ptrdiff_t>(wanted, config.decoder.positions - config.decoder.firstPosition);
}

std::ptrdiff_t capacityFor(std::ptrdiff_t positions) { return (positions + 1 + 15) / 16 * 16; }

std::size_t longestOf(std::span<const TokenIds> prompts)
{
    std::size_t longest = 0;
    for (const TokenIds& prompt : prompts)
        longest = std::max(longest, prompt.size());
    return longest;
}

} // namespace

double SegmentDecoder::cacheBytes(const NetworkConfig& config, std::size_t prompt)
{
    return 2.0 * sizeof(float) * static_cast<double>(config.decoder.layers * config.decoder.width * capacityFor(positionsFor(config, prompt)));
}

SegmentDecoder::SegmentDecoder(const PackedNetwork& network, Eigen::Ref<const Matrix> latents, std::span<const TokenIds> prompts, int bos, int eos,
                               ThreadTeam* team)
    : m_network(network)
    , m_config(network.decoder.config)
    , m_multiply(network.kernels, team)
    , m_latents(latents)
    , m_prompts(prompts)
    , m_eos(eos)
    , m_positions(positionsFor(network.config, longestOf(prompts)))
    , m_capacity(capacityFor(m_positions))
    , m_result(static_cast<std::size_t>(latents.rows()))
    , m_previous(static_cast<std::size_t>(latents.rows()), bos)
{
    const NetworkConfig& c = network.config;
    const auto rows = static_cast<std::size_t>(latents.rows());
    for (std::size_t i = 0; i < rows; ++i)
        m_rows.push_back(static_cast<std::ptrdiff_t>(i));
    const auto floats = [rows](std::int64_t perRow) { return AlignedFloats(rows * static_cast<std::size_t>(perRow)); };
    m_keys = floats(m_config.layers * m_config.width * m_capacity);
    m_values = floats(m_config.layers * m_config.width * m_capacity);
    m_z = floats(c.latent);
    m_read = floats(std::max(c.binding, m_config.width * m_config.layers));
    m_x = floats(m_config.width);
    m_normed = floats(m_config.width);
    m_qkv = floats(3 * m_config.width);
    m_attended = floats(m_config.width);
    m_hidden = floats(kHiddenAtOnce);
    m_logits = floats(kLogitColumns);
    m_scores = AlignedFloats(static_cast<std::size_t>(m_capacity));
    startCaches();
    if (c.connector == LatentConnector::Embedding)
        embedLatents();
}

const TokenIds& SegmentDecoder::promptOf(std::ptrdiff_t row) const
{
    return m_prompts.empty() ? m_noPrompt : m_prompts[static_cast<std::size_t>(row)];
}

float* SegmentDecoder::keysOf(std::size_t layer, std::ptrdiff_t row, std::ptrdiff_t head)
{
    const StackConfig& c = m_config;
    return m_keys.data() + ((static_cast<std::ptrdiff_t>(layer) * m_latents.rows() + row) * c.width + head * (c.width / c.heads)) * m_capacity;
}

float* SegmentDecoder::valuesOf(std::size_t layer, std::ptrdiff_t row, std::ptrdiff_t head)
{
    return m_values.data() + (keysOf(layer, row, head) - m_keys.data());
}

/// The slot of each layer is the first key and the first value. What a cache has not been given yet is 0.
void SegmentDecoder::startCaches()
{
    const std::int64_t latent = m_network.config.latent;
    std::fill_n(m_keys.data(), m_keys.size(), 0.0f);
    std::fill_n(m_values.data(), m_values.size(), 0.0f);
    const std::ptrdiff_t width = m_config.width / m_config.heads;
    for (std::ptrdiff_t row = 0; row < m_latents.rows(); ++row)
        std::copy_n(m_latents.row(row).data(), latent, m_z.data() + row * latent);
    m_multiply(m_network.slot.times(m_z.data(), m_read.data()), m_latents.rows());
    for (std::ptrdiff_t row = 0; row < m_latents.rows(); ++row) {
        const float* slot = m_read.data() + row * m_config.width * m_config.layers;
        for (std::size_t layer = 0; layer < m_network.decoder.blocks.size(); ++layer) {
            for (std::ptrdiff_t head = 0; head < m_config.heads; ++head) {
                for (std::ptrdiff_t d = 0; d < width; ++d, ++slot) {
                    keysOf(layer, row, head)[d * m_capacity] = *slot;
                    valuesOf(layer, row, head)[d] = *slot;
                }
            }
        }
    }
}

/// z E, which every position of a row gets. m_z holds all latents.
void SegmentDecoder::embedLatents()
{
    m_embedded = AlignedFloats(static_cast<std::size_t>(m_latents.rows() * m_config.width));
    m_multiply(m_network.latentEmbedding.times(m_z.data(), m_embedded.data()), m_latents.rows());
}

/// x = token + position + what z adds.
void SegmentDecoder::connect(std::ptrdiff_t position)
{
    const NetworkConfig& c = m_network.config;
    const std::ptrdiff_t width = m_config.width;
    const auto rows = static_cast<std::ptrdiff_t>(m_rows.size());
    if (c.connector == LatentConnector::Positional) {
        for (std::ptrdiff_t i = 0; i < rows; ++i)
            std::copy_n(m_latents.row(m_rows[static_cast<std::size_t>(i)]).data(), c.latent, m_z.data() + i * c.latent);
        m_multiply(m_network.unbind[static_cast<std::size_t>(position)].times(m_z.data(), m_read.data()), rows);
        m_multiply(m_network.unproject.times(m_read.data(), m_normed.data()), rows);
        m_network.kernels.normalise(m_normed.data(), rows, width, m_network.latentNorm.by(), m_x.data());
    } else {
        for (std::ptrdiff_t i = 0; i < rows; ++i)
            std::copy_n(m_embedded.data() + m_rows[static_cast<std::size_t>(i)] * width, width, m_x.data() + i * width);
    }
    const float* at = m_network.decoder.positions.data() + (m_config.firstPosition + position) * width;
    for (std::ptrdiff_t i = 0; i < rows; ++i) {
        const float* token = m_network.decoder.tokens->data() + m_previous[static_cast<std::size_t>(i)] * width;
        float* x = m_x.data() + i * width;
        for (std::ptrdiff_t j = 0; j < width; ++j)
            x[j] += token[j] + at[j];
    }
    if (m_config.embeddingNorm)
        m_network.kernels.normalise(m_x.data(), rows, width, m_network.decoder.embeddingNorm.by(), m_x.data());
}

void SegmentDecoder::attend(std::size_t layer, std::ptrdiff_t position)
{
    const StackConfig& c = m_config;
    const std::ptrdiff_t width = c.width / c.heads, used = position + 1; // the slot came first
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const auto at = static_cast<std::ptrdiff_t>(i);
        for (std::ptrdiff_t head = 0; head < c.heads; ++head) {
            const float* q = m_qkv.data() + at * 3 * c.width + head * width;
            float* keys = keysOf(layer, m_rows[i], head);
            float* values = valuesOf(layer, m_rows[i], head);
            for (std::ptrdiff_t d = 0; d < width; ++d) {
                keys[d * m_capacity + used] = q[c.width + d];
                values[used * width + d] = q[2 * c.width + d];
            }
            m_network.kernels.attend({ q, keys, values, used + 1, m_capacity, width, m_scores.data(), m_attended.data() + at * c.width + head * width });
        }
    }
}

void SegmentDecoder::runLayers(std::ptrdiff_t position)
{
    const auto rows = static_cast<std::ptrdiff_t>(m_rows.size());
    for (std::size_t layer = 0; layer < m_network.decoder.blocks.size(); ++layer) {
        const PackedBlock& block = m_network.decoder.blocks[layer];
        startBlock(m_multiply, block, m_x.data(), rows, m_normed.data(), m_qkv.data());
        attend(layer, position);
        finishBlock(m_multiply, block, m_attended.data(), rows, m_normed.data(), m_hidden.data(), m_x.data());
    }
}

void SegmentDecoder::chooseTokens()
{
    const auto rows = static_cast<std::ptrdiff_t>(m_rows.size());
    const float* out = m_x.data();
    if (m_config.finalNorm) {
        m_network.kernels.normalise(m_x.data(), rows, m_config.width, m_network.decoder.finalNorm.by(), m_normed.data());
        out = m_normed.data();
    }
    m_choices.assign(m_rows.size(), {});
    for (std::ptrdiff_t first = 0; first < m_config.vocabulary; first += kLogitColumns) {
        const std::ptrdiff_t n = std::min<std::ptrdiff_t>(kLogitColumns, m_config.vocabulary - first);
        m_multiply(m_network.output.columns(first, n, out, m_logits.data(), kLogitColumns), rows);
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            const float* logits = m_logits.data() + static_cast<std::ptrdiff_t>(i) * kLogitColumns;
            m_network.kernels.choose(logits, n, static_cast<int>(first), m_choices[i]);
            if (m_kept)
                std::copy_n(logits, n, m_kept->row(m_rows[i]).data() + first);
        }
    }
}

bool SegmentDecoder::isPrompted(std::size_t i, std::ptrdiff_t position) const { return position < std::ssize(promptOf(m_rows[i])); }

/// Whether no row chooses at this position: the next token is given.
bool SegmentDecoder::allArePrompted(std::ptrdiff_t position) const
{
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        if (!isPrompted(i, position))
            return false;
    return true;
}

/// Notes the chosen ids; rows that have ended, or are full, leave.
void SegmentDecoder::accept(std::ptrdiff_t position)
{
    const bool last = position + 1 == m_positions; // it can only end
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        Decoded& result = m_result[static_cast<std::size_t>(m_rows[i])];
        const TokenIds& prompt = promptOf(m_rows[i]);
        const bool given = isPrompted(i, position);
        const bool full = last || std::ssize(result.ids) - std::ssize(prompt) == m_network.config.answerTokens;
        if (!given && m_choices[i].column == m_eos) {
            result.endProbability = 1.0f / m_choices[i].sum;
        } else if (given || !full) {
            const int id = given ? prompt[static_cast<std::size_t>(position)] : m_choices[i].column;
            result.ids.push_back(id);
            result.probabilities.push_back(given ? 1.0f : 1.0f / m_choices[i].sum);
            m_previous[kept] = id;
            m_rows[kept++] = m_rows[i];
        }
    }
    m_rows.resize(kept);
    m_previous.resize(kept);
}

std::vector<Decoded> SegmentDecoder::run(const Task& task)
{
    for (std::ptrdiff_t position = 0; position < m_positions && !m_rows.empty(); ++position) {
        connect(position);
        runLayers(position);
        if (!allArePrompted(position))
            chooseTokens();
        accept(position);
        task.check();
    }
    return std::move(m_result);
}

Matrix SegmentDecoder::logitsAfterPrompts(const Task& task)
{
    Matrix logits(m_latents.rows(), m_config.vocabulary);
    m_kept = &logits;
    for (std::ptrdiff_t position = 0; position < m_positions && !m_rows.empty(); ++position) {
        connect(position);
        runLayers(position);
        if (!allArePrompted(position))
            chooseTokens();
        std::size_t kept = 0;
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            if (isPrompted(i, position)) {
                m_previous[kept] = promptOf(m_rows[i])[static_cast<std::size_t>(position)];
                m_rows[kept++] = m_rows[i];
            }
        }
        m_rows.resize(kept);
        task.check();
    }
    m_kept = nullptr;
    return logits;
}

} // namespace hayloft
