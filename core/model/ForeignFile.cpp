// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/ForeignFile.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace hayloft {

std::string describeForeignFile(std::span<const std::byte> bytes)
{
    using namespace std::string_view_literals;
    const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 64));
    const auto begins = [start](std::string_view with) { return start.substr(0, with.size()) == with; };
    if (start.empty())
        return "the file is empty";
    if (start.size() > 13 && start[0] == '\x80' && start.substr(2, 2) == "\x8a\x0a"sv)
        return "it has the old format of before PyTorch 1.6 (load and save it again with a newer PyTorch)";
    if (start[0] == '\x80')
        return "it is a bare pickle";
    if (begins("version https://git-lfs"))
        return "it is a Git LFS pointer, not the file itself (git lfs pull fetches that)";
    if (begins("<"))
        return "it is a web page";
    if (begins("\x89HDF"))
        return "it is an HDF5 file";
    if (begins("\x1f\x8b") || begins("BZh") || begins("\xfd" "7zXZ") || begins("\x28\xb5\x2f\xfd"))
        return "it is compressed";
    if (begins("GGUF"))
        return "it is a GGUF file";
    std::uint64_t header = 0;
    if (bytes.size() > 9)
        std::memcpy(&header, bytes.data(), sizeof header);
    if (header > 1 && header <= bytes.size() - 8 && start.size() > 8 && start[8] == '{')
        return "it is a safetensors file";
    return "the file is not a zip archive";
}

} // namespace hayloft
