// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/JsonLines.h"

#include <array>

namespace hayloft {

namespace {

namespace fs = std::filesystem;

} // namespace

JsonLines::JsonLines(const fs::path& file, std::string remedy)
    : m_file(file)
    , m_remedy(std::move(remedy))
{
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        throw Error("the file does not exist", file.string(), "check the name");
    if (fs::is_directory(file, ignored))
        throw Error("this is a folder, not a file", file.string(), "name a file in it");
    m_stream.open(file, std::ios::binary);
    if (!m_stream)
        throw Error("cannot read the file", file.string(), "check its permissions");
}

bool JsonLines::next()
{
    while (readLine()) {
        if (m_text.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        m_object = nlohmann::ordered_json::parse(m_text, nullptr, false);
        if (!m_object.is_object())
            throw Error("no JSON object", where(), m_remedy);
        return true;
    }
    return false;
}

bool JsonLines::readLine()
{
    m_text.clear();
    std::array<char, 65536> block;
    for (;;) {
        m_stream.getline(block.data(), static_cast<std::streamsize>(block.size()));
        const auto taken = static_cast<std::size_t>(m_stream.gcount());
        const bool full = m_stream.fail() && !m_stream.eof() && !m_stream.bad() && taken + 1 == block.size();
        const bool ended = !m_stream.fail() && !m_stream.eof(); // by a line feed, which gcount() counts
        if (m_text.empty() && taken > 0)
            ++m_line;
        m_text.append(block.data(), taken - (ended ? 1 : 0));
        if (m_text.size() > kMaxLine)
            throw Error("the line is longer than " + std::to_string(kMaxLine >> 20) + " MiB", where(), m_remedy);
        if (!full)
            break;
        m_stream.clear(); // the block was full before the line ended
    }
    if (m_stream.bad())
        throw Error("the file cannot be read to its end", m_file.string(), "copy it again");
    if (m_line == 1 && m_text.starts_with("\xEF\xBB\xBF"))
        m_text.erase(0, 3);
    return !m_text.empty() || !m_stream.eof();
}

} // namespace hayloft
