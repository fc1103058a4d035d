// SPDX-License-Identifier: GPL-3.0-or-later
// Whether an answer holds enough of its question to count as one, or is merely what lay nearest.
#pragma once

namespace hayloft {

/// What an answer holds of its question's telling words: all but those that only ask, or speak of the document itself.
struct AnswerSupport {
    float coverage = 0; ///< share of these words, weighed by rarity, that the answer holds, 0..1
    float asked = 0;    ///< sum of their rarities: little in a short or common question, which chance may cover
    bool named = true;  ///< holds one of the question's names (core/text/Names.h), or it has none
};

/// A logistic rule, found on training books with generated questions. All zero: not calibrated, everything counts. Names are
/// not a matter of degree: what says the same of another name is no answer, however much else it holds.
struct AbsenceRule {
    float bias = 0, coverage = 0, brevity = 0;

    bool calibrated() const { return coverage != 0 || brevity != 0; }
    static float brevityOf(const AnswerSupport& s) { return 1.0f / (s.asked + 0.3f); }
    /// False: "not in this document".
    bool accepts(const AnswerSupport& s) const
    {
        return !calibrated() || (s.named && bias + coverage * s.coverage + brevity * brevityOf(s) > 0);
    }
};

} // namespace hayloft
