// SPDX-License-Identifier: GPL-3.0-or-later
// Which words differ between two short texts.
#include "widgets/memory/WordDiff.h"

#include <algorithm>

namespace hayloft {
namespace {

constexpr std::size_t kMostWords = 600;

/// Scripts without spaces change by the character.
bool standsAlone(QChar c)
{
    const auto script = c.script();
    return script == QChar::Script_Han || script == QChar::Script_Hiragana || script == QChar::Script_Katakana;
}

std::vector<DiffWord> wordsOf(const QString& text)
{
    std::vector<DiffWord> words;
    for (qsizetype i = 0; i < text.size() && words.size() < kMostWords;) {
        const qsizetype start = i;
        while (i < text.size() && text[i].isSpace())
            ++i;
        const qsizetype word = i;
        if (i < text.size() && standsAlone(text[i]))
            ++i;
        else
            while (i < text.size() && !text[i].isSpace() && !standsAlone(text[i]))
                ++i;
        if (i > word)
            words.push_back({text.mid(start, word - start), text.mid(word, i - word), true});
    }
    return words;
}

} // namespace

WordDiff diffWords(const QString& before, const QString& after)
{
    WordDiff diff{wordsOf(before), wordsOf(after), 0};
    const std::size_t n = diff.before.size(), m = diff.after.size();
    // common[i][j]: longest common sequence of the words from i and from j on.
    std::vector<int> common((n + 1) * (m + 1), 0);
    const auto at = [&](std::size_t i, std::size_t j) -> int& { return common[i * (m + 1) + j]; };
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t j = m; j-- > 0;)
            at(i, j) = diff.before[i].word == diff.after[j].word ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
    }
    for (std::size_t i = 0, j = 0; i < n && j < m;) {
        if (diff.before[i].word == diff.after[j].word) {
            diff.before[i++].changed = false;
            diff.after[j++].changed = false;
        } else if (at(i + 1, j) >= at(i, j + 1)) {
            ++i;
        } else {
            ++j;
        }
    }
    const auto changed = [](const std::vector<DiffWord>& words) {
        return static_cast<int>(std::count_if(words.begin(), words.end(), [](const DiffWord& w) { return w.changed; }));
    };
    diff.changes = std::max(changed(diff.before), changed(diff.after));
    return diff;
}

} // namespace hayloft
