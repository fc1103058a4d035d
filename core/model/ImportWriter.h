// SPDX-License-Identifier: GPL-3.0-or-later
// Carries out an import plan: one tensor after the other, in blocks, into a safetensors file. Internal.
#pragma once

#include "core/base/Progress.h"
#include "core/model/ImportPlan.h"
#include "core/model/SafeTensorsFile.h"

namespace hayloft {

/// Float32 rounded to a type of floating-point numbers (nearest, ties to even), as it lies in a file.
/// @throws Error when a number is not finite, or is not in the smaller type.
void appendRounded(std::span<const float> numbers, TensorType type, const std::string& tensor, const std::string& where, std::vector<std::byte>& out);

/// Writes the planned tensors. Holds some megabytes at a time, and of a transposed tensor its pages of the file.
/// @throws Error (a damaged tensor, numbers that are none, a full disk), Cancelled
void writePlan(const ImportPlan& plan, TensorType type, const std::filesystem::path& file, const std::map<std::string, std::string>& metadata,
               const Task& task);

} // namespace hayloft
