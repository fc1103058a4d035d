// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/AnswerDecoder.h"

#include "core/base/Error.h"
#include "core/base/Space.h"
#include "core/recall/KeyEncoder.h"

#include <algorithm>

namespace hayloft {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD"; // U+FFFD

/// P tokens can end within a character.
std::string withoutCutCharacter(std::string text)
{
    while (text.ends_with(kReplacement))
        text.resize(text.size() - kReplacement.size());
    return text;
}

} // namespace

DecoderPrompt decoderPromptFromName(std::string_view name)
{
    for (const auto prompt : {DecoderPrompt::None, DecoderPrompt::Prefix, DecoderPrompt::Query})
        if (name == nameOf(prompt))
            return prompt;
    throw Error("unknown prompt", std::string(name), "use none, prefix or query");
}

std::string_view nameOf(DecoderPrompt prompt)
{
    switch (prompt) {
    case DecoderPrompt::Prefix:
        return "prefix";
    case DecoderPrompt::Query:
        return "query";
    case DecoderPrompt::None:
        break;
    }
    return "none";
}

AnswerDecoder::AnswerDecoder(const LatentModel& model, DecoderPrompt prompt, int prefixTokens)
    : m_model(&model), m_prompt(prompt), m_prefixTokens(prefixTokens)
{
    if (prompt != DecoderPrompt::None && model.info().promptTokens < 1)
        throw Error("this model's decoder takes no prompts", model.info().name, "leave --prompted out, or choose another model");
}

std::string AnswerDecoder::promptOf(std::string_view query) const
{
    if (m_prompt == DecoderPrompt::None)
        return {};
    std::string prompt(trimmed(query));
    if (m_prompt == DecoderPrompt::Prefix) {
        TokenIds tokens = m_model->tokenizer().encode(prompt);
        if (std::ssize(tokens) > m_prefixTokens) {
            tokens.resize(static_cast<std::size_t>(m_prefixTokens));
            prompt = withoutCutCharacter(m_model->tokenizer().decode(tokens));
        }
    }
    const auto tokens = m_model->answerTokenizer().encode(prompt).size();
    if (tokens == 0)
        throw Error("the decoder's prompt is empty", "query \"" + std::string(query.substr(0, 60)) + "\"", "ask with words, or leave --prompted out");
    if (tokens > static_cast<std::size_t>(m_model->info().promptTokens))
        throw Error("a prompt of " + std::to_string(tokens) + " tokens is too long for the decoder of " + m_model->info().name,
                    "query \"" + prompt.substr(0, 60) + "\"",
                    "shorten it to " + std::to_string(m_model->info().promptTokens) + ", or use --prompted prefix");
    return prompt;
}

std::vector<Decoded> AnswerDecoder::decode(const Matrix& latents, const std::vector<std::string>& prompts, const Task& task) const
{
    if (std::all_of(prompts.begin(), prompts.end(), [](const std::string& prompt) { return prompt.empty(); }))
        return m_model->decode(latents, task);
    return m_model->decodeAfter(prompts, latents, task);
}

} // namespace hayloft
