// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ModelCard.h"

#include <sstream>

namespace hayloft {

std::string modelCard(const ModelConfig& config)
{
    const auto& n = config.network;
    const auto& t = config.training;
    std::ostringstream card;
    card << "# Model card: " << config.name << "\n\n"
         << "Larimar's dataflow (arXiv 2403.11901, 2407.01437) at about 1/100 of its size: an encoder turns a segment of up to "
         << n.maxTokens << " tokens into one latent vector z of " << n.latent
         << " numbers, and a decoder writes the segment back from z alone.\n\n"
         << "| | |\n| --- | --- |\n"
         << "| encoder | " << n.encoder.layers << " pre-LayerNorm blocks, d = " << n.encoder.width << ", " << n.encoder.heads << " heads; z = LayerNorm(sum_t P h_t W_t), binding width " << n.binding << " |\n"
         << "| decoder | " << n.decoder.layers << " causal blocks; input token + position + LayerNorm(z U_t), one key/value slot per layer from z; tied output |\n"
         << "| vocabulary | " << n.encoder.vocabulary << " sentencepiece unigram pieces, byte fallback, identity normalisation; digits, line breaks and 2,350 Hangul syllables are tokens of their own |\n"
         << "| file | float16 safetensors |\n";
    for (const auto& [key, value] : t.items())
        card << "| " << key << " | " << (value.is_string() ? value.get<std::string>() : value.dump()) << " |\n";
    card << "\n## Training\n\n"
         << "Token cross-entropy (end of text included) on sentences and on windows of 2 to " << n.maxTokens
         << " tokens of the corpus; Gaussian noise of 0.05 on z; AdamW, cosine schedule. About half of the segments are "
            "corrupted generically: random numbers, random strings of many alphabets (Latin, accented, Greek, Cyrillic, Hangul, "
            "kana, CJK, punctuation, pictographs) at random places, random pieces in place of 30% of the tokens, odd white "
            "space. No needle, needle template or evaluation haystack was used.\n";
    return card.str();
}

} // namespace hayloft
