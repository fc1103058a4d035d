// SPDX-License-Identifier: GPL-3.0-or-later
// SHA-256 of files and texts, for run records and model cards.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace hayloft {

/// Lower-case hex digest of the bytes.
std::string sha256(std::string_view bytes);
/// Lower-case hex digest of a file. @throws Error when it cannot be read.
std::string sha256File(const std::filesystem::path& path);

} // namespace hayloft
