// SPDX-License-Identifier: GPL-3.0-or-later
// A document as the pieces that sweeps rotate and cut.
#pragma once

#include "core/text/Document.h"
#include "core/text/Segmenter.h"

namespace hayloft {

/// One segment of the haystack's own segmentation.
struct Piece {
    std::size_t begin = 0; ///< bytes in the document
    std::size_t end = 0;
    TokenIds tokens;       ///< 1..maxTokens ids
    bool flushBegin = true, flushEnd = true; ///< no white space before or after its content
};

/// The haystack's own segmentation, refined until every piece is a segment of its own when it is segmented alone. That
/// is what lets a context be put together from pieces: segmentation restarts at every piece, so a path that cuts the
/// assembled text anew gets the very same segments, whatever segmenter is used and wherever a rotation starts or wraps.
/// Keeps a reference to the document and the tokenizer.
class Haystack {
public:
    /// @throws Error for a document without a token, Cancelled.
    Haystack(const Document& document, const Tokenizer& tokenizer, const SegmenterOptions& options, const Task& task = {});

    const Document& document() const { return m_document; }
    const Tokenizer& tokenizer() const { return m_tokenizer; }
    const SegmenterOptions& options() const { return m_options; }
    Index size() const { return static_cast<Index>(m_pieces.size()); } ///< N
    const Piece& piece(Index i) const { return m_pieces[static_cast<std::size_t>(i)]; }
    std::string_view text(Index i) const;
    std::int64_t tokens() const { return m_tokensBefore.back(); } ///< of all pieces

    /// The piece at place `ordinal` of the rotation that starts at `offset`; it wraps round.
    Index pieceAt(Index offset, Index ordinal) const { return (offset + ordinal) % size(); }
    /// Tokens of the first `pieces` pieces of the rotation; more than N pieces repeat the haystack.
    std::int64_t windowTokens(Index offset, Index pieces) const;
    /// How many whole pieces of the rotation fit into `budget` tokens.
    Index piecesWithin(Index offset, std::int64_t budget) const;

private:
    void refine(std::size_t begin, std::size_t end);

    const Document& m_document;
    const Tokenizer& m_tokenizer;
    SegmenterOptions m_options;
    std::vector<Piece> m_pieces;
    std::vector<std::int64_t> m_tokensBefore; ///< N + 1
};

} // namespace hayloft
