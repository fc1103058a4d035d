// SPDX-License-Identifier: GPL-3.0-or-later
// Tells prose that is wrapped at a margin from text whose lines are paragraphs.
#include "core/text/Segmenter.h"
#include "core/text/TextBoundaries.h"
#include "core/text/Utf8.h"

#include <algorithm>

namespace hayloft {
namespace {

struct Line {
    int columns = 0; ///< East Asian characters count twice; 0 when blank
    bool stops = false; ///< ends with an end mark
};

bool isWide(char32_t c)
{
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFF60);
}

std::vector<Line> firstLines(std::string_view text)
{
    constexpr std::size_t kEnough = 20000;
    std::vector<Line> lines(1);
    int width = 0; // with the white space that may turn out to be at the end
    for (std::size_t at = 0; at < text.size() && lines.size() <= kEnough;) {
        const auto c = utf8::codePointAt(text, at);
        at += c.size;
        if (c.value == '\r' && at < text.size() && text[at] == '\n')
            continue;
        if (c.value == '\n' || c.value == '\r' || c.value == 0x2028 || c.value == 0x85) {
            lines.emplace_back();
            width = 0;
            continue;
        }
        width = std::min(width + (isWide(c.value) ? 2 : 1), 1 << 20);
        if (utf8::isSpace(c.value))
            continue;
        lines.back().columns = width;
        if (!isCloser(c.value))
            lines.back().stops = isTerminator(c.value);
    }
    return lines;
}

} // namespace

LineBreaks detectLineBreaks(std::string_view text)
{
    const std::vector<Line> lines = firstLines(text);
    std::vector<int> widths; // of the lines that another line follows
    int open = 0;
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
        if (lines[i].columns == 0 || lines[i + 1].columns == 0)
            continue;
        widths.push_back(lines[i].columns);
        open += lines[i].stops ? 0 : 1;
    }
    if (widths.empty())
        return LineBreaks::EndParagraphs;
    const auto share = [&](int from, int to) {
        const auto n = std::count_if(widths.begin(), widths.end(), [=](int w) { return w >= from && w <= to; });
        return static_cast<double>(n) / static_cast<double>(widths.size());
    };
    if (widths.size() < 3)
        return share(55, 100) == 1 && open > 0 ? LineBreaks::Wrap : LineBreaks::EndParagraphs;
    const auto high = widths.begin() + static_cast<std::ptrdiff_t>((widths.size() - 1) * 9 / 10);
    std::nth_element(widths.begin(), high, widths.end());
    const int margin = *high;
    const bool even = margin >= 40 && margin <= 120 && share(margin * 7 / 10, margin * 13 / 10) >= 0.6;
    // Where nearly every line ends a sentence, the lines were meant.
    return even && open * 4 >= static_cast<int>(widths.size()) ? LineBreaks::Wrap : LineBreaks::EndParagraphs;
}

} // namespace hayloft
