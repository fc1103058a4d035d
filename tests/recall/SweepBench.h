// SPDX-License-Identifier: GPL-3.0-or-later
// Runs both paths of a sweep on the toy model and compares what they found, trial by trial.
#pragma once

#include "core/recall/FastSweep.h"
#include "core/recall/NaiveSweep.h"
#include "tests/support/ToyModel.h"

namespace hayloft::test {

inline Document proseHaystack()
{
    return documentFromText(
        "The harbour master kept two ledgers. One was for the ships; the other, bound in green cloth, was for the weather.  "
        "\"Which do you trust?\" asked Ines. He laughed, and said: neither.\n\n"
        "In 1893 the tide gauge stopped. Dr. Okafor, who had repaired it twice (once in the dark), wrote a letter of nine pages to "
        "the ministry, and the ministry, after a silence of five months, sent a clock, which was of no use to anyone on the island, "
        "though the children liked the sound that it made at noon, and the goats did not, and the priest never said what he thought.\n"
        "One was for the ships; the other one was lost.\n\n"
        "바다는 조용했다. 등대지기는 밤마다 불을 켰다. 潮が引いた。船は来なかった。\n\n"
        "The house was cold. The house was cold. The house was old; it was the old customs house, and it stood by the water.\n",
        "prose");
}

/// Everything a path needs, kept alive together.
struct Bench {
    explicit Bench(const SweepPlan& p, const Document& d = proseHaystack())
        : model(makeModel()), plan(p), document(d), pieces(document, model.tokenizer(), plan.segmenter), trials(drawTrials(plan, pieces))
        , setup {plan, pieces, model, effectivePrefixTokens(plan.memory, model), keyRowsFor(plan.memory, model, plan.seed)}
    {
    }
    std::vector<TrialOutcome> run(TrialSolver& solver)
    {
        solver.prepare(trials, {});
        std::vector<TrialOutcome> outcomes;
        for (std::size_t first = 0; first < trials.size(); first += 7) { // odd batches
            const auto batch = std::span<const Trial>(trials).subspan(first, std::min<std::size_t>(7, trials.size() - first));
            for (auto& outcome : solver.run(batch, {}))
                outcomes.push_back(std::move(outcome));
        }
        return outcomes;
    }

    static ToyModel makeModel()
    {
        ToyModel toy(768, 64);
        toy.giveContentKeys();
        return toy;
    }

    ToyModel model;
    SweepPlan plan;
    Document document;
    Haystack pieces;
    std::vector<Trial> trials;
    SweepSetup setup;
    SweepClock clock;
};

/// What differs first between two paths, or nothing.
inline std::string difference(const std::vector<TrialOutcome>& a, const std::vector<TrialOutcome>& b)
{
    if (a.size() != b.size())
        return "number of trials";
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto where = " in trial " + std::to_string(i);
        if (a[i].reads.size() != b[i].reads.size())
            return "number of reads " + std::to_string(a[i].reads.size()) + " / " + std::to_string(b[i].reads.size()) + where;
        for (std::size_t k = 0; k < std::min(a[i].answers.size(), b[i].answers.size()); ++k) {
            if (a[i].answers[k].query != b[i].answers[k].query)
                return "query of answer " + std::to_string(k) + where;
        }
        for (std::size_t r = 0; r < a[i].reads.size(); ++r) {
            const RowRead &x = a[i].reads[r], &y = b[i].reads[r];
            if (x.row != y.row || x.followed != y.followed)
                return "read row " + std::to_string(x.row) + " / " + std::to_string(y.row) + where;
            if (x.rowSegments != y.rowSegments)
                return "row segments " + std::to_string(x.rowSegments) + " / " + std::to_string(y.rowSegments) + where;
            if ((x.latent - y.latent).cwiseAbs().maxCoeff() > 1e-5f)
                return "latent" + where;
            if (std::abs(x.distance - y.distance) > 1e-5f)
                return "distance" + where;
        }
        if (a[i].writeRows != b[i].writeRows || a[i].answerRows != b[i].answerRows)
            return "write rows" + where;
        if (a[i].rows != b[i].rows)
            return "rows" + where;
        if (a[i].answer != b[i].answer)
            return "answer \"" + a[i].answer + "\" / \"" + b[i].answer + "\"" + where;
        if (a[i].query != b[i].query)
            return "query" + where;
        if (a[i].depths.size() != b[i].depths.size())
            return "number of depths" + where;
        for (std::size_t n = 0; n < a[i].depths.size(); ++n) {
            if (std::abs(a[i].depths[n] - b[i].depths[n]) > 1e-9)
                return "depth" + where;
        }
        if (a[i].lengthAchieved != b[i].lengthAchieved)
            return "length" + where;
    }
    return {};
}

} // namespace hayloft::test
