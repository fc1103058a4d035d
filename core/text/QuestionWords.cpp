// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/QuestionWords.h"

#include <algorithm>

namespace hayloft {

QuestionWords::QuestionWords(const WordCutter& cutter)
{
    const auto stems = [&cutter](std::string_view words) {
        Stems found;
        for (auto& word : cutter.cut(words))
            found.insert(std::move(word.stem));
        return found;
    };
    m_asking = stems("what which who whom whose where when why how please tell a an the of in it is are was were do does did");
    m_said = stems("mentioned described given stated said named found according");
    m_where = stems("in of from by to");
    m_this = stems("the this that");
    m_given = stems("provided given above following");
    m_document = stems("text document passage context");
    m_says = stems("say says tell tells mention mentions state states describe describes");
}

std::size_t QuestionWords::pointer(const std::vector<Word>& words, std::size_t first) const
{
    std::size_t at = first;
    const auto skips = [&words, &at](const Stems& stems) {
        const bool skipped = at < words.size() && stems.contains(words[at].stem);
        at += skipped ? 1 : 0;
        return skipped;
    };
    skips(m_said);
    const bool where = skips(m_where);
    if (!where)
        at = first;
    if (!skips(m_this))
        return 0;
    skips(m_given);
    if (!skips(m_document))
        return 0;
    return skips(m_says) || where ? at - first : 0;
}

std::vector<Word> QuestionWords::telling(const std::vector<Word>& words) const
{
    std::vector<Word> kept;
    for (std::size_t i = 0; i < words.size();) {
        const std::size_t skipped = pointer(words, i);
        if (skipped == 0 && !m_asking.contains(words[i].stem))
            kept.push_back(words[i]);
        i += std::max<std::size_t>(1, skipped);
    }
    return kept;
}

} // namespace hayloft
