// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recall/RulerText.h"

#include "core/base/Error.h"

namespace hayloft {

namespace {

/// "number" or "numbers".
std::string noun(RulerWording wording)
{
    const std::string_view plural = nameOf(wording.value);
    return std::string(plural.substr(0, plural.size() - (wording.single ? 1 : 0)));
}

/// "a" or "a, b, and c"; two read "a, and b", as RULER writes them.
std::string joined(std::span<const std::string> queries)
{
    if (queries.empty())
        throw Error("a question without a key", "RULER task", "ask for one key or more");
    std::string text = queries.front();
    for (std::size_t i = 1; i < queries.size(); ++i)
        text.append(i + 1 == queries.size() ? ", and " : ", ").append(queries[i]);
    return text;
}

} // namespace

std::string_view nameOf(RulerItem item)
{
    switch (item) {
    case RulerItem::Numbers:
        return "numbers";
    case RulerItem::Words:
        return "words";
    case RulerItem::Uuids:
        break;
    }
    return "uuids";
}

RulerItem rulerItemFromName(std::string_view name)
{
    for (const RulerItem item : { RulerItem::Numbers, RulerItem::Words, RulerItem::Uuids })
        if (nameOf(item) == name)
            return item;
    throw Error("unknown kind of RULER key or value", std::string(name), "use numbers, words or uuids");
}

std::string rulerNeedleStem(RulerItem value, std::string_view key)
{
    return "One of the special magic " + std::string(nameOf(value)) + " for " + std::string(key) + " is:";
}

std::string rulerNeedle(RulerItem value, std::string_view key, std::string_view text)
{
    return rulerNeedleStem(value, key) + " " + std::string(text) + ".";
}

std::string rulerOpening(RulerWording wording)
{
    const std::string things = noun(wording);
    return (wording.single ? "A special magic " + things + " is" : "Some special magic " + things + " are")
        + " hidden within the following text. Make sure to memorize it. I will quiz you about the " + things
        + " afterwards.";
}

std::string rulerQuestion(RulerWording wording, std::span<const std::string> queries)
{
    return std::string(wording.single ? "What is" : "What are all") + " the special magic " + noun(wording) + " for "
        + joined(queries) + " mentioned in the provided text?";
}

std::string rulerAnswerPrefix(RulerWording wording, std::span<const std::string> queries)
{
    return " The special magic " + noun(wording) + " for " + joined(queries) + " mentioned in the provided text "
        + (wording.single ? "is" : "are");
}

} // namespace hayloft
