// SPDX-License-Identifier: GPL-3.0-or-later
// A model folder as a LatentModel: all but the network's arithmetic. Internal.
#pragma once

#include "core/model/LatentModel.h"
#include "core/model/ModelFolder.h"

#include <map>

namespace hayloft {

/// A trained network with its tokenizer, ready to encode and decode.
class Larimar : public LatentModel {
public:
    /// @param device as the run record names it.
    explicit Larimar(const std::filesystem::path& directory, const std::string& device, Precision precision = Precision::Float32);

    const ModelInfo& info() const override { return m_info; }
    const Tokenizer& tokenizer() const override { return *m_tokenizer; }
    const Tokenizer& answerTokenizer() const override { return m_answerTokenizer ? *m_answerTokenizer : *m_tokenizer; }
    const Matrix* prior() const override { return m_prior.size() > 0 ? &m_prior : nullptr; }
    Matrix encode(const std::vector<TokenIds>& sequences, const Task& task) const override;
    std::vector<Decoded> decode(const Matrix& latents, const Task& task) const override;
    std::vector<Decoded> decodeAfter(const std::vector<std::string>& prompts, const Matrix& latents, const Task& task) const override;
    KeyStatistics keyStatistics(int prefixTokens, const Task& task = {}) const override;
    std::vector<TokenIds> keyPrefixes() const override { return loadKeyPrefixes(m_info.directory); }
    const ContentKeys* contentKeys() const override { return m_contentKeys.get(); }

protected:
    /// Segments of one length.
    using Batch = std::vector<std::size_t>;

    /// `batches` name sequences of one length each, the longest first; together all of them, once.
    virtual void encodeBatches(const std::vector<TokenIds>& sequences, const std::vector<Batch>& batches, Matrix& latents, const Task& task) const = 0;
    /// Ids and probabilities of each row. @param prompts ids that each row begins with, or none at all
    virtual std::vector<Decoded> decodeRows(const Matrix& latents, const std::vector<TokenIds>& prompts, const Task& task) const = 0;
    virtual std::size_t batchTokens() const = 0; ///< at most in a batch
    const ModelConfig& config() const { return m_config; }
    /// Takes the prior memory out of the weights, where there is one. Called once, by the constructors.
    void keepPrior(std::map<std::string, std::vector<float>>& weights);

private:
    void checkSequences(const std::vector<TokenIds>& sequences) const;
    std::vector<TokenIds> wrapped(const std::vector<TokenIds>& sequences) const;
    std::vector<Decoded> decodeTexts(const Matrix& latents, const std::vector<TokenIds>& prompts, const Task& task) const;

    ModelConfig m_config;
    std::unique_ptr<Tokenizer> m_tokenizer;
    std::unique_ptr<Tokenizer> m_answerTokenizer; ///< null where the decoder shares the encoder's
    Matrix m_prior;                               ///< K x C, or nothing
    std::unique_ptr<ContentKeys> m_contentKeys; ///< null in a model without
    ModelInfo m_info;
    mutable std::map<int, KeyStatistics> m_statistics; ///< by prefix length
};

} // namespace hayloft
