// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/PickleTree.h"

#include "core/base/Format.h"

namespace hayloft {

std::optional<PickleId> PickleTree::find(PickleId dictionary, std::string_view key) const
{
    const PickleNode& node = nodes[dictionary];
    if (node.kind != PickleKind::Dict && node.kind != PickleKind::Object)
        return std::nullopt;
    std::optional<PickleId> found; // the last one counts, as in Python
    for (const PickleNode* part : { &nodes[node.attributes], &node })
        for (std::size_t i = 0; i + 1 < part->items.size(); i += 2)
            if (nodes[part->items[i]].kind == PickleKind::String && nodes[part->items[i]].text == key)
                found = part->items[i + 1];
    return found;
}

std::string PickleTree::describe(PickleId id) const
{
    static constexpr const char* kWords[] = { "None", "a truth value", "a whole number", "a number", "a text", "bytes", "a list", "a tuple",
                                              "a dict", "the class ", "a storage", "a tensor", "an object of class " };
    const PickleNode& node = nodes[id];
    std::string text = kWords[static_cast<std::size_t>(node.kind)];
    if (node.kind == PickleKind::Class)
        text += shown(node.text);
    if (node.kind == PickleKind::Object)
        text += shown(nodes[node.type].text);
    return text;
}

} // namespace hayloft
