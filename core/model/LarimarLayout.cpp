// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/LarimarLayout.h"

#include "core/base/Error.h"
#include "core/model/NetworkJson.h"

#include <algorithm>
#include <cstring>

namespace hayloft {

namespace {

constexpr std::int64_t kHeadWidth = 64;
constexpr std::int64_t kRowsAtOnce = 1024;

std::int64_t headsOf(std::int64_t width) { return std::max<std::int64_t>(1, width / kHeadWidth); }

/// Files made from TensorFlow's BERT call a LayerNorm's weight gamma and its bias beta.
void copyNorm(ImportPlan& plan, ImportSource& source, const std::string& name, std::int64_t width, const std::string& from)
{
    const bool old = !source.find(from + ".weight") && source.find(from + ".gamma");
    plan.copy(source, name + ".weight", { width }, from + (old ? ".gamma" : ".weight"));
    plan.copy(source, name + ".bias", { width }, from + (old ? ".beta" : ".bias"));
}

void copyLinear(ImportPlan& plan, ImportSource& source, const std::string& name, std::int64_t rows, std::int64_t columns, const std::string& from)
{
    plan.copy(source, name + ".weight", { rows, columns }, from + ".weight");
    plan.copy(source, name + ".bias", { rows }, from + ".bias");
}

void copyConv1d(ImportPlan& plan, ImportSource& source, const std::string& name, std::int64_t rows, std::int64_t columns, const std::string& from)
{
    plan.transpose(source, name + ".weight", { rows, columns }, from + ".weight");
    plan.copy(source, name + ".bias", { rows }, from + ".bias");
}

bool equalValues(const TensorView& a, const TensorView& b, const TensorFile& file)
{
    if (a.shape != b.shape || a.shape.size() != 2 || !isFloatingPoint(a.type) || !isFloatingPoint(b.type))
        return false;
    if (a.bytes.data() == b.bytes.data() && a.strides == b.strides && a.type == b.type)
        return true;
    std::vector<float> left, right;
    for (std::int64_t first = 0; first < a.rows(); first += kRowsAtOnce) {
        const std::int64_t count = std::min(kRowsAtOnce, a.rows() - first);
        left.resize(static_cast<std::size_t>(count * a.columns()));
        right.resize(left.size());
        a.readRows(first, count, left.data());
        b.readRows(first, count, right.data());
        if (left != right)
            return false;
    }
    file.release(a.bytes);
    file.release(b.bytes);
    return true;
}

} // namespace

NetworkConfig networkOf(const LarimarSizes& sizes, std::int64_t maxTokens, std::int64_t answerTokens)
{
    NetworkConfig network;
    const auto stack = [](const auto& from) {
        StackConfig to;
        to.vocabulary = from.vocabulary;
        to.positions = from.positions;
        to.width = from.width;
        to.heads = from.heads;
        to.feedForward = from.feedForward;
        to.layers = from.layers;
        to.scaledTokens = false;
        return to;
    };
    StackConfig &bert = network.encoder = stack(sizes.encoder), &gpt2 = network.decoder = stack(sizes.decoder);
    bert.embeddingNorm = bert.wrapped = true;
    bert.finalNorm = false;
    bert.norm = NormPlace::After;
    bert.gelu = GeluKind::Erf;
    bert.epsilon = 1e-12;
    gpt2.firstPosition = 1; // position 0 is the latent's slot
    gpt2.gelu = GeluKind::Tanh;
    gpt2.epsilon = 1e-5;
    network.sharedTokens = false;
    network.readout = LatentReadout::Pooled;
    network.connector = LatentConnector::Embedding;
    network.latent = sizes.latent;
    network.maxTokens = std::min(maxTokens, bert.positions - 2); // [CLS], [SEP]
    network.answerTokens = std::min(answerTokens > 0 ? answerTokens : 2 * network.maxTokens, gpt2.positions - gpt2.firstPosition - 1);
    network.priorRows = sizes.memoryRows;
    return networkFromJson(toJson(network)); // which checks it
}

BertSizes bertSizes(const ImportSource& source)
{
    const std::string words = "embeddings.word_embeddings.weight";
    BertSizes sizes;
    sizes.vocabulary = source.size(words, 0, "BERT encoder");
    sizes.width = source.size(words, 1, "BERT encoder");
    sizes.positions = source.size("embeddings.position_embeddings.weight", 0, "BERT encoder");
    sizes.feedForward = source.size("encoder.layer.0.intermediate.dense.weight", 0, "BERT encoder");
    sizes.layers = source.layers("encoder.layer.");
    sizes.heads = headsOf(sizes.width);
    return sizes;
}

Gpt2Sizes gpt2Sizes(const ImportSource& source)
{
    Gpt2Sizes sizes;
    sizes.vocabulary = source.size("wte.weight", 0, "GPT-2 decoder");
    sizes.width = source.size("wte.weight", 1, "GPT-2 decoder");
    sizes.positions = source.size("wpe.weight", 0, "GPT-2 decoder");
    sizes.feedForward = source.size("h.0.mlp.c_fc.weight", 1, "GPT-2 decoder");
    sizes.layers = source.layers("h.");
    sizes.heads = headsOf(sizes.width);
    return sizes;
}

void planBert(ImportPlan& plan, ImportSource& source, const BertSizes& sizes)
{
    const auto d = sizes.width;
    plan.copy(source, "encoder_tokens", { sizes.vocabulary, d }, "embeddings.word_embeddings.weight");
    const std::string types = "embeddings.token_type_embeddings.weight";
    const TensorView* const stored = source.find(types);
    const std::int64_t typeRows = stored && stored->shape.size() == 2 ? std::clamp<std::int64_t>(stored->rows(), 1, 16) : 2;
    plan.copyPlusRow(source, "encoder_positions", { sizes.positions, d }, "embeddings.position_embeddings.weight", { typeRows, d }, types);
    copyNorm(plan, source, "encoder_embedding_norm", d, "embeddings.LayerNorm");
    for (std::int64_t i = 0; i < sizes.layers; ++i) {
        const std::string name = "encoder." + std::to_string(i) + ".", from = "encoder.layer." + std::to_string(i) + ".", self = from + "attention.self.";
        plan.stack(source, name + "qkv.weight", { d, d }, { self + "query.weight", self + "key.weight", self + "value.weight" }, "q, k, v stacked");
        plan.stack(source, name + "qkv.bias", { d }, { self + "query.bias", self + "key.bias", self + "value.bias" }, "q, k, v stacked");
        copyLinear(plan, source, name + "out", d, d, from + "attention.output.dense");
        copyNorm(plan, source, name + "norm1", d, from + "attention.output.LayerNorm");
        copyLinear(plan, source, name + "up", sizes.feedForward, d, from + "intermediate.dense");
        copyLinear(plan, source, name + "down", d, sizes.feedForward, from + "output.dense");
        copyNorm(plan, source, name + "norm2", d, from + "output.LayerNorm");
    }
    copyLinear(plan, source, "pooler", d, d, "pooler.dense");
}

void planGpt2(ImportPlan& plan, ImportSource& source, const Gpt2Sizes& sizes, std::int64_t stored)
{
    const auto d = sizes.width;
    plan.copyPlusMeans(source, "tokens", { stored, d }, sizes.vocabulary - stored, "wte.weight");
    plan.copy(source, "decoder_positions", { sizes.positions, d }, "wpe.weight");
    for (std::int64_t i = 0; i < sizes.layers; ++i) {
        const std::string name = "decoder." + std::to_string(i) + ".", from = "h." + std::to_string(i) + ".";
        copyNorm(plan, source, name + "norm1", d, from + "ln_1");
        copyConv1d(plan, source, name + "qkv", 3 * d, d, from + "attn.c_attn");
        copyConv1d(plan, source, name + "out", d, d, from + "attn.c_proj");
        copyNorm(plan, source, name + "norm2", d, from + "ln_2");
        copyConv1d(plan, source, name + "up", sizes.feedForward, d, from + "mlp.c_fc");
        copyConv1d(plan, source, name + "down", d, sizes.feedForward, from + "mlp.c_proj");
    }
    copyNorm(plan, source, "decoder_norm", d, "ln_f");
}

void checkTiedHead(ImportSource& source, const std::string& head, const std::string& table)
{
    const TensorView* const own = source.use(head);
    const TensorView* const tokens = source.find(table);
    if (own && tokens && !equalValues(*own, *tokens, source.file()))
        source.addProblem(head, "not the same as " + table + "; a decoder with an output head of its own is not supported");
}

std::string reasonToSkip(const std::string& name)
{
    const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
    if (has("memory.w_logvar") || has("memory.memory_logvar") || has("memory.ben_cohen_memory_init"))
        return "the memory's variances, which deterministic reads do not use";
    if (has("memory.lstm_z."))
        return "the network for ordered writes, which Hayloft does not have";
    if (name.ends_with("position_ids") || name.ends_with("token_type_ids"))
        return "a row of counted numbers";
    if (name.ends_with(".attn.bias") || name.ends_with(".attn.masked_bias"))
        return "the causal mask";
    if (has("cls.predictions.") || has("cls.seq_relationship."))
        return "BERT's heads for its own training";
    return {};
}

} // namespace hayloft
