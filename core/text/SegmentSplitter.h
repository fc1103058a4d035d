// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts a stretch of text that is too long for one segment.
#pragma once

#include "core/text/Segmenter.h"
#include "core/text/TextBoundaries.h"

#include <functional>
#include <span>

namespace hayloft {

/// Where a stretch may be cut, from best to worst.
enum class CutAt { Sentences, Clauses, Tokens };

/// Cuts stretches into segments of at most `maxTokens` tokens, in time linear in their length.
class SegmentSplitter {
public:
    using Emit = std::function<void(Segment&&)>;

    /// `boundaries` are the sentence starts that CutAt::Sentences prefers.
    SegmentSplitter(std::string_view text, const Tokenizer& tokenizer, int maxTokens, CutAt cutAt,
        std::span<const TextBoundary> boundaries);

    /// Cuts `[begin, end)`, which starts with other than white space. @throws Error, Cancelled
    void split(std::size_t begin, std::size_t end, const Task& task, const Emit& emit);

private:
    struct Window;
    struct Cut {
        std::size_t at = 0;
        std::size_t tokens = 0; ///< of the window, before the cut
    };
    Cut chooseCut(
        const Window& window, std::size_t begin, std::size_t first, std::size_t wanted, std::size_t most) const;
    std::size_t rank(const Window& window, std::size_t at) const;
    Segment cutOff(const Window& window, std::size_t& first, std::size_t begin) const;
    Segment segmentOf(std::size_t begin, std::size_t end) const;
    bool isSentenceStart(std::size_t at) const;

    std::string_view m_text;
    const Tokenizer& m_tokenizer;
    std::size_t m_maxTokens;
    CutAt m_cutAt;
    std::span<const TextBoundary> m_boundaries;
};

} // namespace hayloft
