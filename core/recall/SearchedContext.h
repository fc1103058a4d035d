// SPDX-License-Identifier: GPL-3.0-or-later
// A trial's context as a search sees it that does not care for order.
#pragma once

#include "core/base/Matrix.h"

#include <string>
#include <vector>

namespace hayloft {

/// The pieces of the haystack that stand whole in one context.
struct StandingPieces {
    std::vector<int> times;    ///< N, by piece: how often it stands there
    std::vector<Index> pieces; ///< those that do, each once
};

/// What a context holds beside them, what is asked, and where the answer is.
struct SearchedContext {
    std::vector<TokenIds> parts;      ///< segments that are no whole piece: opening line, planted texts, split pieces
    std::vector<char> sought;         ///< of each part: a value can be read from it
    std::vector<std::string> queries;
};

} // namespace hayloft
