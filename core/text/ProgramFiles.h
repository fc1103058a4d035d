// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the files that are installed with the running program.
#pragma once

#include <filesystem>
#include <string_view>

namespace hayloft {

/// A file in the program's folder or in the libexec folder beside it; the environment variable `override`
/// names another. @throws Error when there is none
std::filesystem::path findProgramFile(std::string_view name, const char* override);

} // namespace hayloft
