// SPDX-License-Identifier: GPL-3.0-or-later
// What a file is that was given in place of a checkpoint, so that the message can say it.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace hayloft {

/// "an old checkpoint (before PyTorch 1.6)", "a Git LFS pointer", ..., judged by the first bytes.
std::string describeForeignFile(std::span<const std::byte> bytes);

} // namespace hayloft
