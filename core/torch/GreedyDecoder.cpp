// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/GreedyDecoder.h"

namespace hayloft {

GreedyDecoder::GreedyDecoder(Network& network, const torch::Tensor& z, int bos, int eos)
    : m_network(network)
    , m_eos(eos)
    , m_result(static_cast<std::size_t>(z.size(0)))
    , m_previous(torch::full({ z.size(0) }, bos, torch::TensorOptions().dtype(torch::kLong).device(z.device())))
{
    const auto& config = network->config;
    for (std::size_t i = 0; i < m_result.size(); ++i)
        m_rows.push_back(i);
    m_connector = network->connector(z, config.maxTokens + 1);
    const auto slots = network->slots(z).chunk(config.decoderLayers, -1);
    for (const auto& slot : slots) {
        auto cache = torch::empty({ z.size(0), config.maxTokens + 2, config.width }, z.options());
        cache.select(1, 0).copy_(slot);
        m_keys.push_back(cache);
        m_values.push_back(cache.clone());
    }
}

torch::Tensor GreedyDecoder::step(std::int64_t position, const torch::Tensor& previous)
{
    const auto& config = m_network->config;
    auto x = m_network->embedTokens(previous) + m_network->decoderPositions[position]
        + m_connector.select(1, config.positionalConnector ? position : 0);
    for (std::size_t layer = 0; layer < m_keys.size(); ++layer)
        x = m_network->decoder[layer]->as<Block>()->forwardStep(x, m_keys[layer], m_values[layer], position + 1);
    return m_network->logits(x);
}

std::vector<std::int64_t> GreedyDecoder::accept(const torch::Tensor& ids, const torch::Tensor& probabilities)
{
    const auto chosen = ids.to(torch::kCPU).contiguous();
    const auto likely = probabilities.to(torch::kCPU).contiguous();
    const auto* id = chosen.data_ptr<std::int64_t>();
    const auto* p = likely.data_ptr<float>();
    std::vector<std::int64_t> alive;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        auto& result = m_result[m_rows[i]];
        if (id[i] == m_eos) {
            result.endProbability = p[i];
            continue;
        }
        result.ids.push_back(static_cast<int>(id[i]));
        result.probabilities.push_back(p[i]);
        alive.push_back(static_cast<std::int64_t>(i));
    }
    return alive;
}

void GreedyDecoder::keep(const std::vector<std::int64_t>& rows)
{
    const auto index = torch::tensor(rows, torch::kLong).to(m_connector.device());
    std::vector<std::size_t> kept;
    for (const auto row : rows)
        kept.push_back(m_rows[static_cast<std::size_t>(row)]);
    m_rows = std::move(kept);
    m_previous = m_previous.index_select(0, index);
    m_connector = m_connector.index_select(0, index);
    for (std::size_t layer = 0; layer < m_keys.size(); ++layer) {
        m_keys[layer] = m_keys[layer].index_select(0, index);
        m_values[layer] = m_values[layer].index_select(0, index);
    }
}

std::vector<Decoded> GreedyDecoder::run(const Task& task)
{
    for (std::int64_t position = 0; position <= m_network->config.maxTokens && !m_rows.empty(); ++position) {
        const auto logits = step(position, m_previous);
        const auto [best, ids] = logits.max(-1);
        const auto probabilities = torch::exp(best - torch::logsumexp(logits, -1));
        m_previous = ids;
        // The last position can only end the text: maxTokens ids have been written.
        if (position == m_network->config.maxTokens) {
            accept(torch::full_like(ids, m_eos), torch::where(ids == m_eos, probabilities, torch::zeros_like(probabilities)));
            break;
        }
        const auto alive = accept(ids, probabilities);
        if (alive.size() < m_rows.size())
            keep(alive);
        task.check();
    }
    return std::move(m_result);
}

} // namespace hayloft
