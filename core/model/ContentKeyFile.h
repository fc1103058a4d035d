// SPDX-License-Identifier: GPL-3.0-or-later
// The file of the content keys in a model folder. Internal.
#pragma once

#include "core/memory/ContentKeys.h"

#include <filesystem>

namespace hayloft {

/// Rounds to float16 and writes safetensors; atomic. @throws Error
void saveContentKeys(const ContentKeyTable& table, const std::filesystem::path& file);
/// @throws Error for a damaged or foreign file.
ContentKeyTable loadContentKeys(const std::filesystem::path& file);

} // namespace hayloft
