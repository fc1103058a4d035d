// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/HaystackAssembly.h"

#include "core/base/Random.h"
#include "core/base/Space.h"

#include <algorithm>
#include <tuple>

namespace hayloft {

namespace {

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

/// A needle on its way into a layout.
struct Planting {
    std::size_t number;
    double depthPercent; ///< wanted
    Part part;
    InsertionPoint point;
};

std::vector<Planting> plantingsOf(const Haystack& haystack, const TrialNeedle& needle, double depthPercent, bool planted)
{
    std::vector<Planting> plantings;
    const auto add = [&](std::size_t number, const std::string& text, double depth) {
        plantings.push_back({number, depth, segmentPart(text, haystack.tokenizer(), haystack.options()), {}});
    };
    if (planted)
        add(0, needle.text, depthPercent);
    for (std::size_t i = 0; i < needle.others.size(); ++i) {
        if (planted || !needle.others[i].asked)
            add(i + 1, needle.others[i].text, needle.others[i].depthPercent);
    }
    return plantings;
}

void sortPlantings(std::vector<Planting>& plantings)
{
    std::sort(plantings.begin(), plantings.end(), [](const Planting& a, const Planting& b) {
        return std::tuple(a.point.before, a.point.splitByte, a.depthPercent, a.number)
            < std::tuple(b.point.before, b.point.splitByte, b.depthPercent, b.number);
    });
}

/// The strips of a context from its sorted plantings.
class StripBuilder {
public:
    StripBuilder(const Haystack& haystack, ContextLayout& layout) : m_haystack(haystack), m_layout(layout) {}

    void addOpening(const Part& part)
    {
        Strip& strip = add(Strip::Kind::Opening);
        strip.part = part;
    }
    void addPieces(Index end)
    {
        if (m_at >= end)
            return;
        Strip& strip = add(Strip::Kind::Pieces);
        strip.first = m_at;
        strip.count = end - m_at;
        m_at = end;
    }
    void addNeedle(const Planting& planting)
    {
        const InsertionPoint& point = planting.point;
        if (m_splitByte > 0 && point.before != m_at)
            finishSplit();
        addPieces(point.before);
        if (point.splits() && point.splitByte > m_splitByte)
            addSplit(point.splitByte);
        Strip& strip = add(Strip::Kind::Needle);
        strip.needle = planting.number;
        strip.part = planting.part;
    }
    void finish()
    {
        if (m_splitByte > 0)
            finishSplit();
        addPieces(m_layout.pieces);
    }

private:
    Strip& add(Strip::Kind kind)
    {
        m_layout.strips.emplace_back();
        m_layout.strips.back().kind = kind;
        return m_layout.strips.back();
    }
    void addSplit(std::size_t end)
    {
        const auto text = rotationText(m_haystack, m_layout, m_at);
        Strip& strip = add(Strip::Kind::Split);
        strip.first = m_at;
        strip.begin = m_splitByte;
        strip.end = end;
        strip.part = segmentPart(text.substr(m_splitByte, end - m_splitByte), m_haystack.tokenizer(), m_haystack.options());
        m_splitByte = end;
    }
    void finishSplit()
    {
        addSplit(rotationText(m_haystack, m_layout, m_at).size());
        m_splitByte = 0;
        ++m_at;
    }

