// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/Larimar.h"

#include "core/base/Files.h"
#include "core/memory/RowSearch.h"
#include "core/model/ContentKeyFile.h"
#include "core/model/ModelTokenizers.h"

#include <algorithm>
#include <Eigen/Cholesky>
#include <numeric>

namespace hayloft {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMinimumStatistics = 65536;

/// A factor F with F F^T = covariance, which may be singular (a latent's numbers sum to 0).
Matrix factorOf(const Matrix& covariance)
{
    const Eigen::LDLT<Eigen::MatrixXf> parts(covariance);
    const Eigen::MatrixXf lower = parts.matrixL();
    const Eigen::MatrixXf scaled = lower * parts.vectorD().cwiseMax(0.0f).cwiseSqrt().asDiagonal();
    return parts.transpositionsP().transpose() * scaled;
}

} // namespace

Larimar::Larimar(const fs::path& directory, const std::string& device, Precision precision)
    : m_config(loadModelConfig(directory))
    , m_tokenizer(openTokenizer(directory, m_config))
    , m_answerTokenizer(openAnswerTokenizer(directory, m_config))
{
    m_info.name = m_config.name;
    m_info.sha256 = m_config.sha256.at(ModelFileNames::weights);
    for (const auto& [name, shape] : networkShapes(m_config.network))
        m_info.parameters += std::accumulate(shape.begin(), shape.end(), std::int64_t { 1 }, std::multiplies<>());
    m_info.latentSize = static_cast<int>(m_config.network.latent);
    m_info.maxTokens = static_cast<int>(m_config.network.maxTokens);
    m_info.vocabularySize = static_cast<int>(m_config.network.encoder.vocabulary);
    m_info.prefixTokens = m_config.prefixTokens;
    m_info.promptTokens = static_cast<int>(m_config.network.decoder.positions - m_config.network.decoder.firstPosition) - 1;
    m_info.directory = directory;
    m_info.device = device;
    m_info.precision = precision;
    if (m_config.has(ModelFileNames::contentKeys))
        m_contentKeys = std::make_unique<ContentKeys>(loadContentKeys(directory / ModelFileNames::contentKeys), m_info.latentSize);
    if (fs::exists(directory / ModelFileNames::card))
        m_info.card = readFile(directory / ModelFileNames::card, 1 << 20);
}

void Larimar::keepPrior(std::map<std::string, std::vector<float>>& weights)
{
    const auto found = weights.find("memory_prior");
    if (found == weights.end())
        return;
    m_prior = Eigen::Map<const Matrix>(found->second.data(), m_config.network.priorRows, m_config.network.latent);
    weights.erase(found);
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

std::vector<TokenIds> Larimar::wrapped(const std::vector<TokenIds>& sequences) const
{
    std::vector<TokenIds> result;
    result.reserve(sequences.size());
    for (const auto& sequence : sequences) {
        TokenIds& ids = result.emplace_back();
        ids.reserve(sequence.size() + 2);
        ids.push_back(m_tokenizer->bosId());
        ids.insert(ids.end(), sequence.begin(), sequence.end());
        ids.push_back(m_tokenizer->eosId());
    }
    return result;
}

Matrix Larimar::encode(const std::vector<TokenIds>& given, const Task& task) const
{
    checkSequences(given);
    std::vector<TokenIds> own;
    if (m_config.network.encoder.wrapped)
        own = wrapped(given);
    const std::vector<TokenIds>& sequences = m_config.network.encoder.wrapped ? own : given;
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

std::vector<Decoded> Larimar::decode(const Matrix& latents, const Task& task) const { return decodeTexts(latents, {}, task); }

std::vector<Decoded> Larimar::decodeAfter(const std::vector<std::string>& prompts, const Matrix& latents, const Task& task) const
{
    if (std::ssize(prompts) != latents.rows())
        throw Error(std::to_string(prompts.size()) + " prompts for " + std::to_string(latents.rows()) + " latents", m_info.name, "give one for each");
    std::vector<TokenIds> ids;
    for (const auto& prompt : prompts) {
        ids.push_back(answerTokenizer().encode(prompt));
        if (std::ssize(ids.back()) > m_info.promptTokens)
            throw Error("a prompt of " + std::to_string(ids.back().size()) + " tokens is too long", m_info.name,
                        "give at most " + std::to_string(m_info.promptTokens));
    }
    return decodeTexts(latents, ids, task);
}

std::vector<Decoded> Larimar::decodeTexts(const Matrix& latents, const std::vector<TokenIds>& prompts, const Task& task) const
{
    if (latents.cols() != m_info.latentSize)
        throw Error("a latent of " + std::to_string(latents.cols()) + " numbers cannot be decoded", m_info.name,
                    "this model's latents have " + std::to_string(m_info.latentSize));
    auto result = decodeRows(latents, prompts, task);
    for (auto& decoded : result)
        decoded.text = answerTokenizer().decode(decoded.ids);
    return result;
}

KeyStatistics Larimar::keyStatistics(int prefixTokens, const Task& task) const
{
    if (const auto found = m_statistics.find(prefixTokens); found != m_statistics.end())
        return found->second;
    if (!m_config.has(ModelFileNames::prefixes))
        throw Error("the model has no key prefixes to draw a fixed key memory from", m_info.name, "use --key-memory grow, or a model that hayloft-cli trained");
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
