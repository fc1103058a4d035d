// SPDX-License-Identifier: GPL-3.0-or-later
// Whole-file reads and atomic writes with messages that say what, where and what to do.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace hayloft {

/// Reads a whole file. @throws Error when missing, a folder, unreadable, or larger than `maxBytes`.
std::string readFile(const std::filesystem::path& path, std::size_t maxBytes);
/// Writes beside `path` and renames, so that a full disk or a crash never leaves half a file.
/// @throws Error (read-only, disk full, missing folder, a device or a pipe of that name).
void writeFileAtomically(const std::filesystem::path& path, std::string_view bytes);
/// The same for writers that need a path: `write` fills the temporary file, then it is renamed.
void writeFileAtomically(const std::filesystem::path& path,
                         const std::function<void(const std::filesystem::path& temporary)>& write);

} // namespace hayloft
