// SPDX-License-Identifier: GPL-3.0-or-later
// The model as the rest of Hayloft sees it: text segments to latents and latents to text.
#pragma once

#include "core/base/Matrix.h"
#include "core/base/Progress.h"
#include "core/compute/Kernels.h"
#include "core/memory/ContentKeys.h"
#include "core/text/Tokenizer.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hayloft {

struct ModelInfo {
    std::string name;            ///< "larimar-mini"
    std::string sha256;          ///< of the weights file
    std::int64_t parameters = 0;
    int latentSize = 0;          ///< C
    int maxTokens = 0;           ///< longest segment, in tokens
    int vocabularySize = 0;      ///< of tokenizer()
    int prefixTokens = 4;        ///< default P
    int promptTokens = 0;        ///< longest prompt of decodeAfter(), in tokens of answerTokenizer(); 0 = it takes none
    std::filesystem::path directory;
    std::string card;            ///< the model card's Markdown
    std::string device;          ///< "cpu" or "cuda:0"
    Precision precision = Precision::Float32; ///< of the network's products
};

/// A greedily decoded segment.
struct Decoded {
    TokenIds ids;                     ///< without BOS and EOS
    std::vector<float> probabilities; ///< one per id: softmax probability of the chosen token; 1 in a prompt
    float endProbability = 0;         ///< of EOS, 0 if the token limit ended the text
    std::string text;                 ///< tokenizer.decode(ids)
};

/// Statistics of prefix keys of training text, for drawing `fixed` key memories. Nothing of any document.
struct KeyStatistics {
    Matrix sample; ///< n x C training-text prefix keys kept as they are (n may be 0)
    RowVector mean;      ///< 1 x C
    Matrix covarianceFactor; ///< C x r with covariance ~ factor * factor^T
    std::int64_t keys = 0;   ///< how many keys the statistics come from
};

/// Encoder and decoder. Thread rule: one compute thread (LibTorch keeps a thread team per caller).
class LatentModel {
public:
    virtual ~LatentModel() = default;
    virtual const ModelInfo& info() const = 0;
    virtual const Tokenizer& tokenizer() const = 0; ///< of segments and keys
    virtual const Tokenizer& answerTokenizer() const { return tokenizer(); } ///< of what decode() gives
    /// K x C learned rows of the prior memory, M0 of arXiv 2403.11901; null in a model without.
    virtual const Matrix* prior() const { return nullptr; }
    /// z for each sequence of 1..maxTokens ids: N x C, in the order given. Batches by length inside.
    /// Reports progress in tokens. @throws Error for a sequence out of range, Cancelled.
    virtual Matrix encode(const std::vector<TokenIds>& sequences, const Task& task = {}) const = 0;
    /// Greedy text of each row of z (B x C), from the latent alone. @throws Error, Cancelled
    virtual std::vector<Decoded> decode(const Matrix& latents, const Task& task = {}) const = 0;
    /// The same, but each row's text begins with its prompt (one a row), which the decoder is given before it goes on (Larimar,
    /// arXiv 2403.11901, gives it the query). @throws Error, also for a model that takes no prompts; Cancelled
    virtual std::vector<Decoded> decodeAfter(const std::vector<std::string>&, const Matrix&, const Task& = {}) const
    {
        throw Error("this model's decoder takes no prompts", info().name, "leave the prompt out, or choose another model");
    }
    /// Encodes the training-text prefixes that ship with the model, the first `prefixTokens` tokens of each.
    /// @throws Error when the model folder has none; Cancelled.
    virtual KeyStatistics keyStatistics(int prefixTokens, const Task& task = {}) const = 0;
    /// The beginnings of training segments that these statistics are made from; none where a model has none.
    virtual std::vector<TokenIds> keyPrefixes() const { return {}; }
    /// Encodes content keys; none in a model without them.
    virtual const ContentKeys* contentKeys() const { return nullptr; }
};

/// Opens a model folder (config.json, weights, tokenizer) after checking hashes and shapes.
/// @param device "cpu", "cuda" or "auto". @param precision BFloat16 on the CPU only.
/// @throws Error for anything missing, truncated or mismatched.
std::unique_ptr<LatentModel> openModel(const std::filesystem::path& directory, const std::string& device = "auto",
                                       Precision precision = Precision::Float32);

} // namespace hayloft
