// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/HaystackAssembly.h"

#include "core/base/Random.h"

#include <algorithm>

namespace hayloft {

namespace {

bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool isCharacterStart(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

std::size_t contentBegin(std::string_view text)
{
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isSpace) - text.begin());
}

/// The byte at which to split a piece `within` tokens from its start; 0 if it has no inner boundary. The boundary at or
/// before `within`, or the first one after it; between words if there are several words.
std::size_t splitByte(std::string_view text, const Tokenizer& tokenizer, double within)
{
    const std::size_t begin = contentBegin(text);
    std::size_t end = text.size();
    while (end > begin && isSpace(text[end - 1]))
        --end;
    const std::string_view content = text.substr(begin, end - begin);
    const auto spans = tokenizer.encodeSpans(content);
    std::size_t found[2] = {0, 0}; // between words, between tokens
    for (std::size_t t = 1; t < spans.size(); ++t) {
        const std::size_t at = spans[t].begin;
        if (at == 0 || at >= content.size() || !isCharacterStart(content[at]))
            continue;
        const bool word = isSpace(content[at]) || isSpace(content[at - 1]);
        for (int kind = word ? 0 : 1; kind < 2; ++kind) {
            if (found[kind] == 0 || static_cast<double>(t) <= within + 1e-9)
                found[kind] = begin + at;
        }
    }
    return found[0] > 0 ? found[0] : found[1];
}

std::string_view rotationText(const Haystack& haystack, const ContextLayout& layout, Index ordinal)
{
    return haystack.text(haystack.pieceAt(layout.offset, ordinal));
}

/// Appends stretches and notes where each begins.
class TextBuilder {
public:
    explicit TextBuilder(AssembledContext& context) : m_context(context) {}
    void add(std::string_view stretch)
    {
        if (stretch.empty())
            return;
        if (!m_context.text.empty())
            m_context.restarts.push_back(m_context.text.size());
        m_context.text += stretch;
    }
    void separate()
    {
        if (!m_context.text.empty() && m_context.text.back() != '\n')
            add("\n");
    }
    /// Where the document wraps round its last word and its first must not touch.
    void separateWords()
    {
        if (!m_context.text.empty() && !isSpace(m_context.text.back()))
            add("\n");
    }

private:
    AssembledContext& m_context;
};

std::int64_t placePart(const Haystack& haystack, ContextLayout& layout, Placement placement, double depthPercent)
{
    layout.left = layout.right = {};
    layout.point = insertionPoint(
        layout.pieces, [&](Index n) { return haystack.windowTokens(layout.offset, n); },
        [&](Index n) { return rotationText(haystack, layout, n); }, haystack.tokenizer(), depthPercent, placement);
    std::int64_t before = haystack.windowTokens(layout.offset, layout.point.before);
    std::int64_t all = haystack.windowTokens(layout.offset, layout.pieces);
    if (layout.point.splits()) {
        const auto text = rotationText(haystack, layout, layout.point.before);
        layout.left = segmentPart(text.substr(0, layout.point.splitByte), haystack.tokenizer(), haystack.options());
        layout.right = segmentPart(text.substr(layout.point.splitByte), haystack.tokenizer(), haystack.options());
        const auto& piece = haystack.piece(haystack.pieceAt(layout.offset, layout.point.before));
        before += layout.left.tokens;
        all += layout.left.tokens + layout.right.tokens - static_cast<std::int64_t>(piece.tokens.size());
    }
    layout.depthAchieved = all > 0 ? 100.0 * static_cast<double>(before) / static_cast<double>(all) : 0.0;
    return all;
}

} // namespace

InsertionPoint insertionPoint(Index pieces, const std::function<std::int64_t(Index)>& tokensBefore,
                              const std::function<std::string_view(Index)>& pieceText, const Tokenizer& tokenizer,
                              double depthPercent, Placement placement)
{
    if (!(depthPercent >= 0 && depthPercent <= 100))
        throw Error("a depth must lie between 0 and 100 percent", "depth " + std::to_string(depthPercent), "");
    const double all = static_cast<double>(tokensBefore(pieces));
    const double wanted = depthPercent / 100.0 * all + 1e-9 * all;
    Index low = 0, high = pieces;
    while (low < high) {
        const Index middle = (low + high + 1) / 2;
        if (static_cast<double>(tokensBefore(middle)) <= wanted)
            low = middle;
        else
            high = middle - 1;
    }
    if (placement == Placement::Boundary || pieces == 0)
        return {low, 0};
    const Index piece = std::min(low, pieces - 1);
    const std::size_t byte = splitByte(pieceText(piece), tokenizer, wanted - static_cast<double>(tokensBefore(piece)));
    return {byte > 0 ? piece : low, byte};
}

