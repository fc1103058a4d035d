// SPDX-License-Identifier: GPL-3.0-or-later
// Python's pickles (protocols 2 to 5) as plain data, without ever calling anything that they name.
#pragma once

#include "core/model/PickleTree.h"

#include <cstddef>
#include <span>
#include <string>

namespace hayloft {

/// Bounds of what a pickle may hold; a Lightning checkpoint of 1.3B parameters with Adam's states has some 50,000 values.
struct PickleLimits {
    std::size_t bytes = std::size_t { 64 } << 20; ///< of the pickle and, again, of all texts in it
    std::size_t values = 2'000'000;               ///< also of the stack and of the memo
};

/// Reads one pickle. Known without being called: dict, OrderedDict, list, tuple, set, torch.Size, device, storages, tensors and
/// parameters. Every other object becomes a PickleKind::Object.
/// @param where the pickle's name, for messages
/// @throws Error for a truncated or damaged pickle, an opcode of other protocols, or one beyond the limits.
PickleTree readPickle(std::span<const std::byte> bytes, const std::string& where, const PickleLimits& limits = {});

} // namespace hayloft
