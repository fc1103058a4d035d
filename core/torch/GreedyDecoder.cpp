// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/torch/GreedyDecoder.h"

#include <algorithm>

namespace hayloft {

GreedyDecoder::GreedyDecoder(Network& network, const torch::Tensor& z, std::vector<TokenIds> prompts, int bos, int eos)
    : m_network(network)
    , m_prompts(std::move(prompts))
    , m_eos(eos)
    , m_result(static_cast<std::size_t>(z.size(0)))
    , m_previous(torch::full({ z.size(0) }, bos, torch::TensorOptions().dtype(torch::kLong).device(z.device())))
{
    const auto& config = network->config;
    m_prompts.resize(m_result.size());
    std::size_t longest = 0;
    for (const auto& prompt : m_prompts)
        longest = std::max(longest, prompt.size());
    m_positions = std::min<std::int64_t>(static_cast<std::int64_t>(longest) + config.answerTokens + 1, config.decoder.positions - config.decoder.firstPosition);
    for (std::size_t i = 0; i < m_result.size(); ++i)
        m_rows.push_back(i);
    m_connector = network->connector(z, m_positions);
    const auto slots = network->slots(z).chunk(config.decoder.layers, -1);
    for (const auto& slot : slots) {
        auto cache = torch::empty({ z.size(0), m_positions + 1, config.decoder.width }, z.options());
        cache.select(1, 0).copy_(slot);
        m_keys.push_back(cache);
        m_values.push_back(cache.clone());
    }
}

torch::Tensor GreedyDecoder::step(std::int64_t position, const torch::Tensor& previous)
{
    Stack& stack = m_network->decoder;
    const auto embedded = stack.embed(m_network->tokens, previous.unsqueeze(1), position).squeeze(1);
    auto x = stack.begin(embedded + m_connector.select(1, m_connector.size(1) > 1 ? position : 0));
    for (std::size_t layer = 0; layer < m_keys.size(); ++layer)
        x = stack.block(layer).forwardStep(x, m_keys[layer], m_values[layer], position + 1);
    return m_network->logits(x);
}

std::vector<std::int64_t> GreedyDecoder::accept(std::int64_t position, const torch::Tensor& ids, const torch::Tensor& probabilities)
{
    const auto chosen = ids.to(torch::kCPU).contiguous();
    const auto likely = probabilities.to(torch::kCPU).contiguous();
    const auto* id = chosen.data_ptr<std::int64_t>();
    const auto* p = likely.data_ptr<float>();
    const bool last = position + 1 == m_positions; // it can only end
    std::vector<std::int64_t> alive, next(m_rows.size());
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        auto& result = m_result[m_rows[i]];
        const auto& prompt = m_prompts[m_rows[i]];
        const bool given = position < static_cast<std::int64_t>(prompt.size());
        next[i] = given ? prompt[static_cast<std::size_t>(position)] : id[i];
        if (!given && id[i] == m_eos) {
            result.endProbability = p[i];
            continue;
        }
        const bool full = last || static_cast<std::int64_t>(result.ids.size() - prompt.size()) == m_network->config.answerTokens;
        if (!given && full)
            continue;
        result.ids.push_back(static_cast<int>(next[i]));
        result.probabilities.push_back(given ? 1.0f : p[i]);
        alive.push_back(static_cast<std::int64_t>(i));
    }
    m_previous = torch::tensor(next, torch::kLong).to(ids.device());
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
    for (std::int64_t position = 0; position < m_positions && !m_rows.empty(); ++position) {
        const auto logits = step(position, m_previous);
        const auto [best, ids] = logits.max(-1);
        const auto probabilities = torch::exp(best - torch::logsumexp(logits, -1));
        const auto alive = accept(position, ids, probabilities);
        if (alive.size() < m_rows.size())
            keep(alive);
        task.check();
    }
    return std::move(m_result);
}

} // namespace hayloft
