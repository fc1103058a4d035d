// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts a document into segments.
#pragma once

#include "core/base/Progress.h"
#include "core/text/Tokenizer.h"

#include <string_view>
#include <vector>

namespace hayloft {

enum class SegmenterKind { Sentence, Tokens, Paragraph };

/// What a single newline means. A blank line always ends a paragraph.
enum class LineBreaks {
    Auto, ///< decided for the whole text by detectLineBreaks
    EndParagraphs, ///< a line is a paragraph
    Wrap ///< lines are wrapped prose: a newline is a space
};

struct SegmenterOptions {
    SegmenterKind kind = SegmenterKind::Sentence;
    int maxTokens = 64; ///< tokens; a longer sentence or paragraph is split at clauses, words or tokens
    /// Pieces of one text that are cut apart (an insertion) keep their cuts only with the whole text's choice.
    LineBreaks lineBreaks = LineBreaks::Auto;
};

/// A stretch of the document that is written as one unit. Segments tile the text: each begins where the one
/// before ends. White space around the content belongs to the range but is not encoded.
struct Segment {
    std::size_t begin = 0; ///< bytes in the text
    std::size_t end = 0;
    std::size_t contentBegin = 0; ///< bytes of the text without the white space around it
    std::size_t contentEnd = 0;
    TokenIds tokens; ///< tokenizer.encode(content), 0..maxTokens ids; none only if all is white space
};

/// Cuts the whole text; concatenated ranges give it back. Only a text that is white space throughout yields a
/// segment without tokens. @throws Error for maxTokens < 2, Cancelled.
std::vector<Segment> segmentText(
    std::string_view text, const Tokenizer& tokenizer, const SegmenterOptions& options, const Task& task = {});

/// Wrap when most lines that another follows are about equally long (up to 120 columns); never Auto.
LineBreaks detectLineBreaks(std::string_view text);

/// "sentence", "tokens", "paragraph". @throws Error for another word.
SegmenterKind segmenterKindFromName(std::string_view name);
std::string_view nameOf(SegmenterKind kind);

} // namespace hayloft
