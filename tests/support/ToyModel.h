// SPDX-License-Identifier: GPL-3.0-or-later
// A latent model without a network: exact on whole segments, poor on averages, deterministic and fast. For tests.
#pragma once

#include "core/model/LatentModel.h"

#include <map>

namespace hayloft {

/// Longest-match tokenizer over common words, letter pairs and bytes. decode(encode(x)) == x for valid UTF-8.
class ToyTokenizer : public Tokenizer {
public:
    ToyTokenizer();
    TokenIds encode(std::string_view text) const override;
    std::vector<TokenSpan> encodeSpans(std::string_view text) const override;
    std::string decode(const TokenIds& ids) const override;
    std::string piece(int id) const override;
    int size() const override { return static_cast<int>(m_pieces.size()); }
    int padId() const override { return 0; }
    int bosId() const override { return 2; }
    int eosId() const override { return 3; }

private:
    int add(const std::string& piece);
    std::vector<std::string> m_pieces; ///< bytes each id stands for; empty for control ids
    std::map<std::string, int, std::less<>> m_ids;
    std::size_t m_longest = 1;
};

/// z holds one block of C / (maxTokens + 1) numbers per position with the token's fixed random unit code, ends with
/// the code of EOS, and has mean 0 and variance 1 like a LayerNorm's output. decode(encode(x)) == x for
/// 1..maxTokens tokens; a zero or small vector decodes to nothing; an average decodes to a jumble.
class ToyModel : public LatentModel {
public:
    explicit ToyModel(int latentSize = 768, int maxTokens = 64);
    const ModelInfo& info() const override { return m_info; }
    const Tokenizer& tokenizer() const override { return m_tokenizer; }
    Matrix encode(const std::vector<TokenIds>& sequences, const Task& task = {}) const override;
    std::vector<Decoded> decode(const Matrix& latents, const Task& task = {}) const override;
    /// Each prompt and what z says at the positions after it.
    std::vector<Decoded> decodeAfter(const std::vector<std::string>& prompts, const Matrix& latents, const Task& task = {}) const override;
    KeyStatistics keyStatistics(int prefixTokens, const Task& task = {}) const override;
    std::vector<TokenIds> keyPrefixes() const override;
    const ContentKeys* contentKeys() const override { return m_contentKeys.get(); }
    /// Content keys that know no word's meaning or rarity: all that counts is which words a question and a segment share.
    void giveContentKeys(const AbsenceRule& absence = {});

    std::int64_t tokensEncoded() const { return m_tokensEncoded; }   ///< in all calls so far
    std::int64_t latentsDecoded() const { return m_latentsDecoded; } ///< in all calls so far

private:
    RowVector encodeOne(const TokenIds& ids) const;
    Decoded decodeOne(const Eigen::Ref<const RowVector>& z, const TokenIds& prompt) const;

    ToyTokenizer m_tokenizer;
    ModelInfo m_info;
    int m_block;       ///< numbers per position
    std::unique_ptr<ContentKeys> m_contentKeys;
    Matrix m_codes;    ///< V x block, unit rows of mean zero
    mutable std::int64_t m_tokensEncoded = 0;
    mutable std::int64_t m_latentsDecoded = 0;
};

} // namespace hayloft
