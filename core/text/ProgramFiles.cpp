// SPDX-License-Identifier: GPL-3.0-or-later
// Looks relative to the running program, so that a build folder and an installation work alike.
#include "core/text/ProgramFiles.h"

#include "core/base/Error.h"
#include "core/base/Paths.h"

#include <cstdlib>
#include <string>

namespace hayloft {

namespace fs = std::filesystem;

fs::path findProgramFile(std::string_view name, const char* override)
{
    if (const char* path = std::getenv(override); path && *path)
        return path;
    std::error_code code;
    const fs::path folder = programDirectory();
    for (const char* relative : { ".", "../libexec/hayloft", "../lib/hayloft" }) {
        const fs::path candidate = (folder / relative / name).lexically_normal();
        if (fs::is_regular_file(candidate, code))
            return candidate;
    }
    throw Error("a part of Hayloft is missing", (folder / name).string(),
        std::string("build or install it again, or name the file in ") + override);
}

} // namespace hayloft
