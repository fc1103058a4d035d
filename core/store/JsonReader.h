// SPDX-License-Identifier: GPL-3.0-or-later
// Reads JSON that may be hostile: every error names the key it was found at. Private to core/store.
#pragma once

#include "core/base/Error.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hayloft {

/// One node of a JSON text and the path that leads to it, e.g. `cells[3].hits`.
class JsonReader {
public:
    /// @param where the file, and the line if it has many records
    /// @param remedy ends every error
    JsonReader(const nlohmann::ordered_json& node, std::string where, std::string path = "",
               std::string remedy = "it is no hayloft.run/1 record or was changed")
        : m_node(&node), m_where(std::move(where)), m_path(std::move(path)), m_remedy(std::move(remedy)) {}

    bool has(const char* key) const;
    bool isText() const { return m_node->is_string(); }
    /// @throws Error when this is no object or has no such key.
    JsonReader at(const char* key) const;
    /// The elements of an array. @throws Error when it is none or longer than `most`.
    std::vector<JsonReader> elements(std::size_t most) const;

    /// @throws Error for another type or a number out of range.
    std::string text() const;
    bool boolean() const;
    double number(double low, double high) const;
    /// `missing` where the text has null (not measured).
    double numberOr(double missing, double low, double high) const { return m_node->is_null() ? missing : number(low, high); }
    std::int64_t integer(std::int64_t low, std::int64_t high) const;
    std::uint64_t seed() const;

    /// @throws Error "what 'path': where; remedy"
    [[noreturn]] void fail(const std::string& what) const;

private:
    const nlohmann::ordered_json* m_node;
    std::string m_where;
    std::string m_path;
    std::string m_remedy;
};

} // namespace hayloft