Part segmentPart(std::string_view text, const Tokenizer& tokenizer, const SegmenterOptions& options)
{
    Part part;
    if (text.empty())
        return part;
    for (auto& segment : segmentText(text, tokenizer, options)) {
        if (segment.tokens.empty())
            continue;
        part.tokens += static_cast<std::int64_t>(segment.tokens.size());
        part.texts.emplace_back(text.substr(segment.contentBegin, segment.contentEnd - segment.contentBegin));
        part.segments.push_back(std::move(segment.tokens));
    }
    return part;
}

ContextLayout layOut(const Haystack& haystack, Placement placement, const TrialNeedle& needle, Index offset,
                     std::int64_t lengthTokens, double depthPercent, bool planted)
{
    ContextLayout layout;
    layout.offset = offset;
    layout.planted = planted;
    layout.opening = segmentPart(needle.openingLine, haystack.tokenizer(), haystack.options());
    if (planted)
        layout.needle = segmentPart(needle.text, haystack.tokenizer(), haystack.options());
    const std::int64_t added = layout.opening.tokens + layout.needle.tokens;
    if (lengthTokens - added < haystack.options().maxTokens)
        throw Error("the length leaves no room for the haystack", std::to_string(lengthTokens) + " tokens",
                    "use at least " + std::to_string(added + haystack.options().maxTokens)
                        + " (the planted text has " + std::to_string(added) + ", a segment up to "
                        + std::to_string(haystack.options().maxTokens) + ")");
    layout.pieces = haystack.piecesWithin(offset, lengthTokens - added);
    if (!planted) {
        layout.lengthAchieved = added + haystack.windowTokens(offset, layout.pieces);
        return layout;
    }
    std::int64_t haystackTokens = placePart(haystack, layout, placement, depthPercent);
    // Two parts of a piece can have a token or two more than the piece.
    while (added + haystackTokens > lengthTokens && layout.pieces > 1) {
        --layout.pieces;
        haystackTokens = placePart(haystack, layout, placement, depthPercent);
    }
    if (added + haystackTokens > lengthTokens)
        haystackTokens = placePart(haystack, layout, Placement::Boundary, depthPercent);
    layout.lengthAchieved = added + haystackTokens;
    return layout;
}

AssembledContext assemble(const Haystack& haystack, const ContextLayout& layout, const TrialNeedle& needle)
{
    AssembledContext context;
    context.needle = needle;
    context.depthAchieved = layout.depthAchieved;
    context.lengthAchieved = layout.lengthAchieved;
    context.haystackOffset = layout.offset;
    TextBuilder builder(context);
    builder.add(needle.openingLine);
    builder.separate();
    const auto plant = [&] {
        builder.separate();
        context.needleBegin = context.text.size();
        builder.add(needle.text);
        context.needleEnd = context.text.size();
        builder.separate();
    };
    for (Index i = 0; i < layout.pieces; ++i) {
        const auto text = rotationText(haystack, layout, i);
        const bool here = layout.planted && i == layout.point.before;
        if (i > 0 && haystack.pieceAt(layout.offset, i) == 0)
            builder.separateWords();
        if (here && layout.point.splits())
            builder.add(text.substr(0, layout.point.splitByte));
        if (here)
            plant();
        builder.add(here && layout.point.splits() ? text.substr(layout.point.splitByte) : text);
    }
    if (layout.planted && layout.point.before == layout.pieces)
        plant();
    return context;
}

Index drawOffset(std::uint64_t trialSeed, Index pieces)
{
    Random random(mixSeed(trialSeed, 2));
    return static_cast<Index>(random.below(static_cast<std::uint64_t>(pieces)));
}

AssembledContext assembleTrial(const SweepPlan& plan, const Document& haystack, const Tokenizer& tokenizer,
                               std::int64_t lengthTokens, double depthPercent, int trial, const Task& task)
{
    const Haystack pieces(haystack, tokenizer, plan.segmenter, task);
    const std::uint64_t seed = trialSeed(plan.seed, lengthTokens, depthPercent, trial);
    const TrialNeedle needle = drawNeedle(plan.task, seed);
    const auto layout = layOut(pieces, plan.task.placement, needle, drawOffset(seed, pieces.size()), lengthTokens, depthPercent);
    return assemble(pieces, layout, needle);
}

} // namespace hayloft
