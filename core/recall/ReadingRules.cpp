// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/ReadingRules.h"

#include "core/recall/QuestionSplitter.h"
#include "core/text/Utf8.h"

#include <algorithm>

namespace hayloft {

namespace {

double scoreAt(float distance)
{
    return 1.0 - 0.5 * static_cast<double>(distance) * static_cast<double>(distance);
}

bool closesQuotation(char32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x201D || c == 0x2019 || c == 0xBB || c == 0x300D || c == 0x300F;
}

bool isSentenceEnd(char32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
}

} // namespace

int ReadingRules::mostRows(std::string_view question) const
{
    return byQuestion && asksForSeveral(question) ? std::max(1, rows.most) : 1;
}

ReadingRules rulesFor(KeyKind keys)
{
    ReadingRules rules;
    rules.byQuestion = keys == KeyKind::Content || keys == KeyKind::Floor;
    return rules;
}

std::vector<std::string> splitQuestion(const ReadingRules& rules, const std::string& query, bool isQuestion)
{
    if (!rules.byQuestion || !isQuestion)
        return { query };
    return QuestionSplitter().split(query);
}

std::vector<Neighbour> chooseRows(const std::vector<Neighbour>& nearest, double share, int most)
{
    std::vector<Neighbour> chosen { nearest.front() };
    const double best = scoreAt(nearest.front().distance);
    const std::size_t end = std::min(nearest.size(), static_cast<std::size_t>(std::max(1, most)));
    for (std::size_t i = 1; i < end && best > 0; ++i) {
        if (scoreAt(nearest[i].distance) >= share * best)
            chosen.push_back(nearest[i]);
    }
    return chosen;
}

bool endsSentence(std::string_view text)
{
    while (!text.empty()) {
        const auto last = utf8::codePointBefore(text, text.size());
        if (isSentenceEnd(last.value))
            return true;
        if (!utf8::isSpace(last.value) && !closesQuotation(last.value))
            return false;
        text.remove_suffix(last.size);
    }
    return true;
}

std::string joinedAnswer(const std::string& text, const std::string& next, bool glued)
{
    if (text.empty() || next.empty())
        return text + next;
    return text + (glued ? "" : " ") + next;
}

std::string mergedAnswers(std::vector<RowAnswer> answers)
{
    std::stable_sort(answers.begin(), answers.end(), [](const RowAnswer& a, const RowAnswer& b) { return a.row < b.row; });
    std::vector<std::string> kept;
    for (auto& answer : answers) {
        if (!answer.text.empty() && std::find(kept.begin(), kept.end(), answer.text) == kept.end())
            kept.push_back(std::move(answer.text));
    }
    std::string merged;
    for (const auto& text : kept)
        merged.append(merged.empty() ? "" : "\n").append(text);
    return merged;
}

} // namespace hayloft
