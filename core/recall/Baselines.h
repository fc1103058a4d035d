// SPDX-License-Identifier: GPL-3.0-or-later
// What stands beside a sweep with content keys: whether they, their untrained floor and BM25 find the answer first.
#pragma once

#include "core/recall/KeyBaseline.h"
#include "core/recall/WordBaseline.h"

namespace hayloft {

/// Which kinds of search found one trial's answer first.
struct FoundFirst {
    bool content = false, floor = false, bm25 = false;
};

/// Ranks the segments of each trial's own context, opening line and planted texts included, for each of its queries (its
/// question, which the reading rules may split). The answer is found first when for EACH query the best segment of all
/// is one from which one of the trial's values can be read (answerSegments: alone, or with those that reading follows
/// to). A tie with any other segment is no find. Search alone, the same for all three: no memory is written, so sharing
/// rows of a fixed key memory has no part in it; with a growing one `content` says what the sweep itself reads first.
/// The haystack's keys and words are made once, whatever the number of trials.
class Baselines {
public:
    /// @throws Error when the model has no content keys
    explicit Baselines(const SweepSetup& setup);
    virtual ~Baselines() = default;
    Baselines(const Baselines&) = delete;
    Baselines& operator=(const Baselines&) = delete;

    /// Called once with all trials, before the first measure(). @throws Cancelled
    void prepare(std::span<const Trial> all, const Task& task = {});
    /// One for each trial; nothing is found in negative controls. @throws Error for a question without a word, Cancelled
    std::vector<FoundFirst> measure(std::span<const Trial> trials, const Task& task = {});

protected:
    /// How often a piece that stands at `ordinal` of the rotation counts. Virtual for the test that proves that a wrong
    /// count is noticed.
    virtual int timesOf(const ContextLayout&, Index /*ordinal*/) const { return 1; }

private:
    SearchedContext contextOf(const Trial& trial) const;
    void stand(const ContextLayout& layout);
    FoundFirst measureOne(const SearchedContext& context, std::size_t number);

    const SweepSetup& m_setup;
    KeyBaseline m_content, m_floor;
    WordBaseline m_words;
    StandingPieces m_standing; ///< of the trial that is measured
};

} // namespace hayloft
