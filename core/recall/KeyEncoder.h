// SPDX-License-Identifier: GPL-3.0-or-later
// Write keys of segments and read keys of queries, for every kind of key.
#pragma once

#include "core/memory/KeyMemory.h"
#include "core/model/LatentModel.h"

namespace hayloft {

/// The tokens that a query's key is encoded from.
struct QueryKey {
    TokenIds tokens;
    std::string text;          ///< of these tokens
    bool shorterThanP = false; ///< prefix keys only: the whole query has fewer than P tokens
};

/// Holds a reference to the model only. Thread rule: as the model's.
class KeyEncoder {
public:
    /// @param prefixTokens P; used with prefix keys only. @throws Error when the model has no keys of this kind
    KeyEncoder(const LatentModel& model, KeyKind kind, int prefixTokens);
    KeyKind kind() const { return m_kind; }
    /// Whole keys are the latents themselves.
    bool usesLatents() const { return m_kind == KeyKind::Whole; }
    /// Whether keys come from words or tokens alone, without the network.
    bool usesText() const { return m_kind == KeyKind::Content || m_kind == KeyKind::Floor; }
    /// Whether a query and a segment of the same tokens have different keys.
    bool hasSides() const { return m_kind == KeyKind::Content; }
    /// What of a segment its key is made from: the first P tokens with prefix keys, else all.
    TokenIds writeTokens(const TokenIds& segment) const;
    /// @throws Error for an empty query or one longer than the keys take
    QueryKey query(std::string_view text) const;
    /// N x C, of what writeTokens gave. @throws Error, Cancelled
    Matrix writeKeys(const std::vector<TokenIds>& tokens, const Task& task = {}) const;
    /// N x C, of queries' tokens. @throws Error, Cancelled
    Matrix readKeys(const std::vector<TokenIds>& tokens, const Task& task = {}) const;

private:
    Matrix encode(const std::vector<TokenIds>& tokens, KeySide side, const Task& task) const;

    const LatentModel* m_model;
    KeyKind m_kind;
    int m_prefixTokens;
};

} // namespace hayloft
