// SPDX-License-Identifier: GPL-3.0-or-later
// Options that several commands share.
#pragma once

#include "app/cli/CliContext.h"
#include "core/recall/SweepPlan.h"

#include <CLI/CLI.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace hayloft {

/// --model, --device, --precision, --threads
class ModelOptions {
public:
    void addTo(CLI::App& command);
    /// Sets the threads and opens the model. @param usualThreads where --threads is not given; 0 = all cores. @throws Error
    std::unique_ptr<LatentModel> open(const CliContext& context, int usualThreads = 0) const;
    int threads() const { return m_threads; }

private:
    std::string m_directory;
    std::string m_device = "auto", m_precision = "float32";
    int m_threads = 0;
};

/// --segmenter, --max-tokens
class SegmenterChoice {
public:
    void addTo(CLI::App& command);
    /// @throws Error for an unknown kind or more tokens than the model takes
    SegmenterOptions options(const ModelInfo& model) const;

private:
    std::string m_kind = "sentence";
    int m_maxTokens = 0;
};

/// --keys, --prefix-tokens, --key-memory, --rows, --prompted, --latents, --addressing, --newton, --newton-scale, --reads, --observation-noise,
/// --sampled, --weight-logvar
class MemoryChoice {
public:
    void addTo(CLI::App& command);
    /// @param keys where --keys is not given. @throws Error
    MemorySettings settings(KeyKind keys) const;
    /// The same for a sweep that chooses K itself. @throws Error where --rows or a growing key memory was asked for
    MemorySettings settingsOfLoads(KeyKind keys) const;
    /// With what the model decides: the rows of its learned prior, which pseudo-inverse addressing takes where nothing else was asked for.
    MemorySettings settled(MemorySettings settings, const LatentModel& model) const;
    bool isPseudoInverse() const { return m_addressing == nameOf(Addressing::PseudoInverse); }

private:
    void addPublishedTo(CLI::App& command);
    void checkNearest() const;
    void setPublished(MemorySettings& settings) const;

    std::string m_keys;
    int m_prefixTokens = 0;
    std::string m_keyMemory = "grow";
    Index m_rows = 4096;
    CLI::Option* m_keyMemoryGiven = nullptr; ///< told apart from the default
    CLI::Option* m_rowsGiven = nullptr;
    std::string m_addressing = "nearest", m_prompted = "none", m_latents = "float32";
    int m_newtonSteps = 0, m_reads = 1;
    double m_newtonScale = NewtonSettings().scale;
    float m_observationNoise = 0, m_weightLogVariance = 0;
    bool m_sampled = false;
    CLI::Option* m_weightLogVarianceGiven = nullptr;
};

/// Says before any computing whether a result can be written there. @throws Error
void checkWritable(const std::filesystem::path& file);

} // namespace hayloft
