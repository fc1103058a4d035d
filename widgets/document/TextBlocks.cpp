// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts a text of any size into blocks, and sums their heights.
#include "widgets/document/TextBlocks.h"

#include <algorithm>

namespace hayloft {
namespace {

constexpr std::size_t kWanted = 1024;
constexpr std::size_t kLargest = 4096;

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// Where a block that found no line feed in reach is cut.
std::size_t forcedCut(std::string_view text, std::size_t begin, const std::vector<SegmentView>& segments)
{
    const std::size_t limit = begin + kLargest;
    auto after = std::upper_bound(segments.begin(), segments.end(), limit,
                                  [](std::size_t byte, const SegmentView& s) { return byte < s.begin; });
    if (after != segments.begin() && std::prev(after)->begin > begin + kWanted)
        return std::prev(after)->begin;
    const std::size_t space = text.rfind(' ', limit - 1);
    if (space != std::string_view::npos && space > begin + kWanted)
        return space + 1;
    std::size_t cut = limit;
    while (cut > begin + kWanted && continues(text[cut]))
        --cut;
    return cut;
}

std::size_t blockEnd(std::string_view text, std::size_t begin, const std::vector<SegmentView>& segments)
{
    if (text.size() - begin <= kWanted)
        return text.size();
    const std::size_t reach = std::min(text.size(), begin + kLargest);
    std::size_t feed = text.substr(0, reach).find('\n', begin + kWanted - 1);
    if (feed == std::string_view::npos)
        return reach == text.size() ? reach : forcedCut(text, begin, segments);
    // Blank lines stay with the paragraph before them.
    while (feed + 1 < reach && text[feed + 1] == '\n')
        ++feed;
    return feed + 1;
}

TextBlock measured(std::string_view text, std::size_t begin, std::size_t end)
{
    TextBlock block{begin, end, 0, 0};
    for (std::size_t i = begin; i < end; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        block.breaks += byte == '\n';
        // Scripts of three and four bytes are mostly drawn two columns wide.
        block.columns += byte < 0x80 ? 1 : byte >= 0xE0 ? 2 : byte >= 0xC0 ? 1 : 0;
    }
    return block;
}

} // namespace

std::vector<TextBlock> cutBlocks(std::string_view text, const std::vector<SegmentView>& segments)
{
    std::vector<TextBlock> blocks;
    blocks.reserve(text.size() / kWanted + 1);
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = blockEnd(text, begin, segments);
        blocks.push_back(measured(text, begin, end));
        begin = end;
    }
    return blocks;
}

void HeightIndex::assign(const std::vector<int>& heights)
{
    m_heights = heights;
    m_tree.assign(heights.size() + 1, 0);
    for (std::size_t i = 1; i < m_tree.size(); ++i) {
        m_tree[i] += heights[i - 1];
        const std::size_t parent = i + (i & (~i + 1));
        if (parent < m_tree.size())
            m_tree[parent] += m_tree[i];
    }
}

void HeightIndex::set(std::size_t index, int height)
{
    const std::int64_t change = std::int64_t{height} - m_heights[index];
    if (change == 0)
        return;
    m_heights[index] = height;
    for (std::size_t i = index + 1; i < m_tree.size(); i += i & (~i + 1))
        m_tree[i] += change;
}

std::int64_t HeightIndex::above(std::size_t index) const
{
    std::int64_t sum = 0;
    for (std::size_t i = index; i > 0; i -= i & (~i + 1))
        sum += m_tree[i];
    return sum;
}

std::size_t HeightIndex::find(std::int64_t y) const
{
    if (m_heights.empty())
        return 0;
    std::size_t step = 1;
    while (step * 2 < m_tree.size())
        step *= 2;
    std::size_t index = 0;
    std::int64_t left = std::max<std::int64_t>(y, 0);
    for (; step > 0; step /= 2) {
        if (index + step < m_tree.size() && m_tree[index + step] <= left) {
            index += step;
            left -= m_tree[index];
        }
    }
    return std::min(index, m_heights.size() - 1);
}

} // namespace hayloft
