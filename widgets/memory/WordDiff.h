// SPDX-License-Identifier: GPL-3.0-or-later
// Which words differ between two short texts.
#pragma once

#include <QString>
#include <vector>

namespace hayloft {

/// A word with the white space before it.
struct DiffWord {
    QString space, word;
    bool changed = false; ///< not in the other text's common sequence
};

struct WordDiff {
    std::vector<DiffWord> before, after;
    int changes = 0; ///< the greater of the two numbers of changed words
};

/// Longest common sequence of words; texts are cut at 600 words each.
WordDiff diffWords(const QString& before, const QString& after);

} // namespace hayloft
