// SPDX-License-Identifier: GPL-3.0-or-later
// What a pickle holds, as plain data.
#pragma once

#include "core/model/TensorView.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hayloft {

/// A value's place in its tree. Values may be shared and may hold themselves, as in Python.
using PickleId = std::uint32_t;

enum class PickleKind { None, Bool, Int, Float, String, Bytes, List, Tuple, Dict, Class, Storage, Tensor, Object };

struct PickleNode {
    PickleKind kind = PickleKind::None;
    PickleId type = 0;         ///< Object: its class. Storage: the class of its numbers. Dict: the class where it is not dict, or 0
    std::int64_t integer = 0;  ///< Bool, Int; Storage: how many numbers; Tensor: index into PickleTree::tensors
    PickleId attributes = 0;   ///< Object: the dict of its attributes, or 0
    double number = 0;         ///< Float
    std::string text;          ///< String, Bytes; Class: "module.name"; Storage: its key
    std::vector<PickleId> items; ///< List, Tuple; Dict and Object: key, value, key, value
};

/// A tensor as torch.save describes it: a view of a storage.
struct PickledTensor {
    PickleId storage = 0;
    std::optional<TensorType> type; ///< nothing: a type that Hayloft does not read
    std::int64_t offset = 0;        ///< elements
    Shape shape, strides;
};

/// The values of one pickle. Nothing in them is ever called: an object of a class that is not a plain value stays an
/// Object with its class's name and, where it is like a dict or has attributes, its items.
struct PickleTree {
    std::vector<PickleNode> nodes; ///< 0 is None
    std::vector<PickledTensor> tensors;
    PickleId root = 0;

    const PickleNode& operator[](PickleId id) const { return nodes[id]; }
    /// The value of a string key in a Dict or an Object. Nothing when it is neither or has no such key.
    std::optional<PickleId> find(PickleId dictionary, std::string_view key) const;
    /// What a value is, for messages: "a list", "an object of class os.system".
    std::string describe(PickleId id) const;
};

} // namespace hayloft
