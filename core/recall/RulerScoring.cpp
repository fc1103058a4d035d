// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/RulerScoring.h"

#include "core/text/Utf8.h"

#include <array>
#include <charconv>
#include <numeric>

namespace hayloft {

namespace {

/// White space as Python's str.strip() has it: the separators U+001C..U+001F count too.
bool isStripped(char32_t c)
{
    return (c >= 0x1C && c <= 0x1F) || utf8::isSpace(c);
}

std::string_view stripped(std::string_view text)
{
    while (!text.empty()) {
        const auto first = utf8::codePointAt(text, 0);
        if (!first.valid || !isStripped(first.value))
            break;
        text.remove_prefix(first.size);
    }
    while (!text.empty()) {
        const auto last = utf8::codePointBefore(text, text.size());
        if (!last.valid || !isStripped(last.value))
            break;
        text.remove_suffix(last.size);
    }
    return text;
}

std::string lowered(std::string text)
{
    for (char& c : text)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return text;
}

} // namespace

std::string rulerPostprocessed(std::string_view answer)
{
    std::string text(stripped(answer));
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20)
            c = '\n';
    return std::string(stripped(text));
}

double rulerScore(std::span<const std::string> expected, std::string_view answer)
{
    if (expected.empty())
        return 0;
    const std::string text = lowered(rulerPostprocessed(answer));
    int contained = 0;
    for (const std::string& reference : expected)
        contained += text.find(lowered(reference)) != std::string::npos;
    return contained / static_cast<double>(expected.size());
}

double rulerMean(std::span<const double> scores)
{
    if (scores.empty())
        return 0;
    const double mean = std::accumulate(scores.begin(), scores.end(), 0.0) / static_cast<double>(scores.size()) * 100;
    // Through decimal text, as Python's round does it: scaling by 100 first would round 1.005 and its like otherwise.
    std::array<char, 64> digits {};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), mean, std::chars_format::fixed, 2);
    double rounded = mean;
    std::from_chars(digits.data(), written.ptr, rounded);
    return rounded;
}

} // namespace hayloft
