// SPDX-License-Identifier: GPL-3.0-or-later
// What an import does with a file that could be opened, for the fuzz targets.
#pragma once

#include "core/model/TensorView.h"

#include <cstdint>
#include <memory>
#include <span>

namespace hayloft::fuzz {

/// Reads every number of every tensor, forwards and transposed, and plans imports of it as an encoder and as a decoder.
/// Errors are let out.
void useTensors(const std::shared_ptr<TensorFile>& file);

inline std::span<const std::byte> bytesOf(const std::uint8_t* data, std::size_t size)
{
    return std::as_bytes(std::span(data, size));
}

} // namespace hayloft::fuzz
