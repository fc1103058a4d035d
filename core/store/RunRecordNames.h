// SPDX-License-Identifier: GPL-3.0-or-later
// Words of a run record that nothing else uses. Private to core/store.
#pragma once

#include <string_view>

namespace hayloft {

inline constexpr std::string_view kRunSchema = "hayloft.run/1";

} // namespace hayloft
