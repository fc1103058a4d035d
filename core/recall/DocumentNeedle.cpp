// SPDX-License-Identifier: GPL-3.0-or-later
// DocumentMemory: planting, moving and taking out the needle.
#include "core/recall/DocumentMemory.h"

#include <algorithm>

namespace hayloft {

namespace {

std::size_t at(Index i)
{
    return static_cast<std::size_t>(i);
}

bool isBlank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == text.npos;
}

} // namespace

InsertionPoint DocumentMemory::pointOf(double depthPercent, Placement placement) const
{
    return insertionPoint(
        m_baseItems, [this](Index n) { return m_baseTokensBefore[at(n)]; }, [this](Index n) { return m_items[at(n)].text; },
        m_model.tokenizer(), depthPercent, placement);
}

std::pair<double, std::int64_t> DocumentMemory::previewDepth(double depthPercent) const
{
    const std::int64_t before = m_baseTokensBefore.at(at(pointOf(depthPercent, Placement::Boundary).before));
    const std::int64_t all = m_baseTokensBefore.back();
    return {all > 0 ? 100.0 * static_cast<double>(before) / static_cast<double>(all) : 0.0, before};
}

void DocumentMemory::plant(const std::string& needle, double depthPercent, Placement placement, const Task& task)
{
    if (isBlank(needle))
        throw Error("the needle is empty", "needle", "type a text to plant");
    if (!(depthPercent >= 0 && depthPercent <= 100))
        throw Error("a depth must lie between 0 and 100 percent", "depth " + std::to_string(depthPercent), "");
    if (m_baseTokensBefore.empty())
        throw Error("the document is not segmented yet", "needle", "");
    if (m_marked)
        throw Error("this needle is part of the text", "needle", "open the document itself to plant one");
    const bool wasComplete = complete();
    const std::string text = needle; // may be the planted one's own
    takeOut();
    insert(text, depthPercent, placement);
    settle(wasComplete, task);
}

void DocumentMemory::moveNeedle(double depthPercent, const Task& task)
{
    if (!m_needle)
        throw Error("no needle is planted", "needle", "plant one first");
    plant(m_needle->text, depthPercent, m_needle->placement, task);
}

void DocumentMemory::removeNeedle(const Task& task)
{
    if (!m_needle || m_marked)
        return;
    const bool wasComplete = complete();
    takeOut();
    settle(wasComplete, task);
}

/// Brings view and memory up to date with the order of items.
void DocumentMemory::settle(bool wasComplete, const Task& task)
{
    refreshView();
    if (wasComplete)
        write({task.stop, {}});
}

void DocumentMemory::insert(const std::string& needle, double depthPercent, Placement placement)
{
    const InsertionPoint point = pointOf(depthPercent, placement);
    const std::size_t lead = insertParts(point, needle);
    m_needle = PlantedNeedle {needle, placement, depthPercent};
    std::int64_t before = 0, all = 0;
    std::size_t byte = 0;
    bool passed = false;
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        const Item& item = m_items[at(m_order[i])];
        if (item.needle && !passed) {
            m_needle->firstSegment = static_cast<Index>(i);
            m_needle->begin = byte + lead;
            m_needle->end = m_needle->begin + needle.size();
        }
        passed = passed || item.needle;
        m_needle->segmentCount += item.needle ? 1 : 0;
        const auto tokens = item.needle ? 0 : static_cast<std::int64_t>(item.tokens.size());
        before += passed ? 0 : tokens;
        all += tokens;
        byte += item.text.size();
    }
    m_needle->tokenPosition = before;
    m_needle->depthAchieved = all > 0 ? 100.0 * static_cast<double>(before) / static_cast<double>(all) : 0.0;
}

