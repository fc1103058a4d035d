// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Paths.h"

#include <cstdlib>
#include <initializer_list>
#include <system_error>
#include <vector>

namespace hayloft {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> dataDirectories()
{
    std::vector<fs::path> directories;
    if (const char* data = std::getenv("HAYLOFT_DATA"); data && *data)
        directories.emplace_back(data);
    directories.push_back(programDirectory().parent_path().parent_path() / "share" / "hayloft");
#ifdef HAYLOFT_DATA_DIR
    directories.emplace_back(HAYLOFT_DATA_DIR);
    directories.push_back(fs::path(HAYLOFT_DATA_DIR).parent_path()); // sample-haystacks/ stands at the top of the source tree
#endif
    return directories;
}

fs::path locate(const fs::path& relative)
{
    const auto directories = dataDirectories();
    std::error_code ignored;
    for (const fs::path& directory : directories)
        if (fs::exists(directory / relative, ignored))
            return directory / relative;
    return directories.front() / relative;
}

} // namespace

fs::path programDirectory()
{
    std::error_code failed;
    const fs::path program = fs::read_symlink("/proc/self/exe", failed);
    return failed ? fs::current_path(failed) : program.parent_path();
}

fs::path modelDirectory(std::string_view name) { return locate(fs::path("models") / name); }
fs::path sampleHaystacksDirectory() { return locate("sample-haystacks"); }
fs::path needlesFile() { return locate(fs::path("needles") / "varied-needles.jsonl"); }
fs::path wordsDirectory() { return locate("words"); }

} // namespace hayloft
