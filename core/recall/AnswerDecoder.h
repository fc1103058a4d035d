// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes readouts, alone or after their query's words.
#pragma once

#include "core/model/LatentModel.h"

#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// What the decoder is given beside z_read: nothing, the first P tokens of the query, or the whole query.
enum class DecoderPrompt { None, Prefix, Query };
DecoderPrompt decoderPromptFromName(std::string_view name); ///< "none", "prefix", "query". @throws Error
std::string_view nameOf(DecoderPrompt prompt);

/// Larimar (arXiv 2403.11901) gives its decoder the query's words to go on from. The answer is then the prompt and what follows, as
/// in the reference's generator: a hit is a needle that occurs in the answer, and a decoder that goes on from its first words does not
/// repeat them. Nothing of the document is in a prompt. Holds a reference to the model only. Thread rule: as the model's.
class AnswerDecoder {
public:
    /// @param prefixTokens P, in tokens of the encoder. @throws Error when the model takes no prompts
    AnswerDecoder(const LatentModel& model, DecoderPrompt prompt, int prefixTokens);

    /// What answers to this query begin with; "" without prompts. @throws Error for one that is empty, or longer than the decoder takes
    std::string promptOf(std::string_view query) const;
    /// The text of each row of z (B x C). @param prompts one a row; none at all where all are "". @throws Error, Cancelled
    std::vector<Decoded> decode(const Matrix& latents, const std::vector<std::string>& prompts, const Task& task = {}) const;

private:
    const LatentModel* m_model;
    DecoderPrompt m_prompt;
    int m_prefixTokens;
};

} // namespace hayloft
