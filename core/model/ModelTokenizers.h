// SPDX-License-Identifier: GPL-3.0-or-later
// The tokenizers in a model folder. Internal.
#pragma once

#include "core/model/ModelFolder.h"

namespace hayloft {

/// The encoder's. @throws Error when its files are missing or damaged, or have another vocabulary than the network.
std::unique_ptr<Tokenizer> openTokenizer(const std::filesystem::path& directory, const ModelConfig& config);
/// The decoder's; null where it shares the encoder's. @throws Error as above
std::unique_ptr<Tokenizer> openAnswerTokenizer(const std::filesystem::path& directory, const ModelConfig& config);

} // namespace hayloft
