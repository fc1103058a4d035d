// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/QuestionSplitter.h"

#include "core/base/Space.h"

#include <algorithm>
#include <array>
#include <span>

namespace hayloft {

namespace {

constexpr std::size_t kMostItemWords = 4; ///< longer ones are clauses

// What may stand before a list. A verb may not: "what did he say, and why" is no list.
constexpr std::array<std::string_view, 12> kOpeners { "for", "of", "about", "between", "from", "with", "to", "by", "in", "on",
                                                      "at", "regarding" };
constexpr std::array<std::string_view, 4> kDeterminers { "the", "a", "an", "his" };
// What ends the last item or, in front of one, shows that it is a clause.
constexpr std::array<std::string_view, 63> kClauseWords {
    "in", "on", "at", "of", "from", "to", "with", "by", "for", "about", "during", "before", "after", "under", "over", "between",
    "that", "which", "who", "whom", "whose", "what", "when", "where", "why", "how", "if", "because", "while", "so", "but", "then",
    "is", "are", "was", "were", "be", "been", "do", "does", "did", "has", "have", "had", "can", "could", "will", "would",
    "should", "may", "might", "must", "he", "she", "it", "they", "we", "you", "given", "written", "found", "said", "not" };
constexpr std::array<std::string_view, 6> kRequests { "list", "give", "name", "tell", "find", "show" };
constexpr std::array<std::string_view, 9> kAskingWords { "what", "which", "who", "whom", "whose", "when", "where", "why", "how" };

std::string lowered(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return lower;
}

bool isOneOf(std::string_view word, std::span<const std::string_view> words)
{
    return std::find(words.begin(), words.end(), lowered(word)) != words.end();
}

/// "mentioned", "hidden" and their like: a word that goes on about the list as a whole.
bool isParticiple(std::string_view word)
{
    const auto ends = [&](std::string_view with) { return word.size() > with.size() + 2 && word.ends_with(with); };
    return word.front() >= 'a' && word.front() <= 'z' && word.find('-') == word.npos && (ends("ed") || ends("den"));
}

/// The bytes of `text` up to the end of its last item: the words before one that cannot be an item's.
std::string_view lastItem(std::string_view text)
{
    const auto words = wordsBetweenSpaces(text);
    std::size_t count = 0;
    while (count < words.size() && !isOneOf(words[count], kClauseWords) && (count == 0 || !isParticiple(words[count])))
        ++count;
    if (count == 0)
        return {};
    const auto end = static_cast<std::size_t>(words[count - 1].data() - text.data()) + words[count - 1].size();
    return trimmed(text.substr(0, end));
}

bool isItem(std::string_view text)
{
    const auto words = wordsBetweenSpaces(text);
    return !words.empty() && words.size() <= kMostItemWords && !isOneOf(words.back(), kDeterminers)
        && std::none_of(words.begin(), words.end(), [](std::string_view word) { return isOneOf(word, kClauseWords); });
}

/// Head, items and tail of a question; no items when it lists nothing.
struct ItemList {
    std::string_view head, tail;
    std::vector<std::string_view> items;
};

/// `text` after "and" or "or"; empty if it does not begin with one.
std::string_view afterAnd(std::string_view text)
{
    for (const std::string_view word : { std::string_view("and "), std::string_view("or ") })
        if (lowered(text.substr(0, word.size())) == word)
            return trimmed(text.substr(word.size()));
    return {};
}

/// "b and c" of "a, b and c".
bool splitAtAnd(std::string_view text, std::string_view& before, std::string_view& after)
{
    for (const std::string_view word : { std::string_view(" and "), std::string_view(" or ") }) {
        const auto at = text.find(word);
        if (at == text.npos)
            continue;
        before = trimmed(text.substr(0, at));
        after = trimmed(text.substr(at + word.size()));
        return true;
    }
    return false;
}

/// The first item stands after the last opener of the stretch before the first comma.
bool findHead(std::string_view stretch, ItemList& list)
{
    const auto words = wordsBetweenSpaces(stretch);
    for (std::size_t i = words.size(); i-- > 1;) {
        if (!isOneOf(words[i - 1], kOpeners))
            continue;
        const auto begin = static_cast<std::size_t>(words[i].data() - stretch.data());
        list.head = stretch.substr(0, begin);
        list.items.push_back(trimmed(stretch.substr(begin)));
        return true;
    }
    return false;
}

bool isAsking(std::string_view head)
{
    const auto words = wordsBetweenSpaces(head);
    return !words.empty() && (isOneOf(words.front(), kRequests)
        || std::any_of(words.begin(), words.end(), [](std::string_view word) { return isOneOf(word, kAskingWords); }));
}

ItemList findList(std::string_view question)
{
    std::vector<std::string_view> stretches;
    for (std::size_t begin = 0; begin <= question.size();) {
        // "1,000" and the like are one word: only a comma before white space parts items.
        std::size_t end = begin;
        while (end < question.size() && !(question[end] == ',' && end + 1 < question.size() && isSpace(question[end + 1])))
            ++end;
        stretches.push_back(trimmed(question.substr(begin, end - begin)));
        begin = end + 1;
    }
    ItemList list;
    if (stretches.size() < 2 || !findHead(stretches.front(), list) || !isAsking(list.head))
        return {};
    list.items.insert(list.items.end(), stretches.begin() + 1, stretches.end() - 1);
    std::string_view last = afterAnd(stretches.back()), before;
    if (last.empty()) {
        if (!splitAtAnd(stretches.back(), before, last))
            return {};
        list.items.push_back(before);
    }
    const std::string_view mark = "?.";
    std::string_view item = lastItem(last);
    while (!item.empty() && mark.find(item.back()) != mark.npos)
        item.remove_suffix(1);
    list.items.push_back(item);
    list.tail = item.empty() ? item : last.substr(item.size());
    const bool pairOfWords = list.items.size() > 2
        || std::all_of(list.items.begin(), list.items.end(), [](std::string_view i) { return wordsBetweenSpaces(i).size() == 1; });
    return pairOfWords && std::all_of(list.items.begin(), list.items.end(), isItem) ? list : ItemList {};
}

} // namespace

std::vector<std::string> QuestionSplitter::split(std::string_view question) const
{
    const std::string_view text = trimmed(question);
    const ItemList list = findList(text);
    std::vector<std::string> questions;
    for (const std::string_view item : list.items)
        questions.push_back(std::string(list.head).append(item).append(list.tail));
    if (questions.empty())
        questions.emplace_back(text);
    return questions;
}

bool asksForSeveral(std::string_view question)
{
    std::string text = lowered(question);
    std::replace_if(text.begin(), text.end(), [](char c) { return c == ',' || c == '?' || c == '.' || c == '!'; }, ' ');
    const auto words = wordsBetweenSpaces(text);
    if (words.empty())
        return false;
    const auto has = [&](std::string_view word) { return std::find(words.begin(), words.end(), word) != words.end(); };
    const auto isPlural = [](std::string_view word) { return word == "are" || word == "were"; };
    if (has("all") || words.front() == "list")
        return true;
    if (words.front() == "which") // "Which ships were lost": the verb stands after what is asked for
        return std::any_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(words.size(), 8)), isPlural);
    return words.size() > 1 && (words.front() == "what" || words.front() == "who") && isPlural(words[1]);
}

} // namespace hayloft
