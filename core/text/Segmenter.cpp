// SPDX-License-Identifier: GPL-3.0-or-later
// Segments: sentences, paragraphs or fixed counts of tokens, each at most maxTokens long.
#include "core/text/Segmenter.h"

#include "core/text/SegmentSplitter.h"
#include "core/text/TextBoundaries.h"

#include <chrono>

namespace hayloft {
namespace {

/// Ends of the units that the kind asks for; the last is the text's end.
std::vector<std::size_t> unitEnds(
    std::string_view text, SegmenterKind kind, const std::vector<TextBoundary>& boundaries)
{
    std::vector<std::size_t> ends;
    for (const auto& boundary : boundaries)
        if (kind == SegmenterKind::Sentence || boundary.paragraph)
            ends.push_back(boundary.at);
    ends.push_back(text.size());
    return ends;
}

CutAt cutsOf(SegmenterKind kind)
{
    switch (kind) {
    case SegmenterKind::Tokens:
        return CutAt::Tokens;
    case SegmenterKind::Paragraph:
        return CutAt::Sentences;
    case SegmenterKind::Sentence:
        break;
    }
    return CutAt::Clauses;
}

/// Reports at most every 30 ms.
class Reporter {
public:
    Reporter(const Task& task, std::size_t total)
        : m_task(task)
        , m_total(total)
    {
    }
    void at(std::size_t done)
    {
        const auto now = Clock::now();
        if (now - m_last < std::chrono::milliseconds(30))
            return;
        m_last = now;
        m_task.report({ "segment", static_cast<double>(done), static_cast<double>(m_total), "bytes", "" });
    }

private:
    using Clock = std::chrono::steady_clock;
    const Task& m_task;
    std::size_t m_total;
    Clock::time_point m_last = Clock::now();
};

/// Longer units are certainly cut by the splitter, which tokenises them in windows.
constexpr std::size_t kLongUnit = std::size_t { 16 } << 10;

} // namespace

std::vector<Segment> segmentText(
    std::string_view text, const Tokenizer& tokenizer, const SegmenterOptions& options, const Task& task)
{
    if (options.maxTokens < 2)
        throw Error("segments need at least 2 tokens", std::to_string(options.maxTokens), "allow longer segments");
    std::vector<Segment> segments;
    if (text.empty())
        return segments;
    task.check();
    std::size_t begin = skipSpaces(text, 0);
    if (begin == text.size()) {
        segments.push_back({ 0, text.size(), text.size(), text.size(), {} });
        return segments;
    }
    std::vector<TextBoundary> boundaries;
    if (options.kind != SegmenterKind::Tokens)
        boundaries = findTextBoundaries(text, options.lineBreaks, task);
    SegmentSplitter splitter(text, tokenizer, options.maxTokens, cutsOf(options.kind), boundaries);
    Reporter reporter(task, text.size());
    for (const std::size_t end : unitEnds(text, options.kind, boundaries)) {
        Segment whole { begin, end, begin, trimmedEnd(text, begin, end), {} };
        if (whole.contentEnd - begin <= kLongUnit)
            whole.tokens = tokenizer.encode(text.substr(begin, whole.contentEnd - begin));
        if (!whole.tokens.empty() && whole.tokens.size() <= static_cast<std::size_t>(options.maxTokens))
            segments.push_back(std::move(whole));
        else
            splitter.split(begin, end, task, [&](Segment&& part) {
                reporter.at(part.end);
                segments.push_back(std::move(part));
            });
        begin = end;
        reporter.at(end);
    }
    segments.front().begin = 0; // white space at the start belongs to the first segment
    return segments;
}

SegmenterKind segmenterKindFromName(std::string_view name)
{
    for (const auto kind : { SegmenterKind::Sentence, SegmenterKind::Tokens, SegmenterKind::Paragraph })
        if (nameOf(kind) == name)
            return kind;
    throw Error("there is no such segmenter", std::string(name), "choose sentence, tokens or paragraph");
}

std::string_view nameOf(SegmenterKind kind)
{
    switch (kind) {
    case SegmenterKind::Sentence:
        return "sentence";
    case SegmenterKind::Tokens:
        return "tokens";
    case SegmenterKind::Paragraph:
        break;
    }
    return "paragraph";
}

} // namespace hayloft
