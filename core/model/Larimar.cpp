// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/Larimar.h"

#include "core/base/Files.h"
#include "core/model/ContentKeyFile.h"
#include "core/model/GreedyDecoder.h"

#include <algorithm>
#include <numeric>

namespace hayloft {

namespace {

namespace fs = std::filesystem;

// One activation (tokens x d x 4 bytes) stays about the size of a core's second-level cache.
constexpr std::int64_t kEncodeTokens = 2048;
constexpr Index kDecodeRows = 256;
constexpr std::size_t kMinimumStatistics = 65536;

torch::Tensor viewOf(const Matrix& m, Index first, Index count)
{
    return torch::from_blob(const_cast<float*>(m.data() + first * m.cols()), { count, m.cols() }, torch::kFloat32);
}

std::unique_ptr<Tokenizer> openTokenizer(const fs::path& directory, const ModelConfig& config)
{
    const auto file = directory / ModelFileNames::tokenizer;
    auto tokenizer = openSentencePiece(file);
    if (tokenizer->size() != config.network.vocabulary)
        throw Error("the tokenizer has " + std::to_string(tokenizer->size()) + " pieces, the model " + std::to_string(config.network.vocabulary),
                    file.string(), "use the tokenizer that came with the model");
    return tokenizer;
}

} // namespace

Larimar::Larimar(const fs::path& directory, const std::string& device)
    : m_device(deviceFromName(device))
{
    const auto config = loadModelConfig(directory);
    m_tokenizer = openTokenizer(directory, config);
    torch::NoGradGuard guard;
    m_network = Network(config.network);
    loadWeights(directory, config, m_network);
    m_network->eval();
    m_network->to(m_device);
    m_info.name = config.name;
    m_info.sha256 = config.weightsSha256;
    for (const auto& p : m_network->parameters())
        m_info.parameters += p.numel();
    m_info.latentSize = static_cast<int>(config.network.latent);
    m_info.maxTokens = static_cast<int>(config.network.maxTokens);
    m_info.vocabularySize = static_cast<int>(config.network.vocabulary);
    m_info.prefixTokens = config.prefixTokens;
    m_info.directory = directory;
    m_info.device = m_device.str();
    if (!config.contentKeysSha256.empty())
        m_contentKeys = std::make_unique<ContentKeys>(loadContentKeys(directory / ModelFileNames::contentKeys), m_info.latentSize);
    if (fs::exists(directory / ModelFileNames::card))
        m_info.card = readFile(directory / ModelFileNames::card, 1 << 20);
}

void Larimar::checkSequences(const std::vector<TokenIds>& sequences) const
{
    for (const auto& s : sequences) {
        if (s.empty() || s.size() > static_cast<std::size_t>(m_info.maxTokens))
            throw Error("a segment of " + std::to_string(s.size()) + " tokens cannot be encoded", m_info.name,
                        "segments need 1 to " + std::to_string(m_info.maxTokens) + " tokens");
        for (const int id : s)
            if (id < 0 || id >= m_info.vocabularySize)
                throw Error("token id " + std::to_string(id) + " is not in the vocabulary", m_info.name, "use the model's own tokenizer");
    }
}

Matrix Larimar::encode(const std::vector<TokenIds>& sequences, const Task& task) const
{
    checkSequences(sequences);
    torch::InferenceMode guard;
    Matrix result(static_cast<Index>(sequences.size()), m_info.latentSize);
    std::vector<std::size_t> order(sequences.size());
    std::iota(order.begin(), order.end(), std::size_t { 0 });
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return sequences[a].size() > sequences[b].size(); });
    double total = 0, done = 0;
    for (const auto& s : sequences)
        total += static_cast<double>(s.size());
    for (std::size_t at = 0; at < order.size();) {
        const auto length = static_cast<std::int64_t>(sequences[order[at]].size());
        const auto most = static_cast<std::size_t>(std::max<std::int64_t>(1, kEncodeTokens / length));
        std::size_t end = at;
        std::vector<std::int64_t> ids;
        for (; end < order.size() && end - at < most && static_cast<std::int64_t>(sequences[order[end]].size()) == length; ++end)
            ids.insert(ids.end(), sequences[order[end]].begin(), sequences[order[end]].end());
        const auto count = static_cast<std::int64_t>(end - at);
        const auto input = torch::from_blob(ids.data(), { count, length }, torch::kLong).to(m_device);
        const auto z = m_network->encode(input).to(torch::kCPU).contiguous();
        for (std::size_t i = at; i < end; ++i)
            std::copy_n(z.data_ptr<float>() + static_cast<std::int64_t>(i - at) * m_info.latentSize, m_info.latentSize,
                        result.row(static_cast<Index>(order[i])).data());
        at = end;
        done += static_cast<double>(count * length);
        task.report({ "encode", done, total, "tokens", "" });
    }
    return result;
}

