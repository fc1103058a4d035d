// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/NetworkJson.h"

#include "core/base/Error.h"

#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace hayloft {

namespace {

using nlohmann::ordered_json;

const char* const kRemedy = "copy the model folder again, or make it anew";

template <typename Enum> using Names = std::array<std::pair<Enum, const char*>, 2>;
constexpr Names<NormPlace> kNorms { { { NormPlace::Before, "before" }, { NormPlace::After, "after" } } };
constexpr Names<GeluKind> kGelus { { { GeluKind::Erf, "erf" }, { GeluKind::Tanh, "tanh" } } };
constexpr Names<LatentReadout> kReadouts { { { LatentReadout::Bound, "bound" }, { LatentReadout::Pooled, "pooled" } } };
constexpr Names<LatentConnector> kConnectors { { { LatentConnector::Positional, "positional" }, { LatentConnector::Embedding, "embedding" } } };

template <typename Enum> const char* nameOf(const Names<Enum>& names, Enum value)
{
    return names[names[0].first == value ? 0 : 1].second;
}

[[noreturn]] void refuse(const char* key) { throw Error(std::string("impossible value of \"") + key + "\"", "", kRemedy); }

template <typename Enum> Enum fromName(const Names<Enum>& names, const ordered_json& json, const char* key)
{
    const auto name = json.at(key).get<std::string>();
    for (const auto& [value, known] : names)
        if (name == known)
            return value;
    refuse(key);
}

std::int64_t countFromJson(const ordered_json& json, const char* key, std::int64_t most)
{
    const auto value = json.at(key).get<std::int64_t>();
    if (value < 0 || value > most)
        refuse(key);
    return value;
}

ordered_json toJson(const StackConfig& s)
{
    return { { "vocabulary", s.vocabulary }, { "positions", s.positions }, { "first_position", s.firstPosition }, { "width", s.width },
             { "heads", s.heads }, { "feed_forward", s.feedForward }, { "layers", s.layers }, { "scaled_tokens", s.scaledTokens },
             { "embedding_norm", s.embeddingNorm }, { "final_norm", s.finalNorm }, { "wrapped", s.wrapped },
             { "norm", nameOf(kNorms, s.norm) }, { "gelu", nameOf(kGelus, s.gelu) }, { "epsilon", s.epsilon } };
}

StackConfig stackFromJson(const ordered_json& j)
{
    StackConfig s;
    s.vocabulary = sizeFromJson(j, "vocabulary", 1 << 20);
    s.positions = sizeFromJson(j, "positions", 1 << 16);
    s.firstPosition = countFromJson(j, "first_position", s.positions - 1);
    s.width = sizeFromJson(j, "width", 1 << 14);
    s.heads = sizeFromJson(j, "heads", s.width);
    s.feedForward = sizeFromJson(j, "feed_forward", 1 << 16);
    s.layers = sizeFromJson(j, "layers", 128);
    s.scaledTokens = j.at("scaled_tokens").get<bool>();
    s.embeddingNorm = j.at("embedding_norm").get<bool>();
    s.finalNorm = j.at("final_norm").get<bool>();
    s.wrapped = j.at("wrapped").get<bool>();
    s.norm = fromName(kNorms, j, "norm");
    s.gelu = fromName(kGelus, j, "gelu");
    s.epsilon = j.at("epsilon").get<double>();
    if (!(s.epsilon > 0 && s.epsilon < 1))
        refuse("epsilon");
    if (s.width % s.heads != 0)
        throw Error("\"width\" is no multiple of \"heads\"", "", kRemedy);
    return s;
}

} // namespace

std::int64_t sizeFromJson(const ordered_json& json, const char* key, std::int64_t most)
{
    const auto value = countFromJson(json, key, most);
    if (value == 0)
        refuse(key);
    return value;
}

ordered_json toJson(const NetworkConfig& n)
{
    return { { "encoder", toJson(n.encoder) }, { "decoder", toJson(n.decoder) }, { "shared_tokens", n.sharedTokens },
             { "readout", nameOf(kReadouts, n.readout) }, { "connector", nameOf(kConnectors, n.connector) }, { "latent", n.latent },
             { "binding", n.binding }, { "max_tokens", n.maxTokens }, { "answer_tokens", n.answerTokens }, { "prior_rows", n.priorRows } };
}

NetworkConfig networkFromJson(const ordered_json& j)
{
    NetworkConfig n;
    n.encoder = stackFromJson(j.at("encoder"));
    n.decoder = stackFromJson(j.at("decoder"));
    n.sharedTokens = j.at("shared_tokens").get<bool>();
    n.readout = fromName(kReadouts, j, "readout");
    n.connector = fromName(kConnectors, j, "connector");
    n.latent = sizeFromJson(j, "latent", 1 << 16);
    n.binding = sizeFromJson(j, "binding", 1 << 14);
    n.maxTokens = sizeFromJson(j, "max_tokens", n.encoder.positions - n.encoder.firstPosition - (n.encoder.wrapped ? 2 : 0));
    n.answerTokens = sizeFromJson(j, "answer_tokens", n.decoder.positions - n.decoder.firstPosition - 1);
    n.priorRows = countFromJson(j, "prior_rows", 1 << 20);
    if (n.sharedTokens && (n.encoder.vocabulary != n.decoder.vocabulary || n.encoder.width != n.decoder.width))
        throw Error("encoder and decoder cannot share tokens of different sizes", "", kRemedy);
    if (n.connector == LatentConnector::Positional && n.decoder.positions - n.decoder.firstPosition > n.maxTokens + 1)
        throw Error("the decoder has positions that no latent is read at", "", kRemedy);
    return n;
}

} // namespace hayloft
