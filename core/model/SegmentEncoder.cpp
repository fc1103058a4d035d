// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/SegmentEncoder.h"

#include <algorithm>
#include <cmath>

namespace hayloft {

namespace {

/// Rows that the layers take at once: enough for full tiles, few enough for a second-level cache of 1 MiB.
constexpr std::ptrdiff_t kRows = 192;

void reserve(AlignedFloats& floats, std::ptrdiff_t count)
{
    if (floats.size() < static_cast<std::size_t>(count))
        floats = AlignedFloats(static_cast<std::size_t>(count));
}

} // namespace

void SegmentEncoder::encode(std::span<const TokenIds* const> batch, std::span<float* const> latents)
{
    const NetworkConfig& c = m_network.config;
    const auto count = static_cast<std::ptrdiff_t>(batch.size());
    const auto length = static_cast<std::ptrdiff_t>(batch.front()->size());
    reserve(m_kept, count * (c.readout == LatentReadout::Bound ? length * c.binding : c.encoder.width));
    reserve(m_pooled, c.readout == LatentReadout::Bound ? 0 : count * c.encoder.width);
    reserve(m_latents, count * c.latent);
    const std::ptrdiff_t together = std::max<std::ptrdiff_t>(1, kRows / length);
    for (std::ptrdiff_t first = 0; first < count; first += together) {
        const auto segments = batch.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(std::min(together, count - first)));
        runLayers(segments);
        keepForReadout(segments, first);
    }
    readOut(count, length, latents);
}

/// @param first of the segments in the batch.
void SegmentEncoder::keepForReadout(std::span<const TokenIds* const> segments, std::ptrdiff_t first)
{
    const NetworkConfig& c = m_network.config;
    const PackedStack& stack = m_network.encoder;
    const auto count = static_cast<std::ptrdiff_t>(segments.size()), length = static_cast<std::ptrdiff_t>(segments.front()->size());
    const float* out = m_x.data();
    if (stack.config.finalNorm) {
        m_network.kernels.normalise(m_x.data(), count * length, stack.config.width, stack.finalNorm.by(), m_normed.data());
        out = m_normed.data();
    }
    if (c.readout == LatentReadout::Bound) {
        m_multiply(m_network.project.times(out, m_kept.data() + first * length * c.binding), count * length);
        return;
    }
    for (std::ptrdiff_t i = 0; i < count; ++i)
        std::copy_n(out + i * length * stack.config.width, stack.config.width, m_kept.data() + (first + i) * stack.config.width);
}

void SegmentEncoder::readOut(std::ptrdiff_t count, std::ptrdiff_t length, std::span<float* const> latents)
{
    const NetworkConfig& c = m_network.config;
    if (c.readout == LatentReadout::Bound) {
        const std::ptrdiff_t bound = length * c.binding;
        m_multiply(m_network.bind.times(m_kept.data(), bound, bound, m_latents.data(), c.latent), count);
        for (std::ptrdiff_t i = 0; i < count; ++i)
            m_network.kernels.normalise(m_latents.data() + i * c.latent, 1, c.latent, {}, latents[static_cast<std::size_t>(i)]);
        return;
    }
    m_multiply(m_network.pooler.times(m_kept.data(), m_pooled.data()), count);
    for (std::ptrdiff_t j = 0; j < count * c.encoder.width; ++j)
        m_pooled.data()[j] = std::tanh(m_pooled.data()[j]);
    m_multiply(m_network.toLatent.times(m_pooled.data(), m_latents.data()), count);
    for (std::ptrdiff_t i = 0; i < count; ++i)
        std::copy_n(m_latents.data() + i * c.latent, c.latent, latents[static_cast<std::size_t>(i)]);
}

void SegmentEncoder::embed(std::span<const TokenIds* const> segments)
{
    const PackedStack& stack = m_network.encoder;
    const auto width = static_cast<std::size_t>(stack.config.width);
    float* x = m_x.data();
    for (const TokenIds* segment : segments) {
        const float* position = stack.positions.data() + static_cast<std::size_t>(stack.config.firstPosition) * width;
        for (const int id : *segment) {
            const float* token = stack.tokens->data() + static_cast<std::size_t>(id) * width;
            for (std::size_t j = 0; j < width; ++j)
                x[j] = token[j] + position[j];
            x += width;
            position += width;
        }
    }
    if (stack.config.embeddingNorm)
        m_network.kernels.normalise(m_x.data(), (x - m_x.data()) / stack.config.width, stack.config.width, stack.embeddingNorm.by(), m_x.data());
}

void SegmentEncoder::runLayers(std::span<const TokenIds* const> segments)
{
    const StackConfig& c = m_network.encoder.config;
    const auto length = static_cast<std::ptrdiff_t>(segments.front()->size());
    const std::ptrdiff_t rows = static_cast<std::ptrdiff_t>(segments.size()) * length;
    reserve(m_x, rows * c.width);
    reserve(m_normed, rows * c.width);
    reserve(m_qkv, rows * 3 * c.width);
    reserve(m_attended, rows * c.width);
    reserve(m_hidden, rows * kHiddenAtOnce);
    embed(segments);
    for (const PackedBlock& block : m_network.encoder.blocks) {
        startBlock(m_multiply, block, m_x.data(), rows, m_normed.data(), m_qkv.data());
        for (std::size_t i = 0; i < segments.size(); ++i)
            attendOne(m_qkv.data() + static_cast<std::ptrdiff_t>(i) * length * 3 * c.width, length,
                      m_attended.data() + static_cast<std::ptrdiff_t>(i) * length * c.width);
        finishBlock(m_multiply, block, m_attended.data(), rows, m_normed.data(), m_hidden.data(), m_x.data());
    }
}

/// softmax(Q K^T / sqrt(width)) V of each head of one segment.
void SegmentEncoder::attendOne(const float* qkv, std::ptrdiff_t length, float* out)
{
    const StackConfig& c = m_network.encoder.config;
    const Kernels& kernels = m_network.kernels;
    const std::ptrdiff_t width = c.width / c.heads, stride = 3 * c.width, panel = kernels.panel;
    const auto upTo = [panel](std::ptrdiff_t n) { return (n + panel - 1) / panel * panel; };
    reserve(m_keys, upTo(length) * width);
    reserve(m_values, upTo(width) * length);
    reserve(m_scores, length * upTo(length));
    for (std::ptrdiff_t head = 0; head < c.heads; ++head) {
        const float* q = qkv + head * width;
        const float* k = q + c.width;
        const float* v = k + c.width;
        std::fill_n(m_keys.data(), upTo(length) * width, 0.0f);
        for (std::ptrdiff_t s = 0; s < length; ++s)
            for (std::ptrdiff_t d = 0; d < width; ++d)
                m_keys.data()[s / panel * panel * width + d * panel + s % panel] = k[s * stride + d];
        for (std::ptrdiff_t first = 0; first < width; first += panel)
            for (std::ptrdiff_t s = 0; s < length; ++s)
                std::copy_n(v + s * stride + first, std::min(panel, width - first), m_values.data() + first * length + s * panel);
        Product scores { q, stride, m_keys.data(), panel * width, width, length, m_scores.data(), upTo(length) };
        kernels.multiply(scores, length);
        kernels.softmax(m_scores.data(), length, upTo(length), length, 1.0f / std::sqrt(static_cast<float>(width)));
        Product read { m_scores.data(), upTo(length), m_values.data(), panel * length, length, width, out + head * width, c.width };
        kernels.multiply(read, length);
    }
}

} // namespace hayloft
