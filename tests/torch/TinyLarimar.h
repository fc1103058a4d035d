// SPDX-License-Identifier: GPL-3.0-or-later
// The tiny network of tests/parity/larimar_network.py, made again from the rule of its weights.
#pragma once

#include "core/model/NetworkShapes.h"

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace hayloft::test {

class TinyLarimar {
public:
    static NetworkConfig config()
    {
        NetworkConfig c;
        c.encoder = { 70, 40, 0, 32, 2, 64, 2, false, true, false, true, NormPlace::After, GeluKind::Erf, 1e-12 };
        c.decoder = { 90, 64, 1, 48, 3, 96, 2, false, false, true, false, NormPlace::Before, GeluKind::Tanh, 1e-5 };
        c.sharedTokens = false;
        c.readout = LatentReadout::Pooled;
        c.connector = LatentConnector::Embedding;
        c.latent = 24;
        c.maxTokens = 38;
        c.answerTokens = 32;
        return c;
    }

    /// By Hayloft's names.
    std::map<std::string, std::vector<float>> weights()
    {
        const NetworkConfig c = config();
        m_weights.clear();
        addEncoder(c.encoder, c.latent);
        addDecoder(c.decoder, c.latent);
        return m_weights;
    }

private:
    using Floats = std::vector<float>;

    static Floats uniform(const std::string& name, std::size_t count)
    {
        std::uint64_t seed = 0xCBF29CE484222325;
        for (const unsigned char byte : name)
            seed = (seed ^ byte) * 0x100000001B3;
        Floats values(count);
        for (std::size_t i = 0; i < count; ++i) {
            std::uint64_t z = (i + 1) * 0x9E3779B97F4A7C15 + seed;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
            values[i] = static_cast<float>(z >> 40) * 0x1p-23f - 1;
        }
        return values;
    }
    static Floats scaled(const std::string& name, std::int64_t count, double scale, float offset = 0)
    {
        Floats values = uniform(name, static_cast<std::size_t>(count));
        for (float& x : values)
            x = x * static_cast<float>(scale) + offset;
        return values;
    }
    static Floats gain(const std::string& name, std::int64_t width)
    {
        Floats values = scaled(name, width, 0.1, 1);
        for (float& x : values)
            x *= name.find("ln_f") == std::string::npos ? 1.0f : 5.0f;
        return values;
    }
    void addNorm(const std::string& ours, const std::string& theirs, std::int64_t width)
    {
        m_weights[ours + ".weight"] = gain(theirs + ".weight", width);
        m_weights[ours + ".bias"] = scaled(theirs + ".bias", width, 0.02);
    }
    static double linearScale(double scale, std::int64_t in) { return scale / std::sqrt(static_cast<double>(in)); }
    void addLinear(const std::string& ours, const std::string& theirs, std::int64_t out, std::int64_t in)
    {
        m_weights[ours + ".weight"] = scaled(theirs + ".weight", out * in, linearScale(1.5, in));
        m_weights[ours + ".bias"] = scaled(theirs + ".bias", out, 0.02);
    }
    /// GPT-2's Conv1D: in x out.
    void addConvolution(const std::string& ours, const std::string& theirs, std::int64_t in, std::int64_t out)
    {
        const Floats values = scaled(theirs + ".weight", in * out, linearScale(4, in));
        Floats& weight = m_weights[ours + ".weight"];
        weight.resize(values.size());
        for (std::int64_t i = 0; i < in; ++i)
            for (std::int64_t j = 0; j < out; ++j)
                weight[static_cast<std::size_t>(j * in + i)] = values[static_cast<std::size_t>(i * out + j)];
        m_weights[ours + ".bias"] = scaled(theirs + ".bias", out, 0.02);
    }
    void append(const std::string& ours, const std::string& part)
    {
        auto& whole = m_weights[ours];
        auto values = std::move(m_weights.at(part));
        m_weights.erase(part);
        whole.insert(whole.end(), values.begin(), values.end());
    }

    void addEncoder(const StackConfig& c, std::int64_t latent)
    {
        const std::string embeddings = "encoder.embeddings.";
        m_weights["encoder_tokens"] = scaled(embeddings + "word_embeddings.weight", c.vocabulary * c.width, 0.2);
        m_weights["encoder_positions"] = scaled(embeddings + "position_embeddings.weight", c.positions * c.width, 0.2);
        const auto types = scaled(embeddings + "token_type_embeddings.weight", 2 * c.width, 0.2);
        for (std::size_t i = 0; i < m_weights["encoder_positions"].size(); ++i)
            m_weights["encoder_positions"][i] += types[i % static_cast<std::size_t>(c.width)];
        addNorm("encoder_embedding_norm", embeddings + "LayerNorm", c.width);
        for (std::int64_t i = 0; i < c.layers; ++i) {
            const auto ours = "encoder." + std::to_string(i) + ".", theirs = "encoder.encoder.layer." + std::to_string(i) + ".";
            for (const char* part : { "query", "key", "value" }) {
                addLinear(part, theirs + "attention.self." + part, c.width, c.width);
                append(ours + "qkv.weight", std::string(part) + ".weight");
                append(ours + "qkv.bias", std::string(part) + ".bias");
            }
            addLinear(ours + "out", theirs + "attention.output.dense", c.width, c.width);
            addNorm(ours + "norm1", theirs + "attention.output.LayerNorm", c.width);
            addLinear(ours + "up", theirs + "intermediate.dense", c.feedForward, c.width);
            addLinear(ours + "down", theirs + "output.dense", c.width, c.feedForward);
            addNorm(ours + "norm2", theirs + "output.LayerNorm", c.width);
        }
        addLinear("pooler", "encoder.pooler.dense", c.width, c.width);
        auto both = scaled("encoder.linear.weight", 2 * latent * c.width, linearScale(1.5, c.width));
        both.resize(both.size() / 2); // the second half would be the variance
        m_weights["to_latent.weight"] = std::move(both);
    }

    void addDecoder(const StackConfig& c, std::int64_t latent)
    {
        const std::string transformer = "decoder.transformer.";
        m_weights["tokens"] = scaled(transformer + "wte.weight", c.vocabulary * c.width, 0.2);
        m_weights["decoder_positions"] = scaled(transformer + "wpe.weight", c.positions * c.width, 0.4);
        for (std::int64_t i = 0; i < c.layers; ++i) {
            const auto ours = "decoder." + std::to_string(i) + ".", theirs = transformer + "h." + std::to_string(i) + ".";
            addNorm(ours + "norm1", theirs + "ln_1", c.width);
            addConvolution(ours + "qkv", theirs + "attn.c_attn", c.width, 3 * c.width);
            addConvolution(ours + "out", theirs + "attn.c_proj", c.width, c.width);
            addNorm(ours + "norm2", theirs + "ln_2", c.width);
            addConvolution(ours + "up", theirs + "mlp.c_fc", c.width, c.feedForward);
            addConvolution(ours + "down", theirs + "mlp.c_proj", c.feedForward, c.width);
        }
        addNorm("decoder_norm", transformer + "ln_f", c.width);
        m_weights["slot.weight"] = scaled(transformer + "linear.weight", c.width * c.layers * latent, linearScale(0.2, latent));
        m_weights["latent_embedding.weight"] = scaled(transformer + "linear_emb.weight", c.width * latent, linearScale(0.2, latent));
    }

    std::map<std::string, Floats> m_weights;
};

} // namespace hayloft::test
