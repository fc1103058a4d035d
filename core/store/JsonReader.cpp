// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/JsonReader.h"

#include <cmath>

namespace hayloft {

void JsonReader::fail(const std::string& what) const
{
    const std::string key = m_path.empty() ? "" : " '" + m_path + "'";
    throw Error(what + key, m_where, m_remedy);
}

bool JsonReader::has(const char* key) const
{
    return m_node->is_object() && m_node->contains(key);
}

JsonReader JsonReader::at(const char* key) const
{
    if (!m_node->is_object())
        fail("not an object");
    const std::string path = m_path.empty() ? key : m_path + "." + key;
    const auto found = m_node->find(key);
    if (found == m_node->end())
        JsonReader(*m_node, m_where, path, m_remedy).fail("missing key");
    return { *found, m_where, path, m_remedy };
}

std::vector<JsonReader> JsonReader::elements(std::size_t most) const
{
    if (!m_node->is_array())
        fail("not a list");
    if (m_node->size() > most)
        fail("list too long");
    std::vector<JsonReader> readers;
    readers.reserve(m_node->size());
    for (const auto& node : *m_node)
        readers.emplace_back(node, m_where, m_path + "[" + std::to_string(readers.size()) + "]", m_remedy);
    return readers;
}

std::string JsonReader::text() const
{
    if (!m_node->is_string())
        fail("not a text");
    return m_node->get<std::string>();
}

bool JsonReader::boolean() const
{
    if (!m_node->is_boolean())
        fail("not true or false");
    return m_node->get<bool>();
}

double JsonReader::number(double low, double high) const
{
    if (!m_node->is_number())
        fail("not a number");
    const double value = m_node->get<double>();
    if (!(value >= low && value <= high)) // a NaN is out of range too
        fail("number out of range");
    return value;
}

std::int64_t JsonReader::integer(std::int64_t low, std::int64_t high) const
{
    if (!m_node->is_number())
        fail("not a number");
    if (m_node->is_number_float() && std::trunc(m_node->get<double>()) != m_node->get<double>())
        fail("not a whole number");
    // As a double first: an unsigned value above 2^63 would wrap around in an int64.
    const double rough = m_node->get<double>();
    if (!(rough >= static_cast<double>(low) - 1 && rough <= static_cast<double>(high) + 1) || std::abs(rough) > 9.2e18)
        fail("number out of range");
    const auto value = m_node->get<std::int64_t>();
    if (value < low || value > high)
        fail("number out of range");
    return value;
}

std::uint64_t JsonReader::seed() const
{
    if (!m_node->is_number_integer() || (!m_node->is_number_unsigned() && m_node->get<std::int64_t>() < 0))
        fail("not a whole number of 0 or more");
    return m_node->get<std::uint64_t>();
}

} // namespace hayloft
