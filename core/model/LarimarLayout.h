// SPDX-License-Identifier: GPL-3.0-or-later
// How BERT's and GPT-2's tensors, and Larimar's between them, are named and shaped in PyTorch and in Hayloft. Internal.
#pragma once

#include "core/model/ImportPlan.h"
#include "core/model/NetworkConfig.h"

namespace hayloft {

struct BertSizes {
    std::int64_t vocabulary = 0, positions = 0, width = 0, heads = 0, feedForward = 0, layers = 0;
};

struct Gpt2Sizes {
    std::int64_t vocabulary = 0; ///< with <PAD>, <BOS>, <EOS>
    std::int64_t positions = 0, width = 0, heads = 0, feedForward = 0, layers = 0;
};

/// Sizes of a Larimar made of BERT and GPT-2 (arXiv 2403.11901).
struct LarimarSizes {
    BertSizes encoder;
    Gpt2Sizes decoder;
    std::int64_t latent = 0;     ///< C
    std::int64_t memoryRows = 0; ///< K of the prior
};

/// <PAD>, <BOS>, <EOS>, in this order after GPT-2's own tokens.
constexpr std::int64_t kAddedTokens = 3;

/// Reads sizes from the tensors; heads are 64 wide, as in every published BERT and GPT-2. @throws Error when this is no such model.
BertSizes bertSizes(const ImportSource& source);
Gpt2Sizes gpt2Sizes(const ImportSource& source);

/// Embeddings, blocks and pooler of the encoder.
void planBert(ImportPlan& plan, ImportSource& source, const BertSizes& sizes);
/// Embeddings and blocks of the decoder. @param stored rows of the token table in the file; the rest is added
void planGpt2(ImportPlan& plan, ImportSource& source, const Gpt2Sizes& sizes, std::int64_t stored);
/// A head of its own is not supported: notes a problem unless lm_head is the token table.
void checkTiedHead(ImportSource& source, const std::string& head, const std::string& table);

/// The network that these sizes make. @param maxTokens longest segment, where there are so many positions
/// @param answerTokens longest answer, the same; 0: twice the longest segment
/// @throws Error for sizes that Hayloft does not take.
NetworkConfig networkOf(const LarimarSizes& sizes, std::int64_t maxTokens, std::int64_t answerTokens = 0);

/// Why a tensor of a checkpoint is not needed; empty for one that is unknown.
std::string reasonToSkip(const std::string& name);

} // namespace hayloft
