// SPDX-License-Identifier: GPL-3.0-or-later
// The model card: what the model was trained on and how, as Markdown.
#pragma once

#include "core/model/ModelFolder.h"

#include <string>

namespace hayloft {

/// A card of the facts in config.json; measured figures are added by hand or by `hayloft-cli bench --reconstruction`.
std::string modelCard(const ModelConfig& config);

} // namespace hayloft
