// SPDX-License-Identifier: GPL-3.0-or-later
// Shared by the two halves of SegmentTextView: a block on screen and the space around the text.
#pragma once

#include "widgets/document/SegmentTextView.h"

namespace hayloft {

inline constexpr int kTextMargin = 10;

struct SegmentTextView::Shown {
    const TextBlock* block;
    BlockLayout* layout;
    QPointF origin; ///< in the viewport
};

} // namespace hayloft
