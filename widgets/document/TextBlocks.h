// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts a text of any size into blocks that are laid out one by one, and sums their heights.
#pragma once

#include "widgets/DocumentPanel.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace hayloft {

/// Bytes [begin, end) of the text; `columns` and `breaks` estimate its height before it is laid out.
struct TextBlock {
    std::size_t begin = 0, end = 0;
    int columns = 0; ///< average-character widths
    int breaks = 0;  ///< line feeds
};

/// Blocks of about 1 to 4 KiB that tile the text: cut after a line feed, else where a segment begins, else between words.
std::vector<TextBlock> cutBlocks(std::string_view text, const std::vector<SegmentView>& segments);

/// Heights with prefix sums (Fenwick tree): changing one and finding a position are O(log n).
class HeightIndex {
public:
    void assign(const std::vector<int>& heights);
    void set(std::size_t index, int height);
    int at(std::size_t index) const { return m_heights[index]; }
    std::size_t size() const { return m_heights.size(); }
    std::int64_t total() const { return above(m_heights.size()); }
    /// Sum of the heights before `index`.
    std::int64_t above(std::size_t index) const;
    /// The block that holds position y (clamped to the first and the last).
    std::size_t find(std::int64_t y) const;

private:
    std::vector<int> m_heights;
    std::vector<std::int64_t> m_tree; ///< 1-based
};

} // namespace hayloft
