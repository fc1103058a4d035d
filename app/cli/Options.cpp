// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Options.h"

#include "core/base/Files.h"
#include "core/base/Paths.h"
#include "core/model/Machine.h"
#include "core/compute/PrecisionName.h"
#include "core/recall/GenerativeReader.h"

#include <cerrno>
#include <unistd.h>

namespace hayloft {

void ModelOptions::addTo(CLI::App& command)
{
    command.add_option("--model", m_directory, "Model folder (default: the bundled larimar-mini)")->type_name("DIR");
    command.add_option("--device", m_device, "auto, cpu or cuda")->capture_default_str()->type_name("NAME");
    command.add_option("--precision", m_precision, "Of the network's products on the CPU: float32, or bfloat16 (faster where the CPU has instructions for it)")
        ->capture_default_str()->type_name("NAME");
    command.add_option("--threads", m_threads, "CPU threads (0: one per core)")->capture_default_str()->type_name("N");
}

std::unique_ptr<LatentModel> ModelOptions::open(const CliContext& context, int usualThreads) const
{
    useThreads(m_threads > 0 ? m_threads : usualThreads);
    return context.services.openModel(
        m_directory.empty() ? modelDirectory("larimar-mini") : std::filesystem::path(m_directory), m_device, precisionFromName(m_precision));
}

void SegmenterChoice::addTo(CLI::App& command)
{
    command.add_option("--segmenter", m_kind, "sentence, tokens or paragraph")->capture_default_str()->type_name("KIND");
    command.add_option("--max-tokens", m_maxTokens, "Longest segment in tokens (default: what the model takes)")->type_name("N");
}

SegmenterOptions SegmenterChoice::options(const ModelInfo& model) const
{
    const int most = model.maxTokens;
    if (m_maxTokens < 0 || m_maxTokens > most)
        throw Error("the model takes segments of at most " + std::to_string(most) + " tokens",
            "--max-tokens " + std::to_string(m_maxTokens), "give a number from 2 to " + std::to_string(most));
    return { segmenterKindFromName(m_kind), m_maxTokens > 0 ? m_maxTokens : most };
}

void MemoryChoice::addTo(CLI::App& command)
{
    command.add_option("--keys", m_keys, "prefix (first P tokens), whole (the paper's \"no prefix\"), content (for questions in your own words) or floor (the same, untrained)")->type_name("KIND");
    command.add_option("--prefix-tokens", m_prefixTokens, "P, tokens of a prefix key (0: the model's default)")
        ->capture_default_str()->type_name("P");
    m_keyMemoryGiven = command.add_option("--key-memory", m_keyMemory, "grow (a row per segment), fixed (K rows drawn once) or prior (the model's learned rows)")
        ->capture_default_str()->type_name("KIND");
    m_rowsGiven = command.add_option("--rows", m_rows, "K, rows of a fixed key memory")->capture_default_str()->type_name("K");
    command.add_option("--prompted", m_prompted, "What the decoder is given beside the readout, and goes on from: none, prefix (the query's first P tokens) or query "
                                                 "(all of it)")->capture_default_str()->type_name("WORDS");
    command.add_option("--latents", m_latents, "How latents are kept once they are encoded: float32, or float16 (half of what they take; keys stay float32)")
        ->capture_default_str()->type_name("FORMAT");
    addPublishedTo(command);
}

void MemoryChoice::addPublishedTo(CLI::App& command)
{
    command.add_option("--addressing", m_addressing, "nearest (one row per key), or pseudo-inverse (Larimar as published: all rows)")
        ->capture_default_str()->type_name("MODE");
    command.add_option("--newton", m_newtonSteps, "Pseudo-inverse: steps of the published iteration, 15 there (0: exact inverses)")
        ->capture_default_str()->type_name("N");
    command.add_option("--newton-scale", m_newtonScale, "Pseudo-inverse: its initial scale")->capture_default_str()->type_name("A");
    command.add_option("--reads", m_reads, "Pseudo-inverse: reads in all, each with the readout before it")->capture_default_str()->type_name("N");
    command.add_option("--observation-noise", m_observationNoise, "Pseudo-inverse: standard deviation of what is added to latents, queries and readouts (published: 1e-6)")
        ->capture_default_str()->type_name("SIGMA");
    command.add_flag("--sampled", m_sampled, "Pseudo-inverse: draw the weights around their mean, as in the training of the published model");
    m_weightLogVarianceGiven = command.add_option("--weight-logvar", m_weightLogVariance, "With --sampled: log variance of each weight")
        ->capture_default_str()->type_name("L");
}

MemorySettings MemoryChoice::settings(KeyKind keys) const
{
    if (m_prefixTokens < 0)
        throw Error("a prefix has at least one token", "--prefix-tokens " + std::to_string(m_prefixTokens), "give 1 or more");
    MemorySettings settings;
    settings.keys = m_keys.empty() ? keys : keyKindFromName(m_keys);
    settings.prefixTokens = m_prefixTokens;
    settings.keyMemory = keyMemoryKindFromName(m_keyMemory);
    settings.rows = m_rows;
    if (settings.keyMemory == KeyMemoryKind::Fixed && m_rows < 1)
        throw Error("a fixed key memory has at least one row", "--rows " + std::to_string(m_rows), "give 1 or more");
    settings.addressing = addressingFromName(m_addressing);
    settings.prompted = decoderPromptFromName(m_prompted);
    settings.latents = latentFormatFromName(m_latents);
    checkPrompted(settings);
    checkLatents(settings);
    if (settings.addressing == Addressing::PseudoInverse)
        setPublished(settings);
    else
        checkNearest();
    return settings;
}

void MemoryChoice::checkNearest() const
{
    if (m_newtonSteps != 0 || m_reads != 1)
        throw Error("these are settings of pseudo-inverse addressing", "--newton or --reads", "add --addressing pseudo-inverse");
    if (m_observationNoise != 0 || m_sampled || m_weightLogVarianceGiven->count() > 0)
        throw Error("the nearest row is written and read without noise", "--observation-noise, --sampled or --weight-logvar",
            "add --addressing pseudo-inverse");
}

void MemoryChoice::setPublished(MemorySettings& settings) const
{
    if (!m_sampled && m_weightLogVarianceGiven->count() > 0)
        throw Error("a deterministic read draws no weights", "--weight-logvar", "add --sampled");
    settings.observationNoise = m_observationNoise;
    settings.sampled = m_sampled;
    settings.weightLogVariance = m_weightLogVariance;
    if (m_keyMemoryGiven && m_keyMemoryGiven->count() == 0)
        settings.keyMemory = KeyMemoryKind::Fixed;
    if (m_rowsGiven && m_rowsGiven->count() == 0)
        settings.rows = kPublishedRows;
    settings.inverse = m_newtonSteps == 0 ? InverseMode::Exact : InverseMode::Newton;
    if (m_newtonSteps != 0)
        settings.newton = {m_newtonSteps, m_newtonScale};
    settings.reads = m_reads;
    checkGenerative(settings);
}

MemorySettings MemoryChoice::settled(MemorySettings settings, const LatentModel& model) const
{
    const bool free = m_keyMemoryGiven->count() == 0 && m_rowsGiven->count() == 0;
    if (settings.addressing == Addressing::PseudoInverse && free && model.prior())
        settings.keyMemory = KeyMemoryKind::Prior;
    if (settings.keyMemory == KeyMemoryKind::Prior && model.prior())
        settings.rows = model.prior()->rows();
    return settings;
}

MemorySettings MemoryChoice::settingsOfLoads(KeyKind keys) const
{
    MemorySettings loaded = settings(keys);
    if (loaded.addressing == Addressing::PseudoInverse)
        return loaded; // the loads decide N
    if (m_keyMemoryGiven && m_keyMemoryGiven->count() > 0 && loaded.keyMemory != KeyMemoryKind::Fixed)
        throw Error("a load needs a key memory of K rows", "--key-memory " + m_keyMemory + " with --axis load", "leave it out or give fixed");
    if (m_rowsGiven && m_rowsGiven->count() > 0)
        throw Error("the loads decide K", "--rows with --axis load", "leave out --rows");
    loaded.keyMemory = KeyMemoryKind::Fixed;
    return loaded;
}

void checkWritable(const std::filesystem::path& file)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(file, ignored))
        throw Error("a folder has this name", file.string(), "choose another file name");
    if (std::filesystem::exists(file, ignored) && !std::filesystem::is_regular_file(file, ignored))
        throw Error("this is no file but a device or a pipe", file.string(), "give the name of a file");
    if (::access(file.c_str(), W_OK) != 0 && errno == EACCES)
        throw Error("no permission to write the file", file.string(), "choose another file");
    std::filesystem::path trial = file;
    trial += ".trial";
    try {
        writeFileAtomically(trial, std::string(4096, '\n'));
    } catch (const Error& error) {
        std::string message = error.what(); // about the file that was asked for
        const auto at = message.find(trial.string());
        if (at != std::string::npos)
            message.replace(at, trial.string().size(), file.string());
        throw Error(message);
    }
    std::filesystem::remove(trial, ignored);
}

} // namespace hayloft
