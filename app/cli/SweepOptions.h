// SPDX-License-Identifier: GPL-3.0-or-later
// The options of `hayloft-cli sweep` and the plan they describe.
#pragma once

#include "app/cli/Options.h"
#include "app/cli/RunOutputs.h"
#include "core/recall/SweepShard.h"
#include "core/text/Document.h"

#include <vector>

namespace hayloft {

/// --task, --digits, --needle, --prefix, --question, --needles, --placement
class TaskChoice {
public:
    void addTo(CLI::App& command);
    /// @throws Error for what does not fit together
    RecallTask task(KeyKind keys) const;
    /// Those of a sweep without --keys. @throws Error for an unknown task
    KeyKind usualKeys() const;

private:
    Needle ownNeedle(KeyKind keys) const;

    std::string m_kind = "passkey";
    int m_digits = 4;
    std::string m_needle, m_prefix, m_question, m_needles;
    std::string m_placement = "boundary";
};

struct SweepOptions {
    std::vector<std::filesystem::path> haystack;
    TaskChoice task;
    SegmenterChoice segmenter;
    MemoryChoice memory;
    ModelOptions model;
    std::string axis = "length", loads, lengths, depths, path = "fast";
    int trials = 10, controls = 0;
    bool noBaselines = false;
    std::uint64_t seed = 1;
    std::string shardText;
    RunOutputs outputs;

    void addTo(CLI::App& command);
    /// All but what the model decides (the segmenter's limit). @throws Error
    SweepPlan plan() const;
    bool overLoads() const { return axis == "load"; }
    /// Empty where the loads decide the length. @throws Error
    std::vector<std::int64_t> lengthList(const SweepPlan& plan) const;
    /// Of --axis load, ascending. @throws Error
    std::vector<double> loadList() const;
    /// --shard, or all of the sweep. @throws Error
    Shard shard() const;
    /// @throws Error
    Document loadHaystack(const SweepPlan& plan, const Task& progress) const;
};

} // namespace hayloft
