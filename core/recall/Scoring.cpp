// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/Scoring.h"

#include "core/base/Space.h"

#include "core/recall/RulerScoring.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace hayloft {

namespace {

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// The first run of digits; empty if there is none.
std::string_view firstDigits(std::string_view text)
{
    const auto begin = std::find_if(text.begin(), text.end(), isDigit);
    const auto end = std::find_if_not(begin, text.end(), isDigit);
    return text.substr(static_cast<std::size_t>(begin - text.begin()), static_cast<std::size_t>(end - begin));
}

/// Runs of white space as one space, none at the ends. No-break and ideographic spaces count too.
std::string foldSpace(std::string_view text)
{
    std::string folded;
    bool space = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t wide = text.substr(i, 2) == "\xC2\xA0" ? 2 : text.substr(i, 3) == "\xE3\x80\x80" ? 3 : 0;
        if (wide > 0 || isSpace(text[i])) {
            space = !folded.empty();
            i += wide > 0 ? wide - 1 : 0;
            continue;
        }
        if (space)
            folded += ' ';
        space = false;
        folded += text[i];
    }
    return folded;
}

bool holdsWord(std::string_view text)
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    });
}

double digitAccuracy(std::string_view digits, std::string_view value)
{
    std::size_t right = 0;
    for (std::size_t i = 0; i < std::min(digits.size(), value.size()); ++i)
        right += digits[i] == value[i];
    return value.empty() ? 0.0 : static_cast<double>(right) / static_cast<double>(value.size());
}

/// Up to and including the first full stop that ends a word.
std::string_view firstSentence(std::string_view text)
{
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.' && (i + 1 == text.size() || isSpace(text[i + 1])))
            return text.substr(0, i + 1);
    }
    return text;
}

Score scorePasskey(const TrialNeedle& needle, std::string_view answer)
{
    const auto digits = firstDigits(continuationAfter(answer, needle.prefix));
    Score score;
    score.correct = !needle.expected.empty() && digits == needle.expected;
    score.digitAccuracy = digitAccuracy(digits, needle.expected);
    score.rougeL = rougeL(firstSentence(answer), needle.prefix + " " + needle.expected + ".");
    return score;
}

Score scoreNeedle(const TrialNeedle& needle, std::string_view answer)
{
    const std::string folded = foldSpace(answer);
    const std::string wanted = foldSpace(needle.expected);
    const std::string prefix = foldSpace(needle.prefix);
    Score score;
    score.correct = !wanted.empty() && folded.find(wanted) != std::string::npos;
    const std::string ending = foldSpace(continuationAfter(wanted, prefix));
    if (ending != wanted && holdsWord(ending))
        score.correct = score.correct || folded.find(ending) != std::string::npos;
    score.rougeL = rougeL(answer, needle.expected);
    return score;
}

Score scoreRuler(const TrialNeedle& needle, std::string_view answer)
{
    Score score;
    score.ruler = rulerScore(needle.values, answer);
    score.correct = !needle.values.empty() && score.ruler >= 1.0;
    score.rougeL = rougeL(answer, needle.expected);
    return score;
}

/// Whether a run of letters, digits and hyphens is of the kind that values are of.
bool isRulerItem(RulerItem item, std::string_view run)
{
    const auto isHex = [](char c) { return isDigit(c) || (c >= 'a' && c <= 'f'); };
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    const auto hyphen = run.find('-');
    switch (item) {
    case RulerItem::Numbers:
        return run.size() == 7 && std::all_of(run.begin(), run.end(), isDigit);
    case RulerItem::Words:
        return hyphen != run.npos && hyphen > 0 && hyphen + 1 < run.size()
            && std::all_of(run.begin(), run.end(), [&](char c) { return c == '-' || isLetter(c); });
    case RulerItem::Uuids:
        break;
    }
    for (std::size_t i = 0; i < run.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? run[i] != '-' : !isHex(run[i]))
            return false;
    }
    return run.size() == 36;
}

} // namespace

bool claimsRulerValue(const RecallTask& task, const TrialNeedle& needle, std::string_view decoded)
{
    const auto inRun = [](char c) { return c == '-' || isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    bool key = false, value = false;
    for (std::size_t i = 0; i < decoded.size(); ++i) {
        const std::size_t begin = i;
        while (i < decoded.size() && inRun(decoded[i]))
            ++i;
        const auto run = decoded.substr(begin, i - begin);
        const bool isKey = std::find(needle.keys.begin(), needle.keys.end(), run) != needle.keys.end();
        key = key || isKey;
        value = value || (!isKey && isRulerItem(formOf(task.ruler).value, run));
    }
    return key && value;
}

std::string_view continuationAfter(std::string_view answer, std::string_view prefix)
{
    return answer.substr(0, prefix.size()) == prefix ? answer.substr(prefix.size()) : answer;
}

Score scoreAnswer(const RecallTask& task, const TrialNeedle& needle, std::string_view answer)
{
    if (task.kind == TaskKind::Ruler)
        return scoreRuler(needle, answer);
    return task.kind == TaskKind::Passkey ? scorePasskey(needle, answer) : scoreNeedle(needle, answer);
}

double rougeL(std::string_view candidate, std::string_view reference)
{
    const auto a = wordsBetweenSpaces(candidate), b = wordsBetweenSpaces(reference);
    if (a.empty() || b.empty())
        return 0;
    std::vector<std::size_t> row(b.size() + 1, 0);
    for (const auto& word : a) {
        std::size_t diagonal = 0;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = word == b[j - 1] ? diagonal + 1 : std::max(above, row[j - 1]);
            diagonal = above;
        }
    }
    return 2.0 * static_cast<double>(row.back()) / static_cast<double>(a.size() + b.size());
}

Interval wilson(int hits, int trials, double z)
{
    return wilsonOfMean(trials > 0 ? hits / static_cast<double>(trials) : 0.0, trials, z);
}

Interval wilsonOfMean(double mean, int trials, double z)
{
    if (trials <= 0)
        return {};
    const double n = trials, z2 = z * z;
    const double centre = (mean + z2 / (2 * n)) / (1 + z2 / n);
    const double half = z * std::sqrt(mean * (1 - mean) / n + z2 / (4 * n * n)) / (1 + z2 / n);
    return {mean <= 0 ? 0.0 : std::max(0.0, centre - half), mean >= 1 ? 1.0 : std::min(1.0, centre + half)};
}

} // namespace hayloft
