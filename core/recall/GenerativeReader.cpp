// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/GenerativeReader.h"

#include "core/base/Error.h"
#include "core/base/Format.h"
#include "core/base/Random.h"

#include <chrono>
#include <cmath>

namespace hayloft {

namespace {

constexpr int kMostReads = 1000;
constexpr float kMostNoise = 1e6f, kMostLogVariance = 30; ///< beyond them float32 latents overflow
constexpr std::uint64_t kNoiseSeed = 0x6E6F697365;

/// @throws Error
void checkNoise(const MemorySettings& settings)
{
    if (!(settings.observationNoise >= 0 && settings.observationNoise <= kMostNoise))
        throw Error(formatted("an observation noise of %g", static_cast<double>(settings.observationNoise)), "memory settings", "use 0 to 1e6");
    if (!(std::abs(settings.weightLogVariance) <= kMostLogVariance))
        throw Error(formatted("a log variance of weights of %g", static_cast<double>(settings.weightLogVariance)), "memory settings", "use -30 to 30");
}

} // namespace

GenerativeMemorySettings generativeSettings(const MemorySettings& settings, std::uint64_t seed)
{
    GenerativeMemorySettings generative;
    generative.mode = settings.inverse;
    generative.newton = settings.newton;
    generative.observationNoise = settings.observationNoise;
    generative.deterministic = !settings.sampled;
    generative.weightLogVariance = settings.weightLogVariance;
    generative.seed = mixSeed(seed, kNoiseSeed);
    return generative;
}

std::shared_ptr<const MemoryPrior> priorFor(const MemorySettings& settings, const Matrix& rows)
{
    if (settings.addressing != Addressing::PseudoInverse)
        return nullptr;
    return std::make_shared<const MemoryPrior>(rows, generativeSettings(settings, 0));
}

void checkGenerative(const MemorySettings& settings)
{
    if (settings.addressing != Addressing::PseudoInverse)
        return;
    if (settings.keys != KeyKind::Prefix && settings.keys != KeyKind::Whole)
        throw Error("pseudo-inverse addressing reads with the query's latent, not with " + std::string(nameOf(settings.keys)) + " keys",
                    "memory settings", "use prefix or whole keys");
    if (settings.keyMemory == KeyMemoryKind::Grow)
        throw Error("pseudo-inverse addressing needs K rows before anything is written", "memory settings", "use a fixed key memory, or the prior");
    if (settings.reads < 1 || settings.reads > kMostReads)
        throw Error("a memory is read " + std::to_string(settings.reads) + " times", "memory settings", "use 1 to " + std::to_string(kMostReads));
    settings.newton.check();
    checkNoise(settings);
}

std::vector<RowRead> readoutsOf(const GenerativeMemory& memory, const Matrix& queries, int times)
{
    const Readout readout = memory.read(queries, times);
    std::vector<RowRead> reads;
    for (Index i = 0; i < queries.rows(); ++i)
        reads.push_back({-1, memory.segments(), exactDistance(queries.row(i), readout.latents.row(i)), false, readout.latents.row(i)});
    return reads;
}

std::vector<RowRead> GenerativeReader::read(const std::vector<std::string>& queries, std::string& asked, const Task& task) const
{
    std::vector<TokenIds> tokens;
    for (const std::string& text : queries) {
        const QueryKey query = m_encoder.query(text);
        asked.append(asked.empty() ? "" : "\n").append(query.text);
        tokens.push_back(query.tokens);
    }
    return readoutsOf(m_memory, m_model.encode(tokens, task), m_times);
}

Answer GenerativeReader::ask(const std::string& query, const Task& task) const
{
    const auto start = std::chrono::steady_clock::now();
    if (m_memory.segments() == 0)
        throw Error("the memory is empty", "query", "write a document first");
    const Task silent {task.stop, {}};
    const QueryKey key = m_encoder.query(query);
    std::string asked;
    const RowRead read = this->read({query}, asked, silent).front();
    Answer answer;
    answer.keyText = key.text;
    answer.keyTokens = static_cast<int>(key.tokens.size());
    answer.keyShorterThanP = key.shorterThanP;
    answer.reading.distance = read.distance;
    answer.reading.rowSegments = read.rowSegments;
    answer.reading.latent = read.latent;
    ReadAnswer said;
    said.query = query;
    said.distance = read.distance;
    said.rowSegments = read.rowSegments;
    said.prompt = m_decoder.promptOf(query);
    said.decoded = m_decoder.decode(read.latent, { said.prompt }, silent);
    said.text = said.decoded.front().text;
    answer.answers.push_back(std::move(said));
    answer.milliseconds = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    return answer;
}

} // namespace hayloft
