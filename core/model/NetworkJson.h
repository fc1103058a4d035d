// SPDX-License-Identifier: GPL-3.0-or-later
// A network's layout as config.json holds it. Internal.
#pragma once

#include "core/model/NetworkConfig.h"

#include <nlohmann/json.hpp>

namespace hayloft {

nlohmann::ordered_json toJson(const NetworkConfig& config);
/// @throws Error for impossible values, nlohmann::json::exception for missing ones.
NetworkConfig networkFromJson(const nlohmann::ordered_json& json);
/// A whole number from 1 to `most`. @throws as above
std::int64_t sizeFromJson(const nlohmann::ordered_json& json, const char* key, std::int64_t most);

} // namespace hayloft
