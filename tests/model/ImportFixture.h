// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of imports compare with.
#pragma once

#include "CheckpointFixture.h"

#include "core/model/CheckpointImport.h"
#include "core/model/SafeTensors.h"

namespace hayloft::test {

inline bool sameNumbers(const StoredTensor& a, const StoredTensor& b) { return a.type == b.type && a.shape == b.shape && a.bytes == b.bytes; }

/// The first tensor of a fixture that is missing in `found`, or is another there; nothing when all are the same to the bit.
inline std::string differenceFrom(const std::string& fixture, const NamedTensors& found)
{
    for (const auto& [name, tensor] : loadSafeTensors(checkpointPath(fixture)))
        if (!found.contains(name) || !sameNumbers(tensor, found.at(name)))
            return name;
    return {};
}

inline std::string openingError(const ImportOptions& options)
{
    return errorOf([&] { CheckpointImport import(options); });
}

} // namespace hayloft::test
