// SPDX-License-Identifier: GPL-3.0-or-later
// Reads a file of one JSON object a line without holding more than a line. Private to core/store.
#pragma once

#include "core/store/JsonReader.h"

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

namespace hayloft {

/// The objects of a JSON Lines file, one after the other. Blank lines and a byte order mark are passed over.
class JsonLines {
public:
    static constexpr std::size_t kMaxLine = std::size_t { 256 } << 20; ///< bytes

    /// @param remedy ends every error about a line, e.g. what a line should look like
    /// @throws Error for a file that is missing or can't be read
    JsonLines(const std::filesystem::path& file, std::string remedy);

    /// Goes to the next object; false at the end. @throws Error naming file and line: no JSON object, line too long.
    bool next();
    std::int64_t line() const { return m_line; } ///< of the object, counted from 1
    std::string where() const { return m_file.string() + ", line " + std::to_string(m_line); }
    /// The object; valid until the next call of next().
    JsonReader object() const { return { m_object, where(), "", m_remedy }; }

private:
    bool readLine();

    std::filesystem::path m_file;
    std::string m_remedy;
    std::ifstream m_stream;
    std::string m_text;
    nlohmann::ordered_json m_object;
    std::int64_t m_line = 0;
};

} // namespace hayloft