/// Items of the needle (with the line feeds around it as white space of its first and last segment) and of the two
/// parts of a piece that it splits. Returns how many bytes of white space stand before the needle.
std::size_t DocumentMemory::insertParts(const InsertionPoint& point, const std::string& needle)
{
    const auto append = [this](std::vector<Item> items) {
        std::vector<Index> added;
        for (auto& item : items) {
            added.push_back(static_cast<Index>(m_items.size()));
            m_items.push_back(std::move(item));
        }
        return added;
    };
    const auto place = m_order.begin() + point.before;
    std::vector<Index> parts;
    std::string_view before, after;
    if (point.splits()) {
        const std::string_view piece = m_items[at(point.before)].text;
        before = piece.substr(0, point.splitByte);
        after = piece.substr(point.splitByte);
        parts = append(cut(before, false));
    } else {
        before = point.before > 0 ? m_items[at(point.before - 1)].text : std::string_view();
        after = point.before < m_baseItems ? m_items[at(point.before)].text : std::string_view();
    }
    const bool lead = !before.empty() && before.back() != '\n', trail = !after.empty();
    m_inserted.assign(1, (lead ? "\n" : "") + needle + (trail ? "\n" : ""));
    auto items = cut(std::string_view(m_inserted.front()).substr(lead ? 1 : 0, needle.size()), true);
    const char* text = m_inserted.front().data();
    if (lead)
        items.front().text = {text, items.front().text.size() + 1};
    if (trail)
        items.back().text = {items.back().text.data(), items.back().text.size() + 1};
    for (Index i : append(std::move(items)))
        parts.push_back(i);
    if (point.splits()) {
        for (Index i : append(cut(after, false)))
            parts.push_back(i);
        eraseItem(point.before);
        *place = parts.back();
        parts.pop_back();
    }
    m_order.insert(place, parts.begin(), parts.end());
    return lead ? 1 : 0;
}

void DocumentMemory::takeOut()
{
    if (!m_needle)
        return;
    for (Index i = m_baseItems; i < static_cast<Index>(m_items.size()); ++i)
        eraseItem(i);
    m_items.resize(at(m_baseItems));
    m_order.resize(at(m_baseItems));
    for (Index i = 0; i < m_baseItems; ++i)
        m_order[at(i)] = i;
    m_inserted.clear();
    m_needle.reset();
}

void DocumentMemory::markNeedle(std::size_t begin, std::size_t end, double depthWanted, double depthAchieved)
{
    takeOut();
    end = std::min(end, m_base.size());
    begin = std::min(begin, end);
    m_needle = PlantedNeedle {m_base.substr(begin, end - begin), Placement::Boundary, depthWanted, depthAchieved};
    m_needle->begin = begin;
    m_needle->end = end;
    m_marked = true;
    std::size_t byte = 0;
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        Item& item = m_items[at(m_order[i])];
        const std::size_t next = byte + item.text.size();
        item.needle = !item.tokens.empty() && next > begin && byte < end;
        if (item.needle && m_needle->segmentCount++ == 0)
            m_needle->firstSegment = static_cast<Index>(i);
        if (m_needle->segmentCount == 0)
            m_needle->tokenPosition += static_cast<std::int64_t>(item.tokens.size());
        byte = next;
    }
    refreshView();
}

/// Segments and text from the order of items.
void DocumentMemory::refreshView()
{
    m_view.clear();
    m_view.reserve(m_order.size());
    m_tokens = 0;
    auto text = std::make_shared<std::string>();
    text->reserve(m_base.size() + (m_inserted.empty() ? 0 : m_inserted.front().size()));
    for (Index i : m_order) {
        const Item& item = m_items[at(i)];
        const std::size_t begin = text->size();
        text->append(item.text);
        m_view.push_back({begin, text->size(), static_cast<int>(item.tokens.size()), item.row, item.needle});
        m_tokens += static_cast<std::int64_t>(item.tokens.size());
    }
    m_text = std::move(text);
    refreshRows();
}

void DocumentMemory::refreshRows()
{
    m_unwritten = 0;
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        const Item& item = m_items[at(m_order[i])];
        m_view[i].row = item.row;
        m_unwritten += item.row < 0 && !item.tokens.empty() ? 1 : 0;
    }
}

} // namespace hayloft