std::vector<Decoded> Larimar::decode(const Matrix& latents, const Task& task) const
{
    if (latents.cols() != m_info.latentSize)
        throw Error("a latent of " + std::to_string(latents.cols()) + " numbers cannot be decoded", m_info.name,
                    "this model's latents have " + std::to_string(m_info.latentSize));
    torch::InferenceMode guard;
    std::vector<Decoded> result;
    result.reserve(static_cast<std::size_t>(latents.rows()));
    for (Index at = 0; at < latents.rows(); at += kDecodeRows) {
        const auto count = std::min(kDecodeRows, latents.rows() - at);
        const auto z = viewOf(latents, at, count).to(m_device);
        GreedyDecoder decoder(m_network, z, m_tokenizer->bosId(), m_tokenizer->eosId());
        for (auto& decoded : decoder.run(task)) {
            decoded.text = m_tokenizer->decode(decoded.ids);
            result.push_back(std::move(decoded));
        }
        task.report({ "decode", static_cast<double>(at + count), static_cast<double>(latents.rows()), "answers", "" });
    }
    return result;
}

KeyStatistics Larimar::keyStatistics(int prefixTokens, const Task& task) const
{
    if (const auto found = m_statistics.find(prefixTokens); found != m_statistics.end())
        return found->second;
    auto prefixes = loadKeyPrefixes(m_info.directory);
    if (prefixes.size() < kMinimumStatistics)
        throw Error("the model has too few key prefixes", m_info.directory.string(), "train it anew");
    for (auto& prefix : prefixes)
        if (prefix.size() > static_cast<std::size_t>(prefixTokens))
            prefix.resize(static_cast<std::size_t>(prefixTokens));
    KeyStatistics statistics;
    statistics.keys = static_cast<std::int64_t>(prefixes.size());
    std::sort(prefixes.begin(), prefixes.end());
    // Mean and covariance weigh a prefix by how often training text begins with it.
    std::vector<TokenIds> distinct;
    std::vector<float> weight;
    for (const auto& prefix : prefixes) {
        if (distinct.empty() || distinct.back() != prefix) {
            distinct.push_back(prefix);
            weight.push_back(0);
        }
        weight.back() += 1;
    }
    statistics.sample = encode(distinct, task);
    const auto all = viewOf(statistics.sample, 0, statistics.sample.rows());
    const auto w = (torch::tensor(weight) / static_cast<double>(statistics.keys)).unsqueeze(1);
    const auto mean = (all * w).sum(0, true);
    const auto centred = (all - mean) * w.sqrt();
    const auto covariance = torch::matmul(centred.t(), centred);
    const auto [values, vectors] = torch::linalg_eigh(covariance);
    const auto factor = (vectors * values.clamp_min(0).sqrt()).contiguous();
    statistics.mean = Eigen::Map<const RowVector>(mean.contiguous().data_ptr<float>(), mean.numel());
    statistics.covarianceFactor = Eigen::Map<const Matrix>(factor.data_ptr<float>(), factor.size(0), factor.size(1));
    return m_statistics.emplace(prefixTokens, std::move(statistics)).first->second;
}

std::unique_ptr<LatentModel> openModel(const fs::path& directory, const std::string& device)
{
    try {
        return std::make_unique<Larimar>(directory, device);
    } catch (const c10::Error& e) {
        throw Error(std::string("LibTorch could not load the model (") + e.what_without_backtrace() + ")", directory.string(), "check the model folder");
    }
}

} // namespace hayloft
