// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/SegmentDecoder.h"

#include <algorithm>

namespace hayloft {

namespace {

constexpr std::ptrdiff_t kLogitColumns = 512; ///< at once: rows x these stay in the cache; a multiple of all panels

} // namespace

SegmentDecoder::SegmentDecoder(const PackedNetwork& network, Eigen::Ref<const Matrix> latents, int bos, int eos)
    : m_network(network)
    , m_latents(latents)
    , m_eos(eos)
    , m_capacity((network.config.maxTokens + 2 + 15) / 16 * 16)
    , m_result(static_cast<std::size_t>(latents.rows()))
    , m_previous(static_cast<std::size_t>(latents.rows()), bos)
{
    const NetworkConfig& c = network.config;
    const auto rows = static_cast<std::size_t>(latents.rows());
    for (std::size_t i = 0; i < rows; ++i)
        m_rows.push_back(static_cast<std::ptrdiff_t>(i));
    const auto floats = [rows](std::int64_t perRow) { return AlignedFloats(rows * static_cast<std::size_t>(perRow)); };
    m_keys = floats(c.decoderLayers * c.width * m_capacity);
    m_values = floats(c.decoderLayers * c.width * m_capacity);
    m_z = floats(c.latent);
    m_read = floats(std::max(c.binding, c.width * c.decoderLayers));
    m_x = floats(c.width);
    m_normed = floats(c.width);
    m_qkv = floats(3 * c.width);
    m_attended = floats(c.width);
    m_hidden = floats(kHiddenAtOnce);
    m_logits = floats(kLogitColumns);
    m_scores = AlignedFloats(static_cast<std::size_t>(m_capacity));
    startCaches();
}

float* SegmentDecoder::keysOf(std::size_t layer, std::ptrdiff_t row, std::ptrdiff_t head)
{
    const NetworkConfig& c = m_network.config;
    return m_keys.data() + ((static_cast<std::ptrdiff_t>(layer) * m_latents.rows() + row) * c.width + head * (c.width / c.heads)) * m_capacity;
}

float* SegmentDecoder::valuesOf(std::size_t layer, std::ptrdiff_t row, std::ptrdiff_t head)
{
    return m_values.data() + (keysOf(layer, row, head) - m_keys.data());
}

/// The slot of each layer is the first key and the first value. What a cache has not been given yet is 0.
void SegmentDecoder::startCaches()
{
    const NetworkConfig& c = m_network.config;
    std::fill_n(m_keys.data(), m_keys.size(), 0.0f);
    std::fill_n(m_values.data(), m_values.size(), 0.0f);
    const std::ptrdiff_t width = c.width / c.heads;
    for (std::ptrdiff_t row = 0; row < m_latents.rows(); ++row)
        std::copy_n(m_latents.row(row).data(), c.latent, m_z.data() + row * c.latent);
    m_network.kernels.multiply(m_network.slot.times(m_z.data(), m_read.data()), m_latents.rows());
    for (std::ptrdiff_t row = 0; row < m_latents.rows(); ++row) {
        const float* slot = m_read.data() + row * c.width * c.decoderLayers;
        for (std::size_t layer = 0; layer < m_network.decoder.size(); ++layer) {
            for (std::ptrdiff_t head = 0; head < c.heads; ++head) {
                for (std::ptrdiff_t d = 0; d < width; ++d, ++slot) {
                    keysOf(layer, row, head)[d * m_capacity] = *slot;
                    valuesOf(layer, row, head)[d] = *slot;
                }
            }
        }
    }
}

/// x = token + position + LayerNorm(z U_t).
void SegmentDecoder::connect(std::ptrdiff_t position)
{
    const NetworkConfig& c = m_network.config;
    const Kernels& kernels = m_network.kernels;
    const auto rows = static_cast<std::ptrdiff_t>(m_rows.size());
    for (std::ptrdiff_t i = 0; i < rows; ++i)
        std::copy_n(m_latents.row(m_rows[static_cast<std::size_t>(i)]).data(), c.latent, m_z.data() + i * c.latent);
    const PackedMatrix& unbind = m_network.unbind[c.positionalConnector ? static_cast<std::size_t>(position) : 0];
    kernels.multiply(unbind.times(m_z.data(), m_read.data()), rows);
    kernels.multiply(m_network.unproject.times(m_read.data(), m_normed.data()), rows);
    kernels.normalise(m_normed.data(), rows, c.width, m_network.latentNorm.by(), m_x.data());
    const float* at = m_network.decoderPositions.data() + position * c.width;
    for (std::ptrdiff_t i = 0; i < rows; ++i) {
        const float* token = m_network.tokens.data() + m_previous[static_cast<std::size_t>(i)] * c.width;
        float* x = m_x.data() + i * c.width;
        for (std::ptrdiff_t j = 0; j < c.width; ++j)
            x[j] += token[j] + at[j];
    }
}

void SegmentDecoder::attend(std::size_t layer, std::ptrdiff_t position)
{
    const NetworkConfig& c = m_network.config;
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
    const NetworkConfig& c = m_network.config;
    const Kernels& kernels = m_network.kernels;
    const auto rows = static_cast<std::ptrdiff_t>(m_rows.size());
    float* const x = m_x.data();
    for (std::size_t layer = 0; layer < m_network.decoder.size(); ++layer) {
        const PackedBlock& block = m_network.decoder[layer];
        kernels.normalise(x, rows, c.width, block.norm1.by(), m_normed.data());
        kernels.multiply(block.qkv.times(m_normed.data(), m_qkv.data()), rows);
        attend(layer, position);
        finishBlock(kernels, block, m_attended.data(), rows, m_normed.data(), m_hidden.data(), x);
    }
}

void SegmentDecoder::chooseTokens()
{
    const NetworkConfig& c = m_network.config;
    const auto rows = static_cast<std::ptrdiff_t>(m_rows.size());
    m_network.kernels.normalise(m_x.data(), rows, c.width, m_network.decoderNorm.by(), m_normed.data());
    m_choices.assign(m_rows.size(), {});
    for (std::ptrdiff_t first = 0; first < c.vocabulary; first += kLogitColumns) {
        const std::ptrdiff_t n = std::min<std::ptrdiff_t>(kLogitColumns, c.vocabulary - first);
        m_network.kernels.multiply(m_network.output.columns(first, n, m_normed.data(), m_logits.data(), kLogitColumns), rows);
        for (std::size_t i = 0; i < m_rows.size(); ++i)
            m_network.kernels.choose(m_logits.data() + static_cast<std::ptrdiff_t>(i) * kLogitColumns, n, static_cast<int>(first), m_choices[i]);
    }
}

/// Notes the chosen ids; rows that have ended, or are full, leave.
void SegmentDecoder::accept(std::ptrdiff_t position)
{
    const bool full = position == m_network.config.maxTokens; // maxTokens ids have been written: it can only end
    std::size_t kept = 0;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        Decoded& result = m_result[static_cast<std::size_t>(m_rows[i])];
        const GreedyChoice& choice = m_choices[i];
        if (choice.column == m_eos) {
            result.endProbability = 1.0f / choice.sum;
        } else if (!full) {
            result.ids.push_back(choice.column);
            result.probabilities.push_back(1.0f / choice.sum);
            m_previous[kept] = choice.column;
            m_rows[kept++] = m_rows[i];
        }
    }
    m_rows.resize(kept);
    m_previous.resize(kept);
}

std::vector<Decoded> SegmentDecoder::run(const Task& task)
{
    for (std::ptrdiff_t position = 0; position <= m_network.config.maxTokens && !m_rows.empty(); ++position) {
        connect(position);
        runLayers(position);
        chooseTokens();
        accept(position);
        task.check();
    }
    return std::move(m_result);
}

} // namespace hayloft
