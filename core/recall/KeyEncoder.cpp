// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/KeyEncoder.h"

#include "core/base/Error.h"
#include "core/base/Space.h"

namespace hayloft {

namespace {

constexpr std::size_t kMostQuestionTokens = 4096; ///< content keys take any length; this is no question any more

} // namespace

KeyEncoder::KeyEncoder(const LatentModel& model, KeyKind kind, int prefixTokens)
    : m_model(&model), m_kind(kind), m_prefixTokens(prefixTokens)
{
    if (usesText() && !model.contentKeys())
        throw Error("the model has no content keys", model.info().name, "use prefix or whole keys, or train them: hayloft-cli train --help");
}

TokenIds KeyEncoder::writeTokens(const TokenIds& segment) const
{
    if (m_kind != KeyKind::Prefix || segment.size() <= static_cast<std::size_t>(m_prefixTokens))
        return segment;
    return {segment.begin(), segment.begin() + m_prefixTokens};
}

QueryKey KeyEncoder::query(std::string_view text) const
{
    QueryKey key;
    key.text = trimmed(text);
    key.tokens = m_model->tokenizer().encode(key.text);
    if (key.tokens.empty())
        throw Error("the query is empty", "query", "type a prefix or a question");
    if (m_kind == KeyKind::Content && WordCutter().cut(key.text).empty())
        throw Error("the question has no word", "\"" + key.text.substr(0, 60) + "\"", "type a question in words");
    if (m_kind == KeyKind::Prefix) {
        const auto length = static_cast<std::size_t>(m_prefixTokens);
        key.shorterThanP = key.tokens.size() < length;
        if (key.tokens.size() > length) {
            key.tokens.resize(length);
            key.text = m_model->tokenizer().decode(key.tokens);
        }
    }
    const std::size_t most = usesText() ? kMostQuestionTokens : static_cast<std::size_t>(m_model->info().maxTokens);
    if (key.tokens.size() > most)
        throw Error("the query has " + std::to_string(key.tokens.size()) + " tokens", "query", "shorten it to " + std::to_string(most));
    return key;
}

Matrix KeyEncoder::encode(const std::vector<TokenIds>& tokens, KeySide side, const Task& task) const
{
    if (!usesText())
        return m_model->encode(tokens, task);
    if (m_kind == KeyKind::Floor)
        return m_model->contentKeys()->floor(tokens);
    std::vector<std::string> texts;
    texts.reserve(tokens.size());
    for (const auto& ids : tokens)
        texts.push_back(m_model->tokenizer().decode(ids));
    return m_model->contentKeys()->encode(texts, side, task);
}

Matrix KeyEncoder::writeKeys(const std::vector<TokenIds>& tokens, const Task& task) const
{
    return encode(tokens, KeySide::Write, task);
}

Matrix KeyEncoder::readKeys(const std::vector<TokenIds>& tokens, const Task& task) const
{
    return encode(tokens, KeySide::Read, task);
}

} // namespace hayloft
