// SPDX-License-Identifier: GPL-3.0-or-later
// LatentModel on LibTorch. Internal: includes LibTorch.
#pragma once

#include "core/model/LatentModel.h"
#include "core/model/ModelFolder.h"

#include <map>

namespace hayloft {

/// A trained network with its tokenizer, ready to encode and decode.
class Larimar final : public LatentModel {
public:
    Larimar(const std::filesystem::path& directory, const std::string& device);

    const ModelInfo& info() const override { return m_info; }
    const Tokenizer& tokenizer() const override { return *m_tokenizer; }
    Matrix encode(const std::vector<TokenIds>& sequences, const Task& task) const override;
    std::vector<Decoded> decode(const Matrix& latents, const Task& task) const override;
    KeyStatistics keyStatistics(int prefixTokens, const Task& task = {}) const override;
    std::vector<TokenIds> keyPrefixes() const override { return loadKeyPrefixes(m_info.directory); }
    const ContentKeys* contentKeys() const override { return m_contentKeys.get(); }

private:
    void checkSequences(const std::vector<TokenIds>& sequences) const;
    std::vector<Decoded> decodeBatch(const torch::Tensor& z, const Task& task) const;

    torch::Device m_device;
    mutable Network m_network { nullptr };
    std::unique_ptr<Tokenizer> m_tokenizer;
    std::unique_ptr<ContentKeys> m_contentKeys; ///< null in a model without
    ModelInfo m_info;
    mutable std::map<int, KeyStatistics> m_statistics; ///< by prefix length
};

} // namespace hayloft
