// SPDX-License-Identifier: GPL-3.0-or-later
// The objects of a pickle that a checkpoint needs, known by name instead of being made by Python. Internal.
#pragma once

#include "core/model/PickleTree.h"

#include <string>
#include <variant>

namespace hayloft {

class PickleObjects {
public:
    PickleObjects(PickleTree& tree, const std::string& where)
        : m_tree(tree)
        , m_where(where)
    {
    }

    /// What calling `callable` with `arguments` stands for: a value that is there already, or a new node.
    /// @throws Error for a damaged tensor.
    std::variant<PickleId, PickleNode> made(PickleId callable, PickleId arguments);
    /// The storage of a persistent id ("storage", class, key, device, count). @throws Error
    PickleNode storage(PickleId description) const;
    /// An object's attributes. Those of a dict (the _metadata of a state_dict) are left out.
    void setState(PickleId object, PickleId state);

private:
    PickleNode tensor(const PickleNode& arguments, bool namesType);
    Shape sizes(PickleId tuple) const;
    std::variant<PickleId, PickleNode> plain(const std::string& name, PickleId callable, PickleId arguments);
    [[noreturn]] void fail(const std::string& what) const;

    PickleTree& m_tree;
    const std::string& m_where;
};

} // namespace hayloft
