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
    std::int64_t tokens = 0;
};
Part segmentPart(std::string_view text, const Tokenizer& tokenizer, const SegmenterOptions& options);

/// Everything about one context but its text: opening line, `pieces` pieces of the rotation from `offset`, and the
/// planted text at `point`. As many whole pieces as fit; the length counts the tokens of all segments.
struct ContextLayout {
    Index offset = 0;
    Index pieces = 0;
    InsertionPoint point;
    bool planted = true;
    Part opening, needle;
    Part left, right;            ///< of the piece that is split, if one is
    double depthAchieved = 0;    ///< percent of the haystack's tokens
    std::int64_t lengthAchieved = 0;
};

/// Lays out one context. @param planted false for a negative control.
/// @throws Error when the length leaves no room for one segment of the haystack.
ContextLayout layOut(const Haystack& haystack, Placement placement, const TrialNeedle& needle, Index offset,
                     std::int64_t lengthTokens, double depthPercent, bool planted = true);

/// The context's text. Opening line, needle and haystack are separated by line feeds; `restarts` stands at every piece,
/// part and separator, so each stretch between restarts is to be segmented on its own.
AssembledContext assemble(const Haystack& haystack, const ContextLayout& layout, const TrialNeedle& needle);

/// The start of the rotation that a trial draws.
Index drawOffset(std::uint64_t trialSeed, Index pieces);

} // namespace hayloft
