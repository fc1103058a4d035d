// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/Larimar.h"

#include "core/base/Files.h"
#include "core/memory/RowSearch.h"
#include "core/model/ContentKeyFile.h"

#include <algorithm>
#include <Eigen/Cholesky>
#include <numeric>

namespace hayloft {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMinimumStatistics = 65536;

std::unique_ptr<Tokenizer> openTokenizer(const fs::path& directory, const ModelConfig& config)
{
    const auto file = directory / ModelFileNames::tokenizer;
    auto tokenizer = openSentencePiece(file);
    if (tokenizer->size() != config.network.vocabulary)
        throw Error("the tokenizer has " + std::to_string(tokenizer->size()) + " pieces, the model " + std::to_string(config.network.vocabulary),
                    file.string(), "use the tokenizer that came with the model");
    return tokenizer;
}

/// A factor F with F F^T = covariance, which may be singular (a latent's numbers sum to 0).
Matrix factorOf(const Matrix& covariance)
{
    const Eigen::LDLT<Eigen::MatrixXf> parts(covariance);
    const Eigen::MatrixXf lower = parts.matrixL();
    const Eigen::MatrixXf scaled = lower * parts.vectorD().cwiseMax(0.0f).cwiseSqrt().asDiagonal();
    return parts.transpositionsP().transpose() * scaled;
}

} // namespace

Larimar::Larimar(const fs::path& directory, const std::string& device)
    : m_config(loadModelConfig(directory))
    , m_tokenizer(openTokenizer(directory, m_config))
{
    m_info.name = m_config.name;
    m_info.sha256 = m_config.weightsSha256;
    for (const auto& [name, shape] : networkShapes(m_config.network))
        m_info.parameters += std::accumulate(shape.begin(), shape.end(), std::int64_t { 1 }, std::multiplies<>());
    m_info.latentSize = static_cast<int>(m_config.network.latent);
    m_info.maxTokens = static_cast<int>(m_config.network.maxTokens);
    m_info.vocabularySize = static_cast<int>(m_config.network.vocabulary);
    m_info.prefixTokens = m_config.prefixTokens;
    m_info.directory = directory;
    m_info.device = device;
    if (!m_config.contentKeysSha256.empty())
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
    Matrix latents(static_cast<Index>(sequences.size()), m_info.latentSize);
    std::vector<std::size_t> order(sequences.size());
    std::iota(order.begin(), order.end(), std::size_t { 0 });
    std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return sequences[a].size() > sequences[b].size(); });
    std::vector<Batch> batches;
    for (const std::size_t i : order) {
        const std::size_t length = sequences[i].size();
        if (batches.empty() || sequences[batches.back().front()].size() != length || (batches.back().size() + 1) * length > batchTokens())
            batches.emplace_back();
        batches.back().push_back(i);
    }
    encodeBatches(sequences, batches, latents, task);
    return latents;
}

std::vector<Decoded> Larimar::decode(const Matrix& latents, const Task& task) const
{
    if (latents.cols() != m_info.latentSize)
        throw Error("a latent of " + std::to_string(latents.cols()) + " numbers cannot be decoded", m_info.name,
                    "this model's latents have " + std::to_string(m_info.latentSize));
    auto result = decodeRows(latents, task);
    for (auto& decoded : result)
        decoded.text = m_tokenizer->decode(decoded.ids);
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
    const Eigen::VectorXf share = Eigen::Map<const Eigen::VectorXf>(weight.data(), static_cast<Index>(weight.size())) / static_cast<float>(statistics.keys);
    statistics.mean = share.transpose() * statistics.sample;
    const Matrix centred = (statistics.sample.rowwise() - statistics.mean).array().colwise() * share.cwiseSqrt().array();
    Matrix covariance;
    const Matrix columns = centred.transpose();
    multiplyTransposed(columns, columns, covariance);
    statistics.covarianceFactor = factorOf(covariance);
    return m_statistics.emplace(prefixTokens, std::move(statistics)).first->second;
}

} // namespace hayloft