    const Haystack& m_haystack;
    ContextLayout& m_layout;
    Index m_at = 0;              ///< the next piece
    std::size_t m_splitByte = 0; ///< > 0: that piece is split and stands there up to this byte
};

/// Fills the strips and the depths. @return tokens of the haystack in the context
std::int64_t place(const Haystack& haystack, ContextLayout& layout, const Part& opening, std::vector<Planting>& plantings, Placement placement)
{
    for (auto& planting : plantings)
        planting.point = insertionPoint(
            layout.pieces, [&](Index n) { return haystack.windowTokens(layout.offset, n); },
            [&](Index n) { return rotationText(haystack, layout, n); }, haystack.tokenizer(), planting.depthPercent, placement);
    sortPlantings(plantings);
    layout.strips.clear();
    StripBuilder builder(haystack, layout);
    builder.addOpening(opening);
    for (const auto& planting : plantings)
        builder.addNeedle(planting);
    builder.finish();
    std::int64_t tokens = 0;
    for (const auto& strip : layout.strips) {
        if (strip.kind == Strip::Kind::Pieces)
            tokens += haystack.windowTokens(layout.offset, strip.first + strip.count) - haystack.windowTokens(layout.offset, strip.first);
        else if (strip.kind == Strip::Kind::Split)
            tokens += strip.part.tokens;
        else if (strip.kind == Strip::Kind::Needle)
            layout.depths[strip.needle] = static_cast<double>(tokens);
    }
    for (double& depth : layout.depths) {
        if (depth >= 0)
            depth = tokens > 0 ? 100.0 * depth / static_cast<double>(tokens) : 0.0;
    }
    return tokens;
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
    std::size_t end = 0; // of the content before
    for (auto& segment : segmentText(text, tokenizer, options)) {
        if (segment.tokens.empty())
            continue;
        if (part.segments.empty())
            part.flushBegin = segment.contentBegin == 0;
        else
            part.glued.back() = end == segment.contentBegin;
        end = segment.contentEnd;
        part.tokens += static_cast<std::int64_t>(segment.tokens.size());
        part.texts.emplace_back(text.substr(segment.contentBegin, segment.contentEnd - segment.contentBegin));
        part.segments.push_back(std::move(segment.tokens));
        part.glued.push_back(0);
    }
    part.flushEnd = end == text.size();
    return part;
}

Index ContextLayout::segments() const
{
    Index count = 0;
    for (const auto& strip : strips)
        count += strip.segments();
    return count;
}

const Strip* ContextLayout::needle(std::size_t number) const
{
    for (const auto& strip : strips) {
        if (strip.kind == Strip::Kind::Needle && strip.needle == number)
            return &strip;
    }
    return nullptr;
}

bool arePiecesGlued(const Haystack& haystack, const ContextLayout& layout, Index ordinal)
{
    const Index next = haystack.pieceAt(layout.offset, ordinal + 1);
    return next != 0 && haystack.piece(haystack.pieceAt(layout.offset, ordinal)).flushEnd && haystack.piece(next).flushBegin;
}

bool isGlued(const Haystack& haystack, const ContextLayout& layout, const Strip& left, const Strip& right)
{
    const auto isHaystack = [](const Strip& strip) { return strip.kind == Strip::Kind::Pieces || strip.kind == Strip::Kind::Split; };
    return isHaystack(left) && isHaystack(right) && arePiecesGlued(haystack, layout, right.first - 1);
}

ContextLayout layOut(const Haystack& haystack, Placement placement, const TrialNeedle& needle, Index offset,
                     std::int64_t lengthTokens, double depthPercent, bool planted)
{
    ContextLayout layout;
    layout.offset = offset;
    const Part opening = segmentPart(needle.openingLine, haystack.tokenizer(), haystack.options());
    auto plantings = plantingsOf(haystack, needle, depthPercent, planted);
    std::int64_t added = opening.tokens;
    for (const auto& planting : plantings)
        added += planting.part.tokens;
    if (lengthTokens - added < haystack.options().maxTokens)
        throw Error("the length leaves no room for the haystack", std::to_string(lengthTokens) + " tokens",
                    "use at least " + std::to_string(added + haystack.options().maxTokens)
                        + " (the planted text has " + std::to_string(added) + ", a segment up to "
                        + std::to_string(haystack.options().maxTokens) + ")");
    layout.pieces = haystack.piecesWithin(offset, lengthTokens - added);
    layout.depths.assign(needle.needles(), -1.0);
    std::int64_t haystackTokens = place(haystack, layout, opening, plantings, placement);
    // The parts of a piece can have a token or two more than the piece.
    while (added + haystackTokens > lengthTokens && layout.pieces > 1) {
        --layout.pieces;
        haystackTokens = place(haystack, layout, opening, plantings, placement);
    }
    if (added + haystackTokens > lengthTokens)
        haystackTokens = place(haystack, layout, opening, plantings, Placement::Boundary);
    layout.lengthAchieved = added + haystackTokens;
    layout.depthAchieved = std::max(0.0, layout.depths.front());
    return layout;
}

AssembledContext assemble(const Haystack& haystack, const ContextLayout& layout, const TrialNeedle& needle)
{
    AssembledContext context;
    context.needle = needle;
    context.depthAchieved = layout.depthAchieved;
    context.lengthAchieved = layout.lengthAchieved;
    context.haystackOffset = layout.offset;
    context.needles.assign(needle.needles(), {0, 0});
    TextBuilder builder(context);
    const auto startPiece = [&](Index ordinal) {
        if (ordinal > 0 && haystack.pieceAt(layout.offset, ordinal) == 0)
            builder.separateWords();
    };
    for (const auto& strip : layout.strips) {
        if (strip.kind == Strip::Kind::Pieces) {
            for (Index i = strip.first; i < strip.first + strip.count; ++i) {
                startPiece(i);
                builder.add(rotationText(haystack, layout, i));
            }
        } else if (strip.kind == Strip::Kind::Split) {
            if (strip.begin == 0)
                startPiece(strip.first);
            builder.add(rotationText(haystack, layout, strip.first).substr(strip.begin, strip.end - strip.begin));
        } else {
            builder.separate();
            const std::size_t begin = context.text.size();
            builder.add(strip.kind == Strip::Kind::Opening ? needle.openingLine
                            : strip.needle == 0            ? needle.text
                                                           : needle.others[strip.needle - 1].text);
            if (strip.kind == Strip::Kind::Needle)
                context.needles[strip.needle] = {begin, context.text.size()};
            builder.separate();
        }
    }
    context.needleBegin = context.needles.front().first;
    context.needleEnd = context.needles.front().second;
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
