// SPDX-License-Identifier: GPL-3.0-or-later
// Where needles go: the rules that both paths of a sweep and the workbench share.
#pragma once

#include "core/recall/Haystack.h"
#include "core/recall/SweepRunner.h"

#include <functional>
#include <optional>

namespace hayloft {

/// A place between pieces, or inside one.
struct InsertionPoint {
    Index before = 0;          ///< whole pieces before the insertion
    std::size_t splitByte = 0; ///< > 0: piece `before` is split at this byte of its text
    bool splits() const { return splitByte > 0; }
};

/// The insertion point of a wanted depth in a row of `pieces` pieces. Boundary: the piece boundary at or before the
/// depth, in tokens. Inside: in the piece at the depth, at the word boundary at or before it (a token boundary in text
/// without spaces, a piece boundary if the piece has one token).
/// @param tokensBefore tokens of the first n pieces, n = 0..pieces
InsertionPoint insertionPoint(Index pieces, const std::function<std::int64_t(Index)>& tokensBefore,
                              const std::function<std::string_view(Index)>& pieceText, const Tokenizer& tokenizer,
                              double depthPercent, Placement placement);

/// A stretch that a trial adds or changes, segmented on its own: token ids of each segment that has any.
struct Part {
    std::vector<TokenIds> segments;
    std::vector<std::string> texts; ///< content of each
    std::vector<char> glued;        ///< of each: no white space between it and the next one
    std::int64_t tokens = 0;
    bool flushBegin = true, flushEnd = true; ///< no white space before or after its content
};
Part segmentPart(std::string_view text, const Tokenizer& tokenizer, const SegmenterOptions& options);

/// One stretch of a context.
struct Strip {
    enum class Kind { Opening, Pieces, Split, Needle };
    Kind kind = Kind::Pieces;
    Index first = 0;                ///< Pieces: the first one's place in the rotation; Split: that of the piece that is split
    Index count = 0;                ///< Pieces: how many
    std::size_t begin = 0, end = 0; ///< Split: bytes of that piece's text
    std::size_t needle = 0;         ///< Needle: which of the trial's
    Part part;                      ///< all but Pieces

    Index segments() const { return kind == Kind::Pieces ? count : static_cast<Index>(part.segments.size()); }
};

/// Everything about one context but its text: its strips in their order, made of the opening line, `pieces` pieces of the
/// rotation from `offset`, and the planted texts. As many whole pieces as fit; the length counts all segments' tokens.
struct ContextLayout {
    Index offset = 0;
    Index pieces = 0;
    std::vector<Strip> strips;
    std::vector<double> depths;      ///< achieved, by number of the needle; percent of the haystack's tokens, -1 if not planted
    double depthAchieved = 0;        ///< of needle 0; 0 when it is not planted
    std::int64_t lengthAchieved = 0;

    Index segments() const;                    ///< of the whole context
    const Strip* needle(std::size_t number) const; ///< nullptr if it is not planted
};

/// Whether the last segment of a strip is glued to the first one of the next: haystack text that goes on.
bool isGlued(const Haystack& haystack, const ContextLayout& layout, const Strip& left, const Strip& right);
/// The same of two pieces that follow each other in the rotation. @param ordinal of the first
bool arePiecesGlued(const Haystack& haystack, const ContextLayout& layout, Index ordinal);

/// Lays out one context. Needles that fall on the same place stand in the order of their wanted depths.
/// @param planted false for a negative control: only needles that are not asked for stand in it.
/// @throws Error when the length leaves no room for one segment of the haystack.
ContextLayout layOut(const Haystack& haystack, Placement placement, const TrialNeedle& needle, Index offset,
                     std::int64_t lengthTokens, double depthPercent, bool planted = true);

/// The context's text. Opening line, needle and haystack are separated by line feeds; `restarts` stands at every piece,
/// part and separator, so each stretch between restarts is to be segmented on its own.
AssembledContext assemble(const Haystack& haystack, const ContextLayout& layout, const TrialNeedle& needle);

/// The start of the rotation that a trial draws.
Index drawOffset(std::uint64_t trialSeed, Index pieces);

} // namespace hayloft
