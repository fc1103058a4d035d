// SPDX-License-Identifier: GPL-3.0-or-later
// The clean-up of decoded text that the published Larimar prints its answers with.
#pragma once

#include <string>
#include <string_view>

namespace hayloft {

/// Takes the space before marks (. ? ! ,) and before n't 'm 's 've 're, and both around a lone apostrophe; writes
/// " don't" for " do not". One replacement after the other, in the order of pytorch-transformers' decode().
std::string cleanedUp(std::string_view text);

} // namespace hayloft
